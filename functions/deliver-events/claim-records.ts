import type { DeliverDeps } from "./deliver-records.ts";
import type { QueueRecord } from "./pass.ts";

/** Longest time in seconds that a message is hidden for another invocation's sake: as long as one may run at all. */
const MAX_DELAY_SECONDS = 900;

/** Milliseconds after which no further claim is begun: a slow table must not use up the invocation. */
const MAX_CLAIMING_MS = 4_000;

/** Milliseconds that a call to hide messages, or to say that the invocation came to its end, may take, its repetition included. */
const CALL_MS = 6_000;

/** Receives that copies and invocations which died account for: beyond them, a busy message also backs off. */
const ORDINARY_RECEIVES = 10;

/** What was found out about messages that came more than once. */
export interface CopyCounts {
  /** Another invocation had done all there was to do. */
  readonly done: number;
  /** Another invocation may be at work on them. */
  readonly busy: number;
  /** It could not be asked whether another invocation has them. */
  readonly unclaimed: number;
}

export interface ClaimedRecords {
  /** Those that are this invocation's to handle. */
  readonly records: readonly QueueRecord[];
  /** Ids of the messages that go back, hidden, because another invocation may be at work on them. */
  readonly busy: readonly string[];
  readonly counts: CopyCounts;
  /** Says that the invocation came to its end. @param givenBack - Ids of all messages that go back. */
  end(givenBack: readonly string[]): Promise<void>;
}

/**
 * Claims the records, so that a message which SQS hands out more than once is handled once. A copy of one that was handled is
 * done with, and nothing is counted of it; a copy of one that may be in another invocation's hands goes back, hidden until that one
 * has ended, and for longer once it has spent many receives: should the table not tell for hours who has it, it must not
 * become a dead letter.
 *
 * @param records - Of distinct messages.
 */
export async function claimRecords(
  records: readonly QueueRecord[],
  remainingMs: () => number,
  { claims, clock, queue, deferralSeconds }: DeliverDeps,
): Promise<ClaimedRecords> {
  const startMs = remainingMs();
  const mayGoOn = () => startMs - remainingMs() < MAX_CLAIMING_MS;
  const { verdicts, end } = await claims.claim(records, clock.nowMs() + startMs, mayGoOn);
  const mine: QueueRecord[] = [];
  const busy: string[] = [];
  const hidden: { receiptHandle: string; delaySeconds: number }[] = [];
  const counts = { done: 0, busy: 0, unclaimed: 0 };
  for (const [i, record] of records.entries()) {
    const verdict = verdicts[i] ?? UNCLAIMED;
    if (verdict.kind !== "mine") counts[verdict.kind]++;
    if (verdict.kind === "mine" || verdict.kind === "unclaimed") mine.push(record);
    if (verdict.kind !== "busy") continue;
    const endedSeconds = Math.ceil((verdict.untilMs - clock.nowMs()) / 1000);
    const backOffSeconds = record.receiveCount > ORDINARY_RECEIVES ? deferralSeconds(record.receiveCount) : 1;
    const delaySeconds = Math.max(endedSeconds, backOffSeconds);
    busy.push(record.messageId);
    hidden.push({
      receiptHandle: record.receiptHandle,
      delaySeconds: Math.min(MAX_DELAY_SECONDS, delaySeconds),
    });
  }
  if (hidden.length > 0) await queue.hide(hidden, () => remainingMs() > CALL_MS);
  return {
    records: mine,
    busy,
    counts,
    // Without time for it nothing is said: an answer that comes too late would have every message handled again.
    async end(givenBack) {
      if (remainingMs() > CALL_MS) await end(givenBack);
    },
  };
}

const UNCLAIMED = { kind: "unclaimed" } as const;
