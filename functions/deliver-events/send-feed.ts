import pLimit from "p-limit";
import type { Grant } from "../../shared/core/flow/flow-state.schema.ts";
import type { Places } from "../../shared/core/flow/line.ts";
import { pack } from "../../shared/core/pack.ts";
import type { FeedBatches, OutboundBatch } from "./assemble-feeds.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import type { FeedFlow } from "./feed-flow.ts";
import type { FeedSender } from "./feed-sender.ts";
import type { Pass } from "./pass.ts";

/** A grant that is used so many milliseconds late says nothing of the window that it was meant for. */
const LATE_MS = 50;

export interface SendFeedContext {
  readonly pass: Pass;
  readonly sender: FeedSender;
  readonly flow: FeedFlow;
  readonly deps: DeliverDeps;
}

/**
 * Sends a feed's batches at the feed's pace, in rounds: asks for room, sends what was granted, asks again for what was
 * throttled or is left. What finds no room in the time that an invocation may wait takes a place in line or goes to the
 * bucket.
 *
 * Afterwards every batch has its fate with the sender.
 */
export async function sendFeed(feed: FeedBatches, context: SendFeedContext): Promise<void> {
  const { sender, flow, deps } = context;
  const endsAtMs = deps.clock.nowMs() + deps.settings.flow.paceMs;
  let open = inOrder(feed);
  while (open.length > 0 && sender.maySend()) {
    const grants = await flow.admit({
      ...countOf(open, sender),
      paceMs: Math.max(0, endsAtMs - deps.clock.nowMs()),
    });
    if (grants.length === 0) break;
    const admitted = grants.reduce((sum, { batches }) => sum + batches, 0);
    sender.counts.admitted += admitted;
    const unsent = await sendGranted(open, grants, feed, context);
    open = [...unsent, ...open.slice(admitted)];
  }
  if (open.length > 0) await settleUnsent(open, context);
  await flow.tell();
}

/** What waited goes before what comes for the first time; then live before historical, whose data is older anyway. */
function inOrder({ batches }: FeedBatches): OutboundBatch[] {
  const rank = ({ isReturning, route }: OutboundBatch) => (isReturning ? 0 : 2) + (route === "live" ? 0 : 1);
  return batches.toSorted((a, b) => rank(a) - rank(b));
}

/** Packs batches into requests, each of one route. */
export function requestsOf({
  batches,
  limits,
}: Pick<FeedBatches, "batches" | "limits">): readonly OutboundBatch[][] {
  const byRoute = Object.groupBy(batches, ({ route }) => route);
  return [...pack(byRoute.live ?? [], limits), ...pack(byRoute.historical ?? [], limits)];
}

/** @returns the granted batches that were definitely not taken: they may ask again. */
async function sendGranted(
  open: readonly OutboundBatch[],
  grants: readonly Grant[],
  { limits }: FeedBatches,
  { sender, flow, deps }: SendFeedContext,
): Promise<readonly OutboundBatch[]> {
  const room = pLimit(deps.settings.maxConcurrentRequestsPerFeed);
  let next = 0;
  const unsent = await Promise.all(
    grants.map(async (grant) => {
      const batches = open.slice(next, next + grant.batches);
      next += grant.batches;
      const waitMs = grant.atMs - deps.clock.nowMs();
      if (waitMs > 0) await deps.clock.sleep(waitMs);
      const requests = requestsOf({ batches, limits });
      const answers = await Promise.all(
        requests.map((request) =>
          room(async () => {
            const isLate = deps.clock.nowMs() - grant.atMs > LATE_MS;
            return { ...(await sender.send(request, grant)), isLate };
          }),
        ),
      );
      if (answers.length > 0 && answers.every(({ isAccepted }) => isAccepted)) {
        const isLate = answers.some((answer) => answer.isLate);
        const percents = answers.flatMap(({ usedPercent }) => usedPercent ?? []);
        flow.observe({
          kind: "accepted",
          atMs: isLate ? undefined : grant.atMs,
          usedPercent: percents.length > 0 ? Math.max(...percents) : undefined,
        });
      }
      return answers.flatMap((answer) => answer.unsent);
    }),
  );
  return unsent.flat();
}

/** Gives what is left its fate: that of the feed's other batches where sending stopped for good, else a place in line. */
async function settleUnsent(
  open: readonly OutboundBatch[],
  { pass, sender, flow, deps }: SendFeedContext,
): Promise<void> {
  if (sender.heldCause !== undefined) {
    for (const batch of open) sender.settle(batch, { kind: "held", cause: sender.heldCause });
    return;
  }
  const [returning, fresh] = splitByWaiting(open, sender);
  const records = new Set(
    open.flatMap(({ items }) => items.flatMap((index) => pass.items[index]?.record ?? [])),
  );
  const places = await flow.place({
    returning: returning.length,
    fresh: fresh.length,
    messages: records.size,
    hiddenMessages: await deps.queue.hiddenMessages(),
  });
  const nowMs = deps.clock.nowMs();
  for (const [batches, given] of [
    [returning, places.returning],
    [fresh, places.fresh],
  ] as const) {
    for (const [i, batch] of batches.entries()) {
      const delaySeconds = secondsUntil(given, i, nowMs);
      if (delaySeconds === undefined) sender.settle(batch, { kind: "held", cause: "backlog" });
      else sender.settle(batch, { kind: "deferred", delaySeconds });
    }
  }
}

function countOf(open: readonly OutboundBatch[], sender: FeedSender): { returning: number; fresh: number } {
  const [returning, fresh] = splitByWaiting(open, sender);
  return { returning: returning.length, fresh: fresh.length };
}

function splitByWaiting(
  open: readonly OutboundBatch[],
  sender: FeedSender,
): readonly [returning: readonly OutboundBatch[], fresh: readonly OutboundBatch[]] {
  const hasWaited = (batch: OutboundBatch) => batch.isReturning || sender.wasTried(batch);
  return [open.filter(hasWaited), open.filter((batch) => !hasWaited(batch))];
}

/** Whole seconds until a place is due. Undefined: there are not so many places. */
function secondsUntil(
  { fromMs, batches, batchMs }: Places,
  index: number,
  nowMs: number,
): number | undefined {
  if (index >= batches) return undefined;
  return Math.max(1, Math.ceil((fromMs + (index + 1) * batchMs - nowMs) / 1000));
}
