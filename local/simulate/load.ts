/**
 * What stands for events: nothing is converted here. A number stands for all events of one user that become one batch, and
 * numbers run through the whole run, so that each can be found again wherever it is.
 */
export interface BatchRange {
  readonly first: number;
  readonly count: number;
  /** Source events in each. */
  readonly eventsEach: number;
  /** When the partner sent them, epoch milliseconds. */
  readonly sentAtMs: number;
}

/** Content of a queue message: batches of one tenant. */
export interface Load {
  readonly tenant: number;
  readonly ranges: readonly BatchRange[];
  /** `frozen`: built batches; `released`: put back from the bucket. */
  readonly origin: "partner" | "released" | "frozen";
}

/** Bytes of one event, in a message, a batch and a parked object: that of `npm run bench`'s samples. */
export const EVENT_BYTES = 950;

/** Bytes of a message around its events. */
const ENVELOPE_BYTES = 70;

export function batchesIn(ranges: readonly BatchRange[]): number {
  return ranges.reduce((sum, { count }) => sum + count, 0);
}

export function eventsIn(ranges: readonly BatchRange[]): number {
  return ranges.reduce((sum, { count, eventsEach }) => sum + count * eventsEach, 0);
}

export function messageBytes(events: number): number {
  return ENVELOPE_BYTES + events * EVENT_BYTES;
}

/** Adds one batch to ranges, to the last one if it follows it. */
export function addBatch(ranges: BatchRange[], batch: Omit<BatchRange, "count">): void {
  const last = ranges.at(-1);
  const follows =
    last !== undefined &&
    last.first + last.count === batch.first &&
    last.eventsEach === batch.eventsEach &&
    last.sentAtMs === batch.sentAtMs;
  if (follows) ranges[ranges.length - 1] = { ...last, count: last.count + 1 };
  else ranges.push({ ...batch, count: 1 });
}

/** A feed's key is its tenant's number. */
export function credentialsOf(tenantId: string) {
  return { apiKey: tenantId, apiSecret: "-", version: "1" };
}
