import type { FlowSettings } from "./flow-settings.ts";
import type { FlowState, Lane, Line } from "./flow-state.schema.ts";

/** Milliseconds by which requests differ in how long they travel: what is thought of a feed at first, and at the least. */
export const USUAL_MARGIN_MS = 35;

/** mParticle's limit unless a customer has another: batches a second. */
const USUAL_LIMIT = 270;

/** Share of a limit that a feed comes to take. */
const EXPECTED_SHARE = 0.95;

/** A feed that nothing is known of. */
export function initialFlow({ initialRate }: FlowSettings, nowMs: number): FlowState {
  return {
    rate: initialRate,
    marginMs: USUAL_MARGIN_MS,
    rateAtMs: nowMs,
    loweredAtMs: 0,
    limit: 0,
    toldAtMs: 0,
    fullAtMs: 0,
    ceiling: 0,
    ceilingAtMs: 0,
    grants: [],
    blockedUntilMs: 0,
    throttles: 0,
    failures: 0,
    openedAtMs: 0,
    probeAtMs: 0,
    liveWaitedAtMs: 0,
    lines: { live: EMPTY_LINE, backfill: EMPTY_LINE },
  };
}

const EMPTY_LINE: Line = { untilMs: 0, returningUntilMs: 0, messages: 0, countedAtMs: 0, spilledAtMs: 0 };

/** The state with another rate, or the same, from now on. */
export function withRate(state: FlowState, rate: number, nowMs: number): FlowState {
  return { ...state, rate, rateAtMs: nowMs };
}

/**
 * Batches a second that a feed will soon take, which is what places in line are reckoned by: a rate that was halved, or that
 * has only begun to grow, would keep messages away for far longer than it lasts.
 */
export function expectedRate({ rate, limit, ceiling }: FlowState): number {
  if (limit > 0) return Math.max(rate, limit * EXPECTED_SHARE);
  return Math.max(rate, (ceiling > 0 ? ceiling : USUAL_LIMIT) * EXPECTED_SHARE);
}

/** What waits in line takes as much longer or shorter as the feed takes more or less than it did before. */
export function rescaled(before: FlowState, after: FlowState, nowMs: number): FlowState {
  const factor = expectedRate(before) / expectedRate(after);
  if (factor === 1) return after;
  const scaled = (untilMs: number) => (untilMs > nowMs ? nowMs + (untilMs - nowMs) * factor : untilMs);
  const scaledLine = (line: Line): Line => ({
    ...line,
    untilMs: scaled(line.untilMs),
    returningUntilMs: scaled(line.returningUntilMs),
  });
  const { live, backfill } = after.lines;
  return { ...after, lines: { live: scaledLine(live), backfill: scaledLine(backfill) } };
}

/** The state as one sender by itself may use it, who cannot ask what others do: at a low rate. */
export function slowed(state: FlowState, rate: number, nowMs: number): FlowState {
  return state.rate > rate
    ? rescaled(state, { ...withRate(state, rate, nowMs), limit: 0, ceiling: rate }, nowMs)
    : state;
}

export function withLine(state: FlowState, lane: Lane, line: Line): FlowState {
  return { ...state, lines: { ...state.lines, [lane]: line } };
}
