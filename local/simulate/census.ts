import type { BatchRange } from "./load.ts";

/** Where every event that was sent is in the end. */
export interface Account {
  readonly sent: number;
  readonly delivered: number;
  /** On a queue: visible, hidden or delayed. */
  readonly queued: number;
  /** In the bucket. */
  readonly held: number;
  /** Nowhere. */
  readonly lost: number;
  /** In more than one of these places, or more than once in one. */
  readonly doubled: number;
}

/** Places that a batch can be in; what is counted of each is how often. */
type Place = "delivered" | "queued" | "held";

/**
 * Follows every batch by its number: who sends one says so, and at the end everything is looked through. What was sent and is
 * found nowhere is lost; nothing is concluded from sums.
 */
export class Census {
  readonly #sent: BatchRange[] = [];
  readonly #counts: Record<Place, Uint8Array> = {
    delivered: new Uint8Array(1024),
    queued: new Uint8Array(1024),
    held: new Uint8Array(1024),
  };
  #receives: Uint8Array = new Uint8Array(1024);
  #next = 0;

  /** Numbers for batches that are sent now. */
  send(count: number, eventsEach: number, sentAtMs: number): BatchRange {
    const range = { first: this.#next, count, eventsEach, sentAtMs };
    this.#next += count;
    this.#sent.push(range);
    return range;
  }

  /** The message that a batch is in was handed to an invocation. */
  received({ first, count }: BatchRange): void {
    this.#receives = roomFor(this.#receives, first + count);
    raise(this.#receives, first, count);
  }

  /** How often each batch that was delivered was handed out until then, on average. */
  receivesOf(ranges: readonly BatchRange[]): number {
    let delivered = 0;
    let receives = 0;
    for (const { first, count } of ranges) {
      for (let number = first; number < first + count; number++) {
        if (!this.#counts.delivered[number]) continue;
        delivered++;
        receives += this.#receives[number] ?? 0;
      }
    }
    return receives / Math.max(1, delivered);
  }

  found(place: Place, { first, count }: Pick<BatchRange, "first" | "count">): void {
    this.#counts[place] = roomFor(this.#counts[place], first + count);
    raise(this.#counts[place], first, count);
  }

  /** Adds up in source events. Everything that is on a queue or in the bucket must have been found there before. */
  account(): Account {
    const account = { sent: 0, delivered: 0, queued: 0, held: 0, lost: 0, doubled: 0 };
    const { delivered, queued, held } = this.#counts;
    for (const { first, count, eventsEach } of this.#sent) {
      account.sent += count * eventsEach;
      for (let number = first; number < first + count; number++) {
        const ended = delivered[number] ?? 0;
        const waits = queued[number] ?? 0;
        const lies = held[number] ?? 0;
        if (ended > 0) account.delivered += eventsEach;
        else if (waits > 0) account.queued += eventsEach;
        else if (lies > 0) account.held += eventsEach;
        else account.lost += eventsEach;
        if (ended + waits + lies > 1) account.doubled += eventsEach;
      }
    }
    return account;
  }
}

function roomFor(counts: Uint8Array, size: number): Uint8Array {
  if (size <= counts.length) return counts;
  const larger = new Uint8Array(Math.max(size, 2 * counts.length));
  larger.set(counts);
  return larger;
}

function raise(counts: Uint8Array, first: number, count: number): void {
  for (let number = first; number < first + count; number++)
    counts[number] = Math.min(255, (counts[number] ?? 0) + 1);
}
