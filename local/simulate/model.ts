/** What the simulation assumes of AWS and of the function, where nothing is documented: chosen, on the slow side. */

/** Milliseconds of a call, evenly between two. */
export type Span = readonly [min: number, max: number];

export const DYNAMO_MS: Span = [3, 10];
export const SECRET_MS: Span = [10, 30];
export const SQS_MS: Span = [5, 20];
export const S3_MS: Span = [30, 80];

/** Bytes that an object travels in a millisecond. */
export const S3_BYTES_PER_MS = 50_000;

/**
 * Milliseconds of CPU for an event before anything is sent, and after: `npm run bench` measures 10 to 12 µs for the first on a
 * developer's machine. A core of Lambda is taken as half as fast.
 */
export const CPU_MS_BEFORE = 0.025;
export const CPU_MS_AFTER = 0.005;

/** Milliseconds of an invocation without any event, and of a new instance's start. */
export const INVOCATION_MS = 3;
export const COLD_START_MS = 500;

/** Bytes of log of an invocation, and of its line for each feed. */
export const LOG_BYTES = 3_000;
export const LOG_BYTES_PER_FEED = 900;

/** Bytes of an item that holds a tenant's profile or feed, or an account of the ledger. */
export const ITEM_BYTES = 1_000;

/** Calls that an invocation makes at once: reads and ledger writes (`CONCURRENT_READS`, `CONCURRENT_WRITES`), SQS. */
export const CONCURRENT_ITEMS = 32;
export const CONCURRENT_SQS_CALLS = 16;

/** Messages in one batch call to SQS. */
export const SQS_ENTRIES = 10;

/** Calls one after the other that `calls` need, so many at once. */
export function rounds(calls: number, atOnce: number): number {
  return Math.ceil(calls / atOnce);
}

export function draw([min, max]: Span, random: () => number): number {
  return min + random() * (max - min);
}

/** The function as `infra/stages.ts` deploys it to production. */
export const PRODUCTION = {
  memoryMb: 1769,
  timeoutMs: 60_000,
  visibilityMs: 360_000,
  batchSize: 1000,
  batchingWindowMs: 5_000,
  maxConcurrency: { live: 50, backfill: 5 },
  maxConcurrentRequests: 16,
  maxConcurrentRequestsPerFeed: 4,
} as const;
