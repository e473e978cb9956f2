import type { PackLimits } from "../../shared/core/pack.ts";
import type { Fate } from "../../shared/core/settle.ts";
import type { FeedBatches, OutboundBatch } from "./assemble-feeds.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import { FeedFlow } from "./feed-flow.ts";
import { FeedSender } from "./feed-sender.ts";
import type { Pass } from "./pass.ts";
import { Room } from "./room.ts";
import type { SendCounts } from "./send-counts.ts";
import { sendFeed } from "./send-feed.ts";

export interface SentBatch extends OutboundBatch {
  readonly tenantId: string;
  readonly feedId: string;
  /** Of the requests that it may be packed into. */
  readonly limits: PackLimits;
  readonly fate: Fate;
  /** mParticle may have taken it, whatever its fate: it may only ever be sent again as it is. */
  readonly maybeWritten: boolean;
}

export interface FeedCounts extends SendCounts {
  /** Batches a second that the feed takes, as far as is known. Undefined: it was not asked. */
  readonly rate: number | undefined;
  readonly tenantId: string;
  readonly feedId: string;
}

export interface Sent {
  readonly batches: readonly SentBatch[];
  readonly counts: readonly FeedCounts[];
}

/**
 * Sends every feed's batches, many feeds at once: each within its own bound and at its own pace, so that a slow one cannot
 * take all the room, and all together within the invocation's.
 *
 * @returns Every batch with its fate. Never throws for an answer or the lack of one.
 */
export async function sendFeeds(
  pass: Pass,
  feeds: readonly FeedBatches[],
  remainingMs: () => number,
  deps: DeliverDeps,
): Promise<Sent> {
  const room = new Room(deps.settings.maxConcurrentRequests);
  const sent = await Promise.all(
    feeds.map(async (feed) => {
      const ids = { tenantId: feed.tenant.tenantId, feedId: feed.feed.feedId };
      const flow = new FeedFlow(ids, feed.feedIdsOfTenant, deps);
      const sender = new FeedSender(feed, { ...deps, remainingMs, room, flow });
      await sendFeed(feed, { pass, sender, flow, room, deps });
      const batches = feed.batches.map((batch) => ({
        ...batch,
        ...sender.resultOf(batch),
        ...ids,
        limits: feed.limits,
      }));
      return { batches, counts: { ...sender.counts, rate: flow.rate, ...ids } };
    }),
  );
  return { batches: sent.flatMap(({ batches }) => batches), counts: sent.map(({ counts }) => counts) };
}
