/** The event kinds of the message contract. */
export const EVENT_TYPES = [
  "track",
  "identify",
  "page",
  "screen",
  "group",
  "alias",
  "batch",
  "row",
  "audience",
] as const;

const KNOWN: ReadonlySet<unknown> = new Set(EVENT_TYPES);

/** Whether an event's `type` is one that the connector converts. */
export function isKnownType(type: unknown): boolean {
  return KNOWN.has(type);
}
