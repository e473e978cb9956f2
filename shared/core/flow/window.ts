import type { FlowState, Grant, Lane } from "./flow-state.schema.ts";

/** Milliseconds that mParticle's limit speaks of: batches per second. */
export const LIMIT_WINDOW_MS = 1_000;

/** The margin counts in steps of so many milliseconds, so that windows, and with them the slots, hardly ever change. */
const MARGIN_GRAIN_MS = 4;

/** Slots of a window. What is granted for the same slot is one grant: that bounds their number, however many callers there are. */
export const SLOTS_PER_WINDOW = 20;

/** Milliseconds for which past grants are kept: what they tell is how much of the rate was used lately. */
export const KEEP_MS = 3_000;

/** Milliseconds ahead in which invocations take room at the most, with a second for clocks that differ. */
const AHEAD_MS = 31_000;

/**
 * Milliseconds over which the rate holds: in no span of this length are more than the rate's batches let through. A little
 * over a second, for requests do not all travel equally fast: how much is learnt.
 */
export function windowMs({ marginMs }: Pick<FlowState, "marginMs">): number {
  return LIMIT_WINDOW_MS + MARGIN_GRAIN_MS * Math.ceil(marginMs / MARGIN_GRAIN_MS);
}

/** Batches that any window has room for. */
export function capacityOf(rate: number): number {
  return Math.max(1, Math.round(rate));
}

/** The first slot that starts at an instant or after it, counted since the epoch. */
export function slotFrom(atMs: number, spanMs: number): number {
  return Math.floor(((Math.ceil(atMs) - 1) * SLOTS_PER_WINDOW) / spanMs) + 1;
}

/** The first millisecond of a slot: those of slots that are a window apart are a window apart. */
export function slotStartMs(slot: number, spanMs: number): number {
  return Math.ceil((slot * spanMs) / SLOTS_PER_WINDOW);
}

/** A slot's even part of a window's batches: the parts of as many slots as a window has add up to them, whichever they are. */
export function partOf(slot: number, batches: number): number {
  return (
    Math.floor(((slot + 1) * batches) / SLOTS_PER_WINDOW) - Math.floor((slot * batches) / SLOTS_PER_WINDOW)
  );
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

/** The grants with another one, in the order of their instants; as one with that of the same instant and lane. */
export function withGrant(grants: readonly Grant[], { atMs, batches, lane }: Grant): Grant[] {
  const same = grants.findIndex((grant) => grant.atMs === atMs && grant.lane === lane);
  const other = grants[same];
  if (other) return grants.with(same, { ...other, batches: other.batches + batches });
  const after = grants.findLastIndex((grant) => grant.atMs <= atMs) + 1;
  return grants.toSpliced(after, 0, { atMs, batches, lane });
}

/**
 * The grants that still matter. Those between the starts of two slots that are over count as one at the second: as if they left
 * the window a little later. One further ahead than an invocation can wait was given by a clock that was wrong.
 */
export function recent({ grants, ...state }: Pick<FlowState, "grants" | "marginMs">, nowMs: number): Grant[] {
  const spanMs = windowMs(state);
  let kept: Grant[] = [];
  for (const grant of grants) {
    if (grant.atMs <= nowMs - KEEP_MS || grant.atMs > nowMs + AHEAD_MS) continue;
    const startMs = slotStartMs(slotFrom(grant.atMs, spanMs), spanMs);
    kept = withGrant(kept, { ...grant, atMs: startMs <= nowMs ? startMs : grant.atMs });
  }
  return kept;
}
