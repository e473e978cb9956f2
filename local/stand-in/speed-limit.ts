/**
 * Batches per second of one feed, counted over a sliding window: at no time have more than `batchesPerSecond` batches
 * been admitted in the second before.
 *
 * A request with more batches than that could never pass. It is admitted into an empty window and stays there for as
 * many seconds as its batches are worth, so that the limit holds on average.
 */
export class SpeedLimit {
  readonly #batchesPerSecond: number;
  /** Oldest first; an entry also leaves first, because nothing is admitted beside one that stays longer. */
  readonly #window: { readonly leavesAtMs: number; readonly batches: number }[] = [];
  #batchesInWindow = 0;

  constructor(batchesPerSecond: number) {
    this.#batchesPerSecond = batchesPerSecond;
  }

  /** Milliseconds until a request of so many batches would be admitted; 0: now. */
  waitMs(batches: number, nowMs: number): number {
    this.#leave(nowMs);
    let inWindow = this.#batchesInWindow;
    let waitMs = 0;
    for (const entry of this.#window) {
      if (inWindow + batches <= this.#batchesPerSecond) break;
      inWindow -= entry.batches;
      waitMs = entry.leavesAtMs - nowMs;
    }
    return waitMs;
  }

  /** Counts an admitted request. @returns the share of the limit in use, in percent, at most 100. */
  take(batches: number, nowMs: number): number {
    const staysMs = 1000 * Math.max(1, batches / this.#batchesPerSecond);
    this.#window.push({ leavesAtMs: nowMs + staysMs, batches });
    this.#batchesInWindow += batches;
    return Math.min(100, (100 * this.#batchesInWindow) / this.#batchesPerSecond);
  }

  #leave(nowMs: number): void {
    let left = 0;
    for (const entry of this.#window) {
      if (entry.leavesAtMs > nowMs) break;
      this.#batchesInWindow -= entry.batches;
      left++;
    }
    this.#window.splice(0, left);
  }
}
