import type { FlowState, Grant, Lane } from "./flow-state.schema.ts";

/** Milliseconds that mParticle's limit speaks of: batches per second. */
export const LIMIT_WINDOW_MS = 1_000;

/** Milliseconds for which past grants are kept: what they tell is how much of the rate was used lately. */
const KEEP_MS = 3_000;

/** Share of the rate that counts as all of it: requests do not fill every window to the last batch. */
const FULL_SHARE = 0.85;

/**
 * Milliseconds over which the rate holds: in no span of this length are more than the rate's batches let through. A little
 * over a second, for requests do not all travel equally fast: how much is learnt.
 */
export function windowMs({ marginMs }: Pick<FlowState, "marginMs">): number {
  return LIMIT_WINDOW_MS + marginMs;
}

/** Batches that any window has room for. A rate that was learnt falls short of the limit by a hair. */
export function capacityOf(rate: number): number {
  return Math.max(1, Math.floor(rate + 0.1));
}

/** Batches granted in the span of so many milliseconds that ends at an instant. */
export function usedAt(grants: readonly Grant[], atMs: number, spanMs: number, lane?: Lane): number {
  let used = 0;
  for (const grant of grants) {
    const isWithin = grant.atMs > atMs - spanMs && grant.atMs <= atMs;
    if (isWithin && (!lane || grant.lane === lane)) used += grant.batches;
  }
  return used;
}

/**
 * The most that is granted in any span of so many milliseconds that an instant lies in, those that end with a later grant
 * included: what more is granted for that instant counts in all of them.
 */
export function mostUsedAround(
  grants: readonly Grant[],
  atMs: number,
  spanMs: number,
  lane?: Lane,
): number {
  const near = grants.filter(
    (grant) =>
      grant.atMs > atMs - spanMs && grant.atMs < atMs + spanMs && (!lane || grant.lane === lane),
  );
  let most = 0;
  let used = 0;
  let oldest = 0;
  for (const grant of near) {
    used += grant.batches;
    for (let left = near[oldest]; left && left.atMs <= grant.atMs - spanMs; left = near[++oldest])
      used -= left.batches;
    most = Math.max(most, used);
  }
  return most;
}

/** Batches that the feed could have taken lately and was not given: room that may be used whoever stands in line. */
export function idleBatches({ grants, rate }: FlowState, nowMs: number): number {
  let used = 0;
  for (const { atMs, batches } of grants) if (atMs > nowMs - KEEP_MS) used += batches;
  return Math.max(0, Math.floor((FULL_SHARE * rate * KEEP_MS) / 1000 - used));
}

/** The grants that still matter. */
export function recent(grants: readonly Grant[], nowMs: number): readonly Grant[] {
  return grants.filter(({ atMs }) => atMs > nowMs - KEEP_MS);
}
