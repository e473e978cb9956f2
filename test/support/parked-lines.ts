import type { ParkedFolder } from "../../shared/core/parked-object.ts";
import { NOW_MS, track } from "./builders.ts";

/** A folder of tenant acme's events, held because of a pause of its only feed. */
export function heldFolder(over: Partial<ParkedFolder> = {}): ParkedFolder {
  return {
    ending: "held",
    lane: "live",
    tenantId: "acme",
    feedId: "default",
    cause: "feed_paused",
    ...over,
  };
}

/** A folder of tenant acme's events whose feed could not be told. */
export function feedlessFolder(over: Partial<ParkedFolder> = {}): ParkedFolder {
  const { feedId: _, ...folder } = heldFolder({ cause: "unknown_tenant", ...over });
  return folder;
}

/** A folder of tenant acme's rejected events. */
export function rejectedFolder(over: Partial<ParkedFolder> = {}): ParkedFolder {
  const { cause: _, ...folder } = heldFolder({ ending: "rejected", ...over });
  return folder;
}

/** A line that holds a track event of a user of its own, sent a minute ago. */
export function eventLine(messageId: string, over: object = {}, event: Record<string, unknown> = {}): object {
  return {
    sqsMessageId: `sqs of ${messageId}`,
    sentAtMs: NOW_MS - 60_000,
    reasons: [{ code: "feed_paused" }],
    content: { event: track({ messageId, userId: `user of ${messageId}`, ...event }) },
    hours: { "2026-03-01T11": 1 },
    events: 1,
    ...over,
  };
}
