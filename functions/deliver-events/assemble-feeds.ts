import type { Part } from "../../shared/core/assemble/assemble.ts";
import { assemble } from "../../shared/core/assemble/assemble.ts";
import { DEFAULT_PACK_LIMITS, type PackLimits } from "../../shared/core/pack.ts";
import type { Route } from "../../shared/core/route.ts";
import type { Feed } from "../../shared/core/tenant.schema.ts";
import type { ReadyFeed } from "./find-credentials.ts";
import { isOpen, type Pass, reject, returningRecords } from "./pass.ts";

/** A batch on its way to mParticle. */
export interface OutboundBatch {
  readonly route: Route;
  /** JSON as UTF-8. */
  readonly body: Buffer;
  /** Events inside; 0 for a profile update. */
  readonly eventCount: number;
  /** The items, by index into the pass, whose ending depends on it. */
  readonly items: readonly number[];
  /** The most often that any of their records was received. */
  readonly receiveCount: number;
  /** Some of it waited before: returned, was frozen, released or replayed. */
  readonly isReturning: boolean;
}

export interface FeedBatches extends ReadyFeed {
  /** Those that were frozen by an earlier invocation, as they are, and those that were built just now. */
  readonly batches: readonly OutboundBatch[];
  /** Of the requests that they are packed into. */
  readonly limits: PackLimits;
}

/**
 * Merges each feed's contributions into batches and takes up what is frozen. Records that go back anyway contribute
 * nothing. Items that no batch can carry end as rejected.
 */
export function assembleFeeds(pass: Pass, feeds: readonly ReadyFeed[], nowMs: number): FeedBatches[] {
  const returning = returningRecords(pass);
  return feeds.map((feed) => {
    const parts: Part[] = [];
    const frozen: OutboundBatch[] = [];
    for (const index of feed.items) {
      const item = pass.items[index];
      if (!item || !isOpen(item) || returning.has(item.record)) continue;
      if (item.kind === "event") {
        if (item.part) parts.push(item.part);
        continue;
      }
      frozen.push({
        route: item.route,
        body: Buffer.from(item.body),
        eventCount: item.events,
        items: [index],
        ...waitOf(pass, [index]),
      });
    }
    const { batches, refused } = assemble(parts, { tenantId: feed.tenant.tenantId, feed: feed.feed, nowMs });
    for (const { source, finding } of refused) {
      const item = pass.items[source];
      if (item) reject(item, [finding]);
    }
    const built = batches.map(({ route, body, eventCount, sources }): OutboundBatch => {
      const { receiveCount, isReturning } = waitOf(pass, sources);
      return { route, body, eventCount, items: sources, receiveCount, isReturning };
    });
    return { ...feed, batches: [...frozen, ...built], limits: limitsOf(feed.feed) };
  });
}

function waitOf(pass: Pass, items: readonly number[]): Pick<OutboundBatch, "receiveCount" | "isReturning"> {
  let receiveCount = 1;
  let isReturning = false;
  for (const index of items) {
    const item = pass.items[index];
    if (!item) continue;
    receiveCount = Math.max(receiveCount, pass.records[item.record]?.receiveCount ?? 1);
    isReturning ||= item.isReturning;
  }
  return { receiveCount, isReturning };
}

export function limitsOf({ limits }: Feed): PackLimits {
  return { ...DEFAULT_PACK_LIMITS, maxEvents: limits.eventsPerRequest ?? DEFAULT_PACK_LIMITS.maxEvents };
}
