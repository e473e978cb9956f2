import type { ParkedLine } from "../core/parked-line.ts";

/** What of a context says nothing of user, device, application or address; see `convert/envelope.ts`. */
const OF_THE_EVENT: ReadonlySet<string> = new Set([
  "active",
  "campaign",
  "consent",
  "groupId",
  "library",
  "location",
  "page",
  "referrer",
  "traits",
]);

type Fields = Readonly<Record<string, unknown>>;

/**
 * Text that parked events have in common which become one batch when they are converted together. What might make a
 * difference is part of it, so that as a rule no two batches have the same. Undefined: a batch of its own.
 */
export function userOfLine({ content, mode }: ParkedLine): string | undefined {
  if (content.kind !== "event") return undefined;
  const event: unknown = JSON.parse(content.text);
  const { type, userId, anonymousId, previousId, partnerUserId, ...rest } = fieldsOf(event);
  if (type === "batch") return undefined;
  const context = fieldsOf(rest["context"]);
  const [traits, contextTraits, properties] = [rest["traits"], context["traits"], rest["properties"]].map(
    fieldsOf,
  );
  const device = Object.entries(context).filter(([name]) => !OF_THE_EVENT.has(name));
  const ids = [userId, anonymousId, previousId, partnerUserId];
  const emails = [traits?.["email"], contextTraits?.["email"], properties?.["email"]];
  const phones = [traits?.["phone"], contextTraits?.["phone"]];
  try {
    return JSON.stringify([mode, ids, emails, phones, device]);
  } catch {
    // Nested thousands deep: it can be read but not written.
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
