import type { RequestLine } from "../stand-in/request-line.ts";

/** The parts of a batch that say whom and what its events are about. */
const ENVELOPE = [
  "environment",
  "user_identities",
  "partner_identities",
  "device_info",
  "application_info",
  "ip",
] as const;

type Json = Record<string, unknown>;

/** What mParticle's stand-in took, in a form that does not depend on how events were grouped into requests. */
export interface Arrivals {
  /** By feed key, path and message id: the event with its batch's envelope, as canonical text. */
  readonly events: Readonly<Record<string, string>>;
  /** By feed key, path, envelope and name of a user attribute: every value that it was set to, `null` for deleted. */
  readonly attributes: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Reads what arrived from the requests that were accepted.
 *
 * @param nowMs - Events without a time of their own get one when they are sent, which differs from run to run: every
 *   time from here on counts as the same one.
 */
export function arrivalsOf(
  lines: readonly Pick<RequestLine, "apiKey" | "path" | "status" | "body">[],
  nowMs: number,
): Arrivals {
  const events: Record<string, string> = {};
  const attributes = new Map<string, Set<string>>();
  for (const { apiKey, path, body } of lines.filter(({ status }) => status === 202)) {
    for (const batch of (Array.isArray(body) ? body : [body]) as Json[]) {
      const envelope = Object.fromEntries(ENVELOPE.map((name) => [name, batch[name]]));
      for (const event of (batch["events"] ?? []) as { data: Json }[]) {
        const key = `${apiKey} ${path} ${event.data["source_message_id"]}`;
        events[key] = canonical({ ...envelope, event: withoutSendingTime(event, nowMs) });
      }
      for (const [name, value] of attributesOf(batch)) {
        const key = `${apiKey} ${path} ${canonical(envelope)} ${name}`;
        attributes.set(key, (attributes.get(key) ?? new Set()).add(canonical(value)));
      }
    }
  }
  return { events, attributes };
}

/**
 * User attributes that differ between two runs: missing in one, or without a value that both runs set. Which values of an
 * attribute are sent, the last one aside, depends on which messages shared an invocation.
 */
export function differingAttributes(
  a: Pick<Arrivals, "attributes">,
  b: Pick<Arrivals, "attributes">,
): string[] {
  const names = new Set([...a.attributes.keys(), ...b.attributes.keys()]);
  return [...names].filter((name) => {
    const values = [...(a.attributes.get(name) ?? [])];
    return !values.some((value) => b.attributes.get(name)?.has(value));
  });
}

function attributesOf(batch: Json): [string, unknown][] {
  const deleted = (batch["deleted_user_attributes"] ?? []) as string[];
  return [
    ...Object.entries((batch["user_attributes"] ?? {}) as Json),
    ...deleted.map((name): [string, null] => [name, null]),
  ];
}

function withoutSendingTime(event: { data: Json }, nowMs: number): object {
  const time = event.data["timestamp_unixtime_ms"];
  return {
    ...event,
    data: { ...event.data, timestamp_unixtime_ms: Number(time) >= nowMs ? "when sent" : time },
  };
}

/** JSON with the keys of every object sorted. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
