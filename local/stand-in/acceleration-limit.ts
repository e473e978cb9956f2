/**
 * How fast a feed may get faster. mParticle documents that such a limit exists, not how it is computed; this is one
 * that a sender with a gradual ramp never meets and one that starts at full speed always does.
 */
export interface AccelerationLimitOptions {
  /** Share by which the batches of one interval may exceed those of the interval before: 0.5 is half as many again. */
  readonly share: number;
  /** @default 10_000 */
  readonly intervalMs?: number;
  /** Batches of one interval that are always allowed: where a feed starts from rest. @default one second at full speed */
  readonly restBatches?: number;
}

/**
 * Counts batches in fixed intervals. An interval allows what the one before it took plus the share, and never less than
 * the rest allowance. Its first request always passes, since a larger one than the allowance never could.
 */
export class AccelerationLimit {
  readonly #share: number;
  readonly #intervalMs: number;
  readonly #restBatches: number;
  #interval = Number.NEGATIVE_INFINITY;
  #taken = 0;
  #allowed = 0;

  constructor(options: AccelerationLimitOptions, batchesPerSecond: number) {
    this.#share = options.share;
    this.#intervalMs = options.intervalMs ?? 10_000;
    this.#restBatches = options.restBatches ?? batchesPerSecond;
  }

  /** Milliseconds until the next interval if this one has no room for so many batches; 0: it has. */
  waitMs(batches: number, nowMs: number): number {
    this.#enter(Math.floor(nowMs / this.#intervalMs));
    if (this.#taken === 0 || this.#taken + batches <= this.#allowed) return 0;
    return (this.#interval + 1) * this.#intervalMs - nowMs;
  }

  /** Counts an admitted request. @returns the share of the interval's allowance in use, in percent, at most 100. */
  take(batches: number, nowMs: number): number {
    this.#enter(Math.floor(nowMs / this.#intervalMs));
    this.#taken += batches;
    return Math.min(100, (100 * this.#taken) / this.#allowed);
  }

  #enter(interval: number): void {
    if (interval === this.#interval) return;
    const before = interval === this.#interval + 1 ? this.#taken : 0;
    this.#allowed = Math.max(this.#restBatches, before * (1 + this.#share));
    this.#interval = interval;
    this.#taken = 0;
  }
}
