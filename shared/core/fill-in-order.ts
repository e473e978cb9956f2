/** A run of neighbours: positions from `start` up to, not including, `end`. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a list into runs within both limits, opening a new run only when the next item does not fit.
 * An item larger than `maxBytes` gets a run of its own.
 */
export function fillInOrder(
  bytes: readonly number[],
  { maxBytes, maxItems = Number.POSITIVE_INFINITY }: { maxBytes: number; maxItems?: number },
): Run[] {
  const runs: Run[] = [];
  let start = 0;
  let used = 0;
  for (const [position, size] of bytes.entries()) {
    if (position > start && (used + size > maxBytes || position - start === maxItems)) {
      runs.push({ start, end: position });
      start = position;
      used = 0;
    }
    used += size;
  }
  if (start < bytes.length) runs.push({ start, end: bytes.length });
  return runs;
}
