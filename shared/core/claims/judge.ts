/**
 * Claims: who handles a message that SQS hands out more than once.
 *
 * SQS delivers at least once: one message may be with two invocations at the same time, or come again after it was handled and
 * deleted. Each would merge it with other neighbours into batches with other ids, and mParticle would count its events twice. So
 * every invocation, an *owner*, first claims its messages in a store that tells it who claimed each of them before, and in the
 * end says there that it came to its end, and which messages it gave back to the queue. Claims may be taken back of messages that were
 * all given back: nobody needs to meet them.
 *
 *     an earlier owner came to its end, and did not give the message back   ->  done: nothing is left to do
 *     an earlier owner may still be at work, or nobody can tell             ->  busy: the message goes back to the queue
 *     all earlier owners gave it back, or died                              ->  mine
 *
 * Only owners that were there before count, so of several that claim at once exactly the first may go on. Those behind it come to
 * their own end having given the message back, and count for nothing from then on. A dead owner is one whose time is over and
 * that did not say it came to its end: what it had is handled again, for it may have done nothing.
 */

/**
 * Milliseconds after an owner's time is over for which it may still be at work: clocks differ, and the word that it came to its
 * end may be on its way.
 */
const GRACE_MS = 5_000;

export type Verdict =
  | { readonly kind: "mine" | "done" }
  /** @property untilMs - Epoch milliseconds from which on it is worth another try. */
  | { readonly kind: "busy"; readonly untilMs: number };

/** Milliseconds until it is worth asking again for an end that could not be read. */
const ASK_AGAIN_MS = 10_000;

/** Of an owner that came to its end: keys of the messages that it gave back. `unread`: nobody knows whether it came to one. */
export type End = ReadonlySet<string> | "unread";

/**
 * Judges one message by the owners that claimed it before.
 *
 * @param ends - By owner; those that did not come to one are not in it.
 * @param nowMs - No later than the ends were looked for, epoch milliseconds.
 */
export function judge(
  key: string,
  earlierOwners: readonly string[],
  ends: ReadonlyMap<string, End>,
  nowMs: number,
): Verdict {
  let untilMs = 0;
  for (const owner of earlierOwners) {
    const end = ends.get(owner);
    if (end === undefined || end === "unread") untilMs = Math.max(untilMs, deadlineOf(owner) + GRACE_MS);
    else if (!end.has(key)) return DONE;
    if (end === "unread") untilMs = Math.max(untilMs, nowMs + ASK_AGAIN_MS);
  }
  return untilMs > nowMs ? { kind: "busy", untilMs } : MINE;
}

const DONE: Verdict = { kind: "done" };
const MINE: Verdict = { kind: "mine" };

/**
 * An owner's name, from which everybody can tell when its time is over.
 *
 * @param deadlineMs - When the invocation ends at the latest, epoch milliseconds.
 * @param unique - Letters and digits that no other owner with the same deadline has.
 */
export function ownerName(deadlineMs: number, unique: string): string {
  return `${Math.ceil(deadlineMs).toString(36)}-${unique}`;
}

function deadlineOf(owner: string): number {
  return Number.parseInt(owner, 36);
}
