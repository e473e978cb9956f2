/** What a deployment may choose about flow control. */
export interface FlowSettings {
  /** Batches a second with which a feed starts whose limit is not known, well below mParticle's default of 270. */
  readonly initialRate: number;
  /** Milliseconds that an invocation may wait for its turn before its messages take a place in line instead. */
  readonly paceMs: number;
  /** Longest wait in line, in milliseconds; what would wait longer goes to the bucket. Below SQS's 15 minutes. */
  readonly maxLineMs: number;
  /** Messages of one feed that may wait in line: SQS lets 120,000 of a queue be hidden, over all tenants. */
  readonly maxHiddenMessages: number;
  /** Share of a feed's rate that backfill gets while live traffic waits, 0 to 1. */
  readonly backfillShare: number;
  /** Instances of all functions that may send at once: while they cannot ask each other, each sends its part of a feed's rate. */
  readonly maxInstances: number;
}

export const DEFAULT_FLOW_SETTINGS: FlowSettings = {
  initialRate: 100,
  paceMs: 1_500,
  maxLineMs: 840_000,
  maxHiddenMessages: 5_000,
  backfillShare: 0.2,
  maxInstances: 55,
};
