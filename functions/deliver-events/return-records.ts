import type { Ending, Settlement } from "../../shared/core/settle.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import { type FrozenBatch, frozenMessages, type OutgoingFrozenMessage } from "./frozen-messages.ts";
import { inRounds } from "./in-rounds.ts";
import { parkFrozen, QUEUE_REFUSED } from "./park-frozen.ts";
import type { Pass } from "./pass.ts";
import { NOTHING_RESENT, resendRest } from "./resend-rest.ts";
import type { SentBatch } from "./send-feeds.ts";

/** Milliseconds that a call to the queue may take, its repetition included. */
const QUEUE_CALL_MS = 6_000;

/** Milliseconds that parking may take: the write, and a look whether it was done after all, repetitions included. */
const PARK_MS = 11_000;

/** A settlement as it was carried out. */
export interface Returned {
  /** By item; undefined: still in progress, on the queue in one form or the other. */
  readonly endings: readonly (Ending | undefined)[];
  /** Indexes of the items that wait on the queue in another message than the one they came in. */
  readonly requeued: ReadonlySet<number>;
  /** Indexes of the records that go back. */
  readonly returned: ReadonlySet<number>;
  /** Seconds for which each of them is to stay hidden. */
  readonly delays: ReadonlyMap<number, number>;
  /** Whose frozen messages the queue took. */
  readonly frozen: readonly { readonly tenantId: string; readonly feedId: string }[];
}

/**
 * Carries a settlement out at the queue: sends frozen messages, and finds out which records go back. Those are hidden once all else is
 * done ({@link hideReturned}).
 *
 * A frozen message that the queue does not take waits in the bucket, as it is. Where that refuses as well, both are tried again until
 * time runs out; then its records go back. Those may be doubled, since they will be merged anew; losing them is the only other choice.
 */
export async function returnRecords(
  pass: Pass,
  sent: readonly SentBatch[],
  settlement: Settlement,
  remainingMs: () => number,
  deps: DeliverDeps,
): Promise<Returned> {
  const messages = frozenMessages(pass, sent, settlement);
  const { taken, parked, refused } = await putAside(messages, pass, remainingMs, deps);

  const delays = new Map(settlement.returned);
  for (const { items, delaySeconds } of refused)
    for (const record of recordsOf(items, pass))
      delays.set(record, Math.max(delays.get(record) ?? 0, delaySeconds));
  const endings = [...settlement.endings];
  for (const { decides } of parked) for (const item of decides) endings[item] = QUEUE_REFUSED;
  const requeued = new Set(taken.flatMap(({ batches }) => batches.flatMap(({ decides }) => decides)));

  const mayRepeat = (pauseMs = 0) => remainingMs() - pauseMs > 2 * QUEUE_CALL_MS;
  const hasTime = remainingMs() > QUEUE_CALL_MS;
  const resent = hasTime
    ? await resendRest(pass, { endings, requeued, delays }, mayRepeat, deps)
    : NOTHING_RESENT;
  for (const record of resent.records) delays.delete(record);
  for (const item of resent.items) requeued.add(item);
  for (const [index, { record, ending }] of pass.items.entries())
    if (resent.records.has(record) && !resent.items.has(index)) endings[index] ??= ending;

  const frozen = taken.map(({ tenantId, feedId }) => ({ tenantId, feedId }));
  return { endings, requeued, returned: new Set(delays.keys()), delays, frozen };
}

/**
 * Hides the records that go back for their delay. The last thing that an invocation does: what comes again before it has said that it
 * came to its end is taken for busy. What is not hidden comes back after the queue's visibility timeout.
 */
export async function hideReturned(
  { records }: Pass,
  { delays }: Pick<Returned, "delays">,
  remainingMs: () => number,
  { queue }: Pick<DeliverDeps, "queue">,
): Promise<void> {
  const hidden = Array.from(delays, ([record, delaySeconds]) => ({
    receiptHandle: records[record]?.receiptHandle ?? "",
    delaySeconds,
  }));
  if (hidden.length > 0) await queue.hide(hidden, () => remainingMs() > QUEUE_CALL_MS);
}

interface PutAside {
  /** By the queue. */
  readonly taken: readonly OutgoingFrozenMessage[];
  /** In the bucket. */
  readonly parked: readonly FrozenBatch[];
  readonly refused: readonly FrozenBatch[];
}

async function putAside(
  messages: readonly OutgoingFrozenMessage[],
  pass: Pass,
  remainingMs: () => number,
  deps: DeliverDeps,
): Promise<PutAside> {
  const taken: OutgoingFrozenMessage[] = [];
  const parked: FrozenBatch[] = [];
  const mayGoOn = (pauseMs = 0) => remainingMs() - pauseMs > QUEUE_CALL_MS + PARK_MS;
  const put = async (left: readonly OutgoingFrozenMessage[]) => {
    // The same batches twice on the queue are known by their ids; merged anew, as they would be in their records, they are not.
    const notTaken = new Set(await deps.queue.send(left, mayGoOn));
    taken.push(...left.filter((_, i) => !notTaken.has(i)));
    const others = left.filter((_, i) => notTaken.has(i));
    if (others.length === 0 || remainingMs() <= PARK_MS) return others;
    const inBucket = await parkFrozen(others, pass, deps);
    parked.push(...inBucket);
    // A message's batches lie in one object: it is taken whole or not at all.
    return others.filter(({ batches }) => !batches.every((batch) => inBucket.has(batch)));
  };
  const refused = (await inRounds(messages, put, mayGoOn, deps)).flatMap(({ batches }) => batches);
  if (refused.length > 0)
    deps.log.error("Frozen batches were taken by neither queue nor bucket: their records go back", {
      batches: refused.length,
    });
  return { taken, parked, refused };
}

function recordsOf(items: readonly number[], pass: Pass): ReadonlySet<number> {
  return new Set(items.flatMap((item) => pass.items[item]?.record ?? []));
}
