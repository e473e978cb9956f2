import type { Part } from "../../shared/core/assemble/assemble.ts";
import { assemble } from "../../shared/core/assemble/assemble.ts";
import type { Route } from "../../shared/core/route.ts";
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
}

export interface FeedBatches extends ReadyFeed {
  /** Fresh batches, to be packed into requests. */
  readonly batches: readonly OutboundBatch[];
  /** Requests that were frozen by an earlier invocation: sent as they are. */
  readonly frozen: readonly (readonly OutboundBatch[])[];
}

/**
 * Merges each feed's contributions into batches and takes up what is frozen. Records that go back anyway contribute
 * nothing. Items that no batch can carry end as rejected.
 */
export function assembleFeeds(pass: Pass, feeds: readonly ReadyFeed[], nowMs: number): FeedBatches[] {
  const returning = returningRecords(pass);
  return feeds.map((feed) => {
    const parts: Part[] = [];
    const frozen = new Map<number, OutboundBatch[]>();
    for (const index of feed.items) {
      const item = pass.items[index];
      if (!item || !isOpen(item) || returning.has(item.record)) continue;
      if (item.kind === "event") {
        if (item.part) parts.push(item.part);
        continue;
      }
      const batch = {
        route: item.route,
        body: Buffer.from(item.body),
        eventCount: item.events,
        items: [index],
        receiveCount: receiveCountOf(pass, [index]),
      };
      const request = frozen.get(item.record);
      if (request) request.push(batch);
      else frozen.set(item.record, [batch]);
    }
    const { batches, refused } = assemble(parts, { tenantId: feed.tenant.tenantId, feed: feed.feed, nowMs });
    for (const { source, finding } of refused) {
      const item = pass.items[source];
      if (item) reject(item, [finding]);
    }
    return {
      ...feed,
      batches: batches.map(({ route, body, eventCount, sources }) => ({
        route,
        body,
        eventCount,
        items: sources,
        receiveCount: receiveCountOf(pass, sources),
      })),
      frozen: [...frozen.values()],
    };
  });
}

function receiveCountOf(pass: Pass, items: readonly number[]): number {
  let most = 1;
  for (const index of items) {
    const item = pass.items[index];
    most = Math.max(most, (item && pass.records[item.record]?.receiveCount) ?? 1);
  }
  return most;
}
