/** Milliseconds of many things, for percentiles. */
export class Samples {
  readonly #values: number[] = [];

  add(ms: number): void {
    this.#values.push(ms);
  }

  get count(): number {
    return this.#values.length;
  }

  countOver(ms: number): number {
    return this.#values.filter((value) => value > ms).length;
  }

  /** Nearest rank: the least sample that at least this share of all does not exceed. Undefined: there are none. */
  percentile(share: number): number | undefined {
    const sorted = Float64Array.from(this.#values).sort();
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  }
}
