/** How long events took, milliseconds from publishing to being taken. Undefined: there were none. */
export interface Latency {
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

export function latencyOf(samples: readonly number[]): Latency {
  const sorted = samples.toSorted((a, b) => a - b);
  return { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) };
}

/** Nearest rank: the least sample that at least this share of all samples does not exceed. */
function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
