import { MAX_BATCHES_PER_REQUEST, MAX_REQUEST_BYTES } from "./limits.ts";

export interface Packable {
  /** The serialised batch. */
  readonly body: { readonly length: number };
  readonly eventCount: number;
}

export interface PackLimits {
  readonly maxBatches: number;
  /** UTF-8 bytes of a whole body: brackets and commas included. */
  readonly maxBytes: number;
  readonly maxEvents: number;
}

export const DEFAULT_PACK_LIMITS: PackLimits = {
  maxBatches: MAX_BATCHES_PER_REQUEST,
  maxBytes: MAX_REQUEST_BYTES,
  maxEvents: Number.POSITIVE_INFINITY,
};

interface Bin<Item> {
  readonly items: Item[];
  bytes: number;
  events: number;
}

/**
 * Packs batches into as few bulk requests as their limits allow.
 *
 * Least-loaded first (worst fit) over the fewest bins that could do keeps loads level and reaches that minimum for
 * batches of ordinary size. Where it does not, because batches are large against a request, largest first into the
 * fullest bin with room (best fit decreasing) comes closest.
 *
 * @param batches - Each within the limits by itself; empty in, empty out.
 * @returns Every batch exactly once.
 */
export function pack<Item extends Packable>(
  batches: readonly Item[],
  limits: PackLimits = DEFAULT_PACK_LIMITS,
): Item[][] {
  return worstFit(batches, fewestRequests(batches, limits), limits) ?? bestFitDecreasing(batches, limits);
}

/** A lower bound that no packing can beat. */
export function fewestRequests(
  batches: readonly Packable[],
  limits: PackLimits = DEFAULT_PACK_LIMITS,
): number {
  let bytes = 0;
  let events = 0;
  for (const batch of batches) {
    bytes += batch.body.length + 1;
    events += batch.eventCount;
  }
  return Math.max(
    Math.ceil(batches.length / limits.maxBatches),
    Math.ceil(bytes / (limits.maxBytes - 1)),
    Math.ceil(events / limits.maxEvents),
  );
}

/** Undefined: this many bins do not do. */
function worstFit<Item extends Packable>(
  batches: readonly Item[],
  count: number,
  limits: PackLimits,
): Item[][] | undefined {
  const bins: Bin<Item>[] = Array.from({ length: count }, emptyBin<Item>);
  // A binary heap by load. A bin that holds its number of batches leaves it.
  const heap = bins.slice();
  for (const batch of batches) {
    const bin = heap[0];
    if (!bin || !fits(bin, batch, limits)) return undefined;
    put(bin, batch);
    if (bin.items.length >= limits.maxBatches) {
      const last = heap.pop();
      if (last && heap.length > 0) heap[0] = last;
    }
    siftDown(heap);
  }
  return bins.map(({ items }) => items);
}

function siftDown(heap: Bin<unknown>[]): void {
  let at = 0;
  for (;;) {
    let least = at;
    for (let child = 2 * at + 1; child <= 2 * at + 2 && child < heap.length; child++) {
      if (loadAt(heap, child) < loadAt(heap, least)) least = child;
    }
    if (least === at) return;
    const bin = heap[at];
    const other = heap[least];
    if (!bin || !other) return;
    heap[at] = other;
    heap[least] = bin;
    at = least;
  }
}

function loadAt(heap: readonly Bin<unknown>[], at: number): number {
  return heap[at]?.bytes ?? Number.POSITIVE_INFINITY;
}

function bestFitDecreasing<Item extends Packable>(batches: readonly Item[], limits: PackLimits): Item[][] {
  const open: Bin<Item>[] = [];
  const done: Bin<Item>[] = [];
  for (const batch of batches.toSorted((a, b) => b.body.length - a.body.length)) {
    let best: Bin<Item> | undefined;
    for (const bin of open) if (fits(bin, batch, limits) && (!best || bin.bytes > best.bytes)) best = bin;
    if (!best) {
      best = emptyBin<Item>();
      open.push(best);
    }
    put(best, batch);
    if (best.items.length >= limits.maxBatches) done.push(...open.splice(open.indexOf(best), 1));
  }
  return [...done, ...open].map(({ items }) => items);
}

function emptyBin<Item>(): Bin<Item> {
  return { items: [], bytes: 1, events: 0 };
}

function fits(bin: Bin<unknown>, batch: Packable, { maxBatches, maxBytes, maxEvents }: PackLimits): boolean {
  return (
    bin.items.length < maxBatches &&
    bin.bytes + batch.body.length + 1 <= maxBytes &&
    (bin.events + batch.eventCount <= maxEvents || bin.items.length === 0)
  );
}

function put<Item extends Packable>(bin: Bin<Item>, batch: Item): void {
  bin.items.push(batch);
  bin.bytes += batch.body.length + 1;
  bin.events += batch.eventCount;
}
