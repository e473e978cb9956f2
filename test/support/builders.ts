/** Values that tests are about: each states only what matters to its test. */
import type { QueueRecord } from "../../functions/deliver-events/pass.ts";
import type { UnreadableFeed } from "../../shared/core/feed-of-event.ts";
import type { Feed, Tenant } from "../../shared/core/tenant.schema.ts";
import { parseFeed, parseTenant } from "../../shared/core/validators.ts";
import type { TenantWithFeeds } from "../../shared/ports.ts";

/** The clock of every test, epoch milliseconds. */
export const NOW_MS = Date.parse("2026-03-01T12:00:00Z");
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

type Fields = Record<string, unknown>;

let made = 0;

/** A track call of user u-1, one minute old, with an id of its own. */
export function track(over: Fields = {}): Fields {
  return {
    type: "track",
    messageId: `m-${++made}`,
    timestamp: NOW_MS - 60_000,
    userId: "u-1",
    event: "Plan Changed",
    ...over,
  };
}

/** An identify call of user u-1, one minute old, with an id of its own. */
export function identify(traits: Fields = {}, over: Fields = {}): Fields {
  const common = { messageId: `m-${++made}`, timestamp: NOW_MS - 60_000, userId: "u-1" };
  return { type: "identify", ...common, traits, ...over };
}

/** A call that carries a batch in mParticle's own format. */
export function ownBatch(batch: Fields, over: Fields = {}): Fields {
  return { type: "batch", messageId: `m-${++made}`, batch, ...over };
}

/** A custom event in mParticle's own format. */
export function customEvent(data: Fields = {}) {
  return {
    event_type: "custom_event",
    data: { event_name: "Plan Changed", custom_event_type: "other", ...data },
  };
}

/** The body of a queue message of tenant acme. */
export function message(events: readonly unknown[], over: Fields = {}): string {
  return JSON.stringify({ version: 1, tenantId: "acme", events, ...over });
}

/** A record handed out for the first time, with an id of its own. */
export function record(body: string, over: Partial<QueueRecord> = {}): QueueRecord {
  const messageId = over.messageId ?? `sqs-${++made}`;
  return {
    messageId,
    receiptHandle: `receipt of ${messageId}`,
    body,
    receiveCount: 1,
    sentAtMs: NOW_MS - 30_000,
    ...over,
  };
}

/** The same message, handed out once more. */
export function again(earlier: QueueRecord, receiveCount = earlier.receiveCount + 1): QueueRecord {
  return { ...earlier, receiveCount, receiptHandle: `receipt ${receiveCount} of ${earlier.messageId}` };
}

export function feed(over: Fields = {}): Feed {
  return parseFeed({ feedId: "default", status: "active", ...over });
}

export function tenant(
  tenantId: string,
  feeds: readonly Feed[] = [feed()],
  over: Fields = {},
  unreadable: readonly UnreadableFeed[] = [],
): TenantWithFeeds {
  const profile: Tenant = parseTenant({ tenantId, ...over });
  return { tenant: profile, feeds: new Map(feeds.map((entry) => [entry.feedId, entry])), unreadable };
}
