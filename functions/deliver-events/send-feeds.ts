import pLimit from "p-limit";
import { DEFAULT_PACK_LIMITS, type PackLimits, pack } from "../../shared/core/pack.ts";
import type { Fate } from "../../shared/core/settle.ts";
import type { Feed } from "../../shared/core/tenant.schema.ts";
import type { FeedBatches, OutboundBatch } from "./assemble-feeds.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import { FeedSender, type SendCounts } from "./feed-sender.ts";

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
  readonly tenantId: string;
  readonly feedId: string;
}

export interface Sent {
  readonly batches: readonly SentBatch[];
  readonly counts: readonly FeedCounts[];
}

/**
 * Sends every feed's requests, many at once: each feed within its own bound, so that a slow one cannot take all the
 * room, and all together within the invocation's.
 *
 * @returns Every batch with its fate. Never throws for an answer or the lack of one.
 */
export async function sendFeeds(
  feeds: readonly FeedBatches[],
  remainingMs: () => number,
  deps: DeliverDeps,
): Promise<Sent> {
  const room = pLimit(deps.settings.maxConcurrentRequests);
  const sent = await Promise.all(
    feeds.map(async (feed) => {
      const sender = new FeedSender(feed, { ...deps, remainingMs, room });
      const feedRoom = pLimit(deps.settings.maxConcurrentRequestsPerFeed);
      const requests = [...feed.frozen, ...requestsOf(feed)];
      await Promise.all(requests.map((request) => feedRoom(() => sender.send(request))));
      const ids = { tenantId: feed.tenant.tenantId, feedId: feed.feed.feedId };
      const limits = limitsOf(feed.feed);
      return {
        batches: requests.flat().map((batch) => ({ ...batch, ...sender.resultOf(batch), ...ids, limits })),
        counts: { ...sender.counts, ...ids },
      };
    }),
  );
  return { batches: sent.flatMap(({ batches }) => batches), counts: sent.map(({ counts }) => counts) };
}

/** Packs a feed's batches. Live before historical: the fresher data first when time or mParticle's patience runs out. */
export function requestsOf({ batches, feed }: Pick<FeedBatches, "batches" | "feed">): OutboundBatch[][] {
  const limits = limitsOf(feed);
  const byRoute = Object.groupBy(batches, ({ route }) => route);
  return [...pack(byRoute.live ?? [], limits), ...pack(byRoute.historical ?? [], limits)];
}

function limitsOf({ limits }: Feed): PackLimits {
  return { ...DEFAULT_PACK_LIMITS, maxEvents: limits.eventsPerRequest ?? DEFAULT_PACK_LIMITS.maxEvents };
}
