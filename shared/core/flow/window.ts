import type { FlowState, Grant, Lane } from "./flow-state.schema.ts";

/** Milliseconds that mParticle's limit speaks of: batches per second. */
export const LIMIT_WINDOW_MS = 1_000;

/** Milliseconds for which past grants are kept: what they tell is how much of the rate was used lately. */
const KEEP_MS = 3_000;

/**
 * Milliseconds over which the rate holds: in no span of this length are more than the rate's batches let through. A little
 * over a second, for requests do not all travel equally fast: how much is learnt.
 */
export function windowMs({ marginMs }: Pick<FlowState, "marginMs">): number {
  return LIMIT_WINDOW_MS + marginMs;
}

/** Milliseconds ahead in which invocations take room at the most, with a second for clocks that differ. */
const AHEAD_MS = 31_000;

/**
 * What a learnt rate falls short of the limit by, which is a whole number: as a share, for the percentages that tell it are
 * rounded, and in batches at the most.
 */
const ROUNDED_SHARE = 0.025;
const ROUNDED_BATCHES = 0.51;

/** Batches that any window has room for. */
export function capacityOf(rate: number): number {
  return Math.max(1, Math.floor(rate + Math.min(rate * ROUNDED_SHARE, ROUNDED_BATCHES)));
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
export function mostUsedAround(grants: readonly Grant[], atMs: number, spanMs: number, lane?: Lane): number {
  const isNear = (grant: Grant) => grant.atMs > atMs - spanMs && (!lane || grant.lane === lane);
  let most = 0;
  let used = 0;
  let oldest = 0;
  for (const grant of grants) {
    if (grant.atMs >= atMs + spanMs) break;
    if (!isNear(grant)) continue;
    used += grant.batches;
    for (let left = grants[oldest]; left && left.atMs <= grant.atMs - spanMs; left = grants[++oldest])
      if (isNear(left)) used -= left.batches;
    most = Math.max(most, used);
  }
  return most;
}

/** The grants that still matter. One further ahead than an invocation can wait was given by a clock that was wrong. */
export function recent(grants: readonly Grant[], nowMs: number): readonly Grant[] {
  return grants.filter(({ atMs }) => atMs > nowMs - KEEP_MS && atMs <= nowMs + AHEAD_MS);
}
