import { afterFailure } from "./circuit.ts";
import type { FlowState, Grant } from "./flow-state.schema.ts";
import { MIN_MARGIN_MS, rescaled, withRate } from "./flow-state.ts";
import { LIMIT_WINDOW_MS, usedAt } from "./window.ts";

/** What the requests of one grant met. */
export type Observation =
  | {
      readonly kind: "accepted";
      /** Instant of the grant; undefined: it was used late, so that what is known of its window is not true. */
      readonly atMs?: number | undefined;
      /** The most that any answer gave as the share of mParticle's limits in use, in percent. */
      readonly usedPercent?: number | undefined;
    }
  | {
      readonly kind: "throttled";
      readonly grant: Grant;
      /** When the request was sent. */
      readonly sentAtMs: number;
      readonly retryAfterSeconds?: number | undefined;
      /** As `X-mp-rate-limit-exceeded` names it. */
      readonly scope?: string | undefined;
    }
  | { readonly kind: "unavailable" }
  /** Batches of a grant that were not sent after all. */
  | { readonly kind: "unused"; readonly grant: Grant };

/** Lowest rate, in batches a second: a feed that is throttled whatever it does is still tried now and then. */
const MIN_RATE = 1;

/** Most by which the rate grows in a second. */
const GROWTH_PER_SECOND = 1.5;

/** The same where answers tell nothing and a rate is not known to be safe, as a share of it. */
const BLIND_GROWTH = 0.05;

/** Seconds of growth that one answer may bring about at most. */
const MAX_GROWTH_SECONDS = 5;

/** Share of a rate that met a 429 which is taken as safe, and for how long it is not passed, in milliseconds. */
const SAFE_SHARE = 0.97;
const CEILING_MS = 60_000;

/** Percentages of use: below the first the limit is far away; from the second on, the rate grows no more. */
const HARDLY_USED_PERCENT = 10;
const NEARLY_FULL_PERCENT = 95;

/**
 * Milliseconds by which requests may overtake each other on their way. A grant tells of the limit only when no other is
 * this near; and what was granted this near to the window's end may have left it.
 */
const OVERTAKING_MS = 60;

/** Share of a learnt limit that is forgotten in a second, so that an estimate too high does not stay. */
const FORGOTTEN_PER_SECOND = 0.001;

/** A rate so much over the learnt limit is still within it: some of that was forgotten since the rate was set. */
const LEARNT_TOLERANCE = 1.03;

/** Share of a learnt limit that is left after it met a 429. */
const DOUBTED_SHARE = 0.9;

/** Milliseconds that a 429 below the learnt limit adds to the window, the most, and what is taken back in a second. */
const MARGIN_STEP_MS = 20;
const MAX_MARGIN_MS = 150;
const MARGIN_BACK_PER_SECOND_MS = 0.05;

/** Wait after a 429 that names no time, in milliseconds: the first, and the longest. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Learns from what grants' requests met, in the order in which they ended.
 *
 * Every answer with a percentage gives an estimate of the limit: what was sent within the window over the share that it
 * was. The rate grows towards it, additively where nothing is told; a 429 halves it.
 *
 * @param random - In [0, 1).
 */
export function learn(
  before: FlowState,
  observations: readonly Observation[],
  nowMs: number,
  random: number,
): FlowState {
  let state = before;
  for (const observation of observations) {
    switch (observation.kind) {
      case "accepted":
        state = accepted(state, observation);
        break;
      case "throttled":
        state = throttled(withoutGrant(state, observation.grant), observation, nowMs, random);
        break;
      case "unavailable":
        state = afterFailure(state, nowMs, random);
        break;
      case "unused":
        state = withoutGrant(state, observation.grant);
        break;
    }
  }
  return rescaled(before, grown(state, observations, nowMs), nowMs);
}

/** What mParticle did not take does not count as sent. */
function withoutGrant(state: FlowState, { atMs, batches, lane }: Grant): FlowState {
  let left = batches;
  const grants = state.grants.flatMap((grant) => {
    if (grant.atMs !== atMs || grant.lane !== lane || left === 0) return [grant];
    const taken = Math.min(left, grant.batches);
    left -= taken;
    return taken < grant.batches ? [{ ...grant, batches: grant.batches - taken }] : [];
  });
  return { ...state, grants };
}

type Accepted = Observation & { readonly kind: "accepted" };

function accepted(state: FlowState, observation: Accepted): FlowState {
  const answered = { ...state, failures: 0, throttles: 0 };
  const estimate = estimateOf(state, observation);
  if (estimate === undefined) return answered;
  // Of two in a row the lower counts: answers that overtook each other tell of a limit that is too high.
  return { ...answered, estimate, limit: Math.max(state.limit, Math.min(estimate, state.estimate)) };
}

/** One step of growth for all that was accepted together. */
function grown(before: FlowState, observations: readonly Observation[], nowMs: number): FlowState {
  const answers = observations.filter((observation) => observation.kind === "accepted");
  if (answers.length === 0 || answers.length < observations.length) return before;
  const seconds = Math.min(MAX_GROWTH_SECONDS, Math.max(0, (nowMs - before.rateAtMs) / 1000));
  const state = {
    ...before,
    limit: before.limit * (1 - FORGOTTEN_PER_SECOND) ** seconds,
    marginMs: Math.max(MIN_MARGIN_MS, before.marginMs - seconds * MARGIN_BACK_PER_SECOND_MS),
  };
  return withRate(state, grownRate(state, answers, seconds, nowMs), nowMs);
}

/** Towards what is known to be safe quickly; beyond it, or where nothing is known, little by little. */
function grownRate(state: FlowState, answers: readonly Accepted[], seconds: number, nowMs: number): number {
  const { rate, limit, ceiling, ceilingAtMs } = state;
  const percents = answers.flatMap(({ usedPercent }) => usedPercent ?? []);
  const most = Math.max(0, ...percents);
  if (most >= NEARLY_FULL_PERCENT) return rate;
  const safe = limit > 0 ? limit : ceiling * SAFE_SHARE;
  const quick = rate * GROWTH_PER_SECOND ** seconds;
  const highest =
    ceiling > 0 && nowMs - ceilingAtMs < CEILING_MS ? ceiling * SAFE_SHARE : Number.POSITIVE_INFINITY;
  if (rate < safe) return Math.max(rate, Math.min(safe, quick, highest));
  const isUsed = answers.some(
    ({ atMs }) => atMs !== undefined && usedAt(state.grants, atMs, LIMIT_WINDOW_MS) >= rate / 2,
  );
  if (!isUsed || limit > 0) return rate;
  const isFarFromFull = percents.length > 0 && most < HARDLY_USED_PERCENT;
  const further = isFarFromFull ? quick : rate + Math.max(1, rate * BLIND_GROWTH) * seconds;
  return Math.max(rate, Math.min(further, highest));
}

/** The feed's limit as one answer tells it: rather too low than too high. Undefined: it does not. */
function estimateOf({ grants }: FlowState, { atMs, usedPercent }: Accepted): number | undefined {
  if (atMs === undefined || usedPercent === undefined || usedPercent <= 0) return undefined;
  const near = grants.filter((grant) => Math.abs(grant.atMs - atMs) < OVERTAKING_MS);
  if (near.length !== 1) return undefined;
  return usedAt(grants, atMs, LIMIT_WINDOW_MS - OVERTAKING_MS) / (Math.min(usedPercent, 100) / 100);
}

function throttled(
  before: FlowState,
  { sentAtMs, retryAfterSeconds, scope }: Observation & { kind: "throttled" },
  nowMs: number,
  random: number,
): FlowState {
  const throttles = retryAfterSeconds === undefined ? before.throttles + 1 : 0;
  const waitMs =
    retryAfterSeconds === undefined
      ? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(before.throttles, 20)) * (0.5 + random / 2)
      : retryAfterSeconds * 1000;
  const state = {
    ...before,
    failures: 0,
    throttles,
    blockedUntilMs: Math.max(before.blockedUntilMs, nowMs + waitMs),
  };
  // Requests that were under way together met the same limit: they lower the rate once.
  if (sentAtMs <= before.loweredAtMs) return state;
  const lowered = { ...state, loweredAtMs: nowMs };
  if (scope === "acceleration") {
    return withRate(lowered, Math.max(MIN_RATE, state.rate / GROWTH_PER_SECOND), nowMs);
  }
  const { rate, limit, estimate } = state;
  // Within the limit that answers told, requests only came too close together; beyond it, this rate is too much.
  const isWithinLimit = limit > 0 && rate <= limit * LEARNT_TOLERANCE;
  const met = isWithinLimit
    ? { marginMs: Math.min(MAX_MARGIN_MS, state.marginMs + MARGIN_STEP_MS) }
    : { ceiling: rate, ceilingAtMs: nowMs };
  const doubted = Math.max(Math.min(estimate, limit), limit * DOUBTED_SHARE);
  return withRate({ ...lowered, ...met, limit: doubted }, Math.max(MIN_RATE, rate / 2), nowMs);
}

/** Whether what was learnt is worth a write by itself. What is not is learnt again from the next answers. */
export function isWorthKeeping(before: FlowState, after: FlowState): boolean {
  const differs = (a: number, b: number, share: number) => Math.abs(a - b) > share * Math.max(a, b);
  return (
    differs(before.rate, after.rate, 0.02) ||
    differs(before.limit, after.limit, 0.05) ||
    before.failures !== after.failures ||
    before.throttles !== after.throttles ||
    before.blockedUntilMs !== after.blockedUntilMs ||
    before.grants.length !== after.grants.length
  );
}
