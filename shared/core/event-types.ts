/** The event kinds of the message contract that this version delivers. */
const DELIVERED: ReadonlySet<unknown> = new Set([
  "track",
  "identify",
  "page",
  "screen",
  "group",
  "alias",
  "batch",
]);

/** Kinds of the contract that a later version delivers; until then they are rejected with a reason that says so. */
const UNSUPPORTED: ReadonlySet<unknown> = new Set(["row", "audience"]);

/** What the connector makes of an event's `type`. */
export function judgeType(type: unknown): "delivered" | "unsupported" | "unknown" {
  if (DELIVERED.has(type)) return "delivered";
  return UNSUPPORTED.has(type) ? "unsupported" : "unknown";
}
