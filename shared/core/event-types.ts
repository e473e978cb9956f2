/** The event kinds of the message contract. */
const KNOWN: ReadonlySet<unknown> = new Set([
  "track",
  "identify",
  "page",
  "screen",
  "group",
  "alias",
  "batch",
  "row",
  "audience",
]);

/** Whether an event's `type` is one that the connector converts. */
export function isKnownType(type: unknown): boolean {
  return KNOWN.has(type);
}
