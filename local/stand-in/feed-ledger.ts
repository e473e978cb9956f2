/**
 * What the stand-in really took from one feed, so that a test can prove that nothing was lost or doubled. Ids are kept once each,
 * with a number; those of batches removed as duplicates only where there are any.
 */
import type { DropReason, Violation } from "./batch-rules.ts";
import type { WireBatch } from "./wire-batch.ts";

/** Counts of one feed on the live paths, or on the historical one. */
export interface PathCounts {
  /** Processed, after de-duplication. */
  readonly batchesTaken: number;
  /** Those of `batchesTaken` that hold no events. */
  readonly profileBatchesTaken: number;
  readonly eventsTaken: number;
  /** Accepted and not processed, because their `source_request_id` had been taken before. */
  readonly batchesDeduplicated: number;
  readonly eventsDeduplicated: number;
  /** Accepted and not processed for another reason. */
  readonly batchesDropped: number;
  readonly eventsDropped: number;
  /** `batchesDropped` by reason. */
  readonly dropReasons: Readonly<Partial<Record<DropReason, number>>>;
  readonly violations: Readonly<Partial<Record<Violation, number>>>;
}

export interface FeedCounts {
  /** Requests that named this feed's key, by status, or `reset` or `timeout` where none was sent. */
  readonly requests: Readonly<Record<string, number>>;
  readonly live: PathCounts;
  readonly historical: PathCounts;
  /** How often each event was taken, by `source_message_id`, on all paths together and after de-duplication. */
  readonly eventIds: ReadonlyMap<string, number>;
  /** How often each event came again in a batch that was removed as a duplicate. */
  readonly deduplicatedEventIds: ReadonlyMap<string, number>;
  /** How often each batch without events was taken, by `source_request_id`. */
  readonly profileIds: ReadonlyMap<string, number>;
  /** When each batch was taken, by `source_request_id`, in epoch milliseconds. */
  readonly requestIds: ReadonlyMap<string, number>;
  readonly deduplicatedProfileIds: ReadonlyMap<string, number>;
  /** Times that an event was taken beyond its first. */
  readonly duplicates: number;
}

/** How long an id is remembered. Documented: 30 to 60 days; chosen: the shorter. */
const DEDUPLICATION_WINDOW_MS = 30 * 86_400_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class FeedLedger {
  readonly #requests: Record<string, number> = {};
  readonly #live = emptyCounts();
  readonly #historical = emptyCounts();
  readonly #eventIds = new Map<string, number>();
  readonly #deduplicatedEventIds = new Map<string, number>();
  readonly #profileIds = new Map<string, number>();
  readonly #deduplicatedProfileIds = new Map<string, number>();
  readonly #takenAtMs = new Map<string, number>();
  #duplicates = 0;

  countRequest(result: string): void {
    increment(this.#requests, result);
  }

  /** Takes a valid batch, unless its `source_request_id` has been taken within the window. */
  take(
    batch: WireBatch,
    violations: PathCounts["violations"],
    at: { historical: boolean; nowMs: number },
  ): void {
    const counts = this.#counts(at.historical);
    const events = batch.events ?? [];
    const requestId = batch.source_request_id?.toString();
    if (requestId !== undefined && this.#isTaken(requestId, at.nowMs)) {
      counts.batchesDeduplicated++;
      counts.eventsDeduplicated += events.length;
      if (events.length === 0) addOne(this.#deduplicatedProfileIds, requestId);
      for (const { data } of events) addOne(this.#deduplicatedEventIds, data.source_message_id);
      return;
    }
    if (requestId !== undefined) this.#takenAtMs.set(requestId, at.nowMs);
    counts.batchesTaken++;
    counts.eventsTaken += events.length;
    if (events.length === 0) {
      counts.profileBatchesTaken++;
      addOne(this.#profileIds, requestId);
    }
    for (const { data } of events) {
      if (addOne(this.#eventIds, data.source_message_id) > 1) this.#duplicates++;
    }
    addAll(counts.violations, violations);
  }

  /** Counts a batch that is accepted and not processed. */
  drop(events: number, reason: DropReason, { historical }: { historical: boolean }): void {
    const counts = this.#counts(historical);
    counts.batchesDropped++;
    counts.eventsDropped += events;
    increment(counts.dropReasons, reason);
  }

  /** Numbers as they are now; the maps of ids go on counting. */
  counts(): FeedCounts {
    return {
      requests: { ...this.#requests },
      live: structuredClone(this.#live),
      historical: structuredClone(this.#historical),
      eventIds: this.#eventIds,
      deduplicatedEventIds: this.#deduplicatedEventIds,
      profileIds: this.#profileIds,
      requestIds: this.#takenAtMs,
      deduplicatedProfileIds: this.#deduplicatedProfileIds,
      duplicates: this.#duplicates,
    };
  }

  #counts(historical: boolean): Mutable<PathCounts> {
    return historical ? this.#historical : this.#live;
  }

  #isTaken(requestId: string, nowMs: number): boolean {
    const takenAtMs = this.#takenAtMs.get(requestId);
    return takenAtMs !== undefined && nowMs - takenAtMs < DEDUPLICATION_WINDOW_MS;
  }
}

/** The sum of counts, for a total over feeds and paths. */
export function sumCounts(all: readonly PathCounts[]): PathCounts {
  const sum = emptyCounts();
  for (const { dropReasons, violations, ...numbers } of all) {
    for (const name of Object.keys(numbers) as (keyof typeof numbers)[]) sum[name] += numbers[name];
    addAll(sum.dropReasons, dropReasons);
    addAll(sum.violations, violations);
  }
  return sum;
}

function emptyCounts(): Mutable<PathCounts> {
  return {
    batchesTaken: 0,
    profileBatchesTaken: 0,
    eventsTaken: 0,
    batchesDeduplicated: 0,
    eventsDeduplicated: 0,
    batchesDropped: 0,
    eventsDropped: 0,
    dropReasons: {},
    violations: {},
  };
}

function increment(counts: Partial<Record<string, number>>, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}

function addAll(
  sum: Partial<Record<string, number>>,
  counts: Readonly<Partial<Record<string, number>>>,
): void {
  for (const [name, count] of Object.entries(counts)) increment(sum, name, count);
}

/** Counts an id; one that is absent cannot be told from others and is left to the plain numbers. */
function addOne(ids: Map<string, number>, id: string | undefined): number {
  if (id === undefined) return 0;
  const times = (ids.get(id) ?? 0) + 1;
  ids.set(id, times);
  return times;
}
