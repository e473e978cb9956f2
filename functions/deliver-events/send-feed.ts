import pLimit from "p-limit";
import type { Places } from "../../shared/core/flow/line.ts";
import { pack } from "../../shared/core/pack.ts";
import type { FeedBatches, OutboundBatch } from "./assemble-feeds.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import type { FeedFlow, Granted } from "./feed-flow.ts";
import type { FeedSender, SendAnswer } from "./feed-sender.ts";
import type { Pass } from "./pass.ts";
import type { Room } from "./room.ts";

/** A grant that is used so many milliseconds late says nothing of the window that it was meant for. */
const LATE_MS = 50;

export interface SendFeedContext {
  readonly pass: Pass;
  readonly sender: FeedSender;
  readonly flow: FeedFlow;
  /** Bounds the calls in flight over all feeds. */
  readonly room: Room;
  readonly deps: DeliverDeps;
}

/**
 * Sends a feed's batches at the feed's pace, in rounds: asks for room, sends what was granted, asks again for what was
 * not taken or is left. What finds no room in the time that an invocation may wait takes a place in line or goes to the
 * bucket. What is in doubt has that time again for each attempt.
 *
 * Afterwards every batch has its fate with the sender.
 */
export async function sendFeed(feed: FeedBatches, context: SendFeedContext): Promise<void> {
  const { sender, flow, room, deps } = context;
  let endsAtMs = deps.clock.nowMs() + deps.settings.flow.paceMs;
  let open = inOrder(feed);
  while (open.length > 0 && sender.maySend()) {
    const ask = countOf(open, sender);
    const grants = await room.run(() => {
      const paceMs = Math.min(endsAtMs - deps.clock.nowMs(), sender.waitableMs);
      return flow.admit({ ...ask, paceMs: Math.max(0, paceMs) });
    });
    if (grants.length === 0) break;
    const admitted = grants.reduce((sum, { batches }) => sum + batches, 0);
    sender.counts.admitted += admitted;
    const unsent = await sendGranted(open, grants, feed, context);
    if (sender.isInDoubt) endsAtMs = deps.clock.nowMs() + deps.settings.flow.paceMs;
    open = [...unsent, ...open.slice(admitted)];
  }
  if (open.length > 0) await settleUnsent(open, context);
  await room.run(() => flow.tell());
}

/** What waited goes before what comes for the first time; then live before historical, whose data is older anyway. */
function inOrder({ batches }: FeedBatches): OutboundBatch[] {
  const rank = ({ isReturning, route }: OutboundBatch) => (isReturning ? 0 : 2) + (route === "live" ? 0 : 1);
  return batches.toSorted((a, b) => rank(a) - rank(b));
}

/** Packs batches into requests, each of one route, and of one part of what was refused before. */
export function requestsOf(
  { batches, limits }: Pick<FeedBatches, "batches" | "limits">,
  partOf: (batch: OutboundBatch) => number = () => 0,
): readonly OutboundBatch[][] {
  const byPart = Map.groupBy(batches, (batch) => `${batch.route} ${partOf(batch)}`);
  return [...byPart.values()].flatMap((part) => pack(part, limits));
}

/** @returns the granted batches that are not delivered, and may ask again. */
async function sendGranted(
  open: readonly OutboundBatch[],
  grants: readonly Granted[],
  { limits }: FeedBatches,
  { sender, flow, deps }: SendFeedContext,
): Promise<readonly OutboundBatch[]> {
  const room = pLimit(deps.settings.maxConcurrentRequestsPerFeed);
  let next = 0;
  const unsent = await Promise.all(
    grants.map(async (granted) => {
      const batches = open.slice(next, next + granted.batches);
      next += granted.batches;
      const requests = requestsOf({ batches, limits }, (batch) => sender.partOf(batch));
      const answers = await Promise.all(requests.map((request) => room(() => sender.send(request, granted))));
      observe(answers, granted, flow);
      return answers.flatMap((answer) => answer.unsent);
    }),
  );
  return unsent.flat();
}

/** What was granted tells of the limit only if all of it was sent in time and taken. */
function observe(answers: readonly SendAnswer[], { askedAtMs: _, ...grant }: Granted, flow: FeedFlow): void {
  const accepted = answers.filter(({ isAccepted }) => isAccepted);
  if (accepted.length === 0) return;
  const isWhole = accepted.length === answers.length && accepted.every(({ lateMs }) => lateMs <= LATE_MS);
  const percents = accepted.flatMap(({ usedPercent }) => usedPercent ?? []);
  flow.observe({
    kind: "accepted",
    grant: isWhole ? grant : undefined,
    usedPercent: percents.length > 0 ? Math.max(...percents) : undefined,
  });
}

/** Gives what is left its fate: that of the feed's other batches where sending stopped for good, else a place in line. */
async function settleUnsent(
  open: readonly OutboundBatch[],
  { pass, sender, flow, room, deps }: SendFeedContext,
): Promise<void> {
  if (sender.heldCause !== undefined) {
    for (const batch of open) sender.settle(batch, { kind: "held", cause: sender.heldCause });
    return;
  }
  const [returning, fresh] = splitByWaiting(open, sender);
  const records = new Set(
    open.flatMap(({ items }) => items.flatMap((index) => pass.items[index]?.record ?? [])),
  );
  const places = await room.run(async () =>
    flow.place({
      returning: returning.length,
      fresh: fresh.length,
      messages: records.size,
      hiddenMessages: await deps.queue.hiddenMessages(),
    }),
  );
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
