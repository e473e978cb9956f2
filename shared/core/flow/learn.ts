import { afterFailure, isOpen } from "./circuit.ts";
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
      /** What was not taken. Undefined: another feed's, which shares the limit. */
      readonly grant: Grant | undefined;
      /** When its room was asked for. */
      readonly askedAtMs: number;
      readonly retryAfterSeconds?: number | undefined;
      /** As `X-mp-rate-limit-exceeded` names it. */
      readonly scope?: string | undefined;
    }
  | {
      readonly kind: "unavailable";
      /** When its room was asked for. */
      readonly askedAtMs: number;
    }
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
const CEILING_MS = 120_000;

/** The same where a limit is nearly used up, be it by others. */
const SLOW_GROWTH = 0.01;

/** Percentages of use: below the first the limit is far away; from the second on, it is nearly used up. */
const HARDLY_USED_PERCENT = 10;
const NEARLY_FULL_PERCENT = 95;

/**
 * Milliseconds by which requests may overtake each other on their way. What was granted so shortly before may come later, and
 * what was granted so near to the window's end may have left it.
 */
const OVERTAKING_MS = 60;

/** By how much a limit is raised at most by an answer that says that it is used up. */
const FULL_TELLS = 1.02;

/** Share of a learnt limit that is forgotten in a second, so that an estimate too high does not stay. */
const FORGOTTEN_PER_SECOND = 0.001;

/** A rate so much over the learnt limit is still within it: some of that was forgotten since the rate was set. */
const LEARNT_TOLERANCE = 1.03;

/** Longest time to wait that is taken at its word, in milliseconds: to ask once an hour costs nobody anything. */
const LONGEST_BLOCK_MS = 3_600_000;

/** A limit of which the latest answer tells less than this share is not what it was. */
const DOUBTED_SHARE = 0.9;

/**
 * What a 429 within the learnt limit adds to the window, in milliseconds or as a share of what was added before, whichever is
 * more; the most; and the share that is taken back in a second.
 */
const MARGIN_STEP_MS = 10;
const MARGIN_STEP_SHARE = 0.3;
const MAX_MARGIN_MS = 150;
const MARGIN_BACK_PER_SECOND = 0.001;

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
        state = afterFailure(state, observation.askedAtMs, nowMs, random);
        break;
      case "unused":
        state = withoutGrant(state, observation.grant);
        break;
    }
  }
  return rescaled(before, grown(state, observations, nowMs), nowMs);
}

/** What mParticle did not take does not count as sent. */
function withoutGrant(state: FlowState, refused: Grant | undefined): FlowState {
  if (!refused) return state;
  const { atMs, batches, lane } = refused;
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
  // After an outage it starts slower again, as after a rest.
  const rate = isOpen(state) ? Math.max(MIN_RATE, state.rate / 2) : state.rate;
  const answered = { ...state, rate, failures: 0, throttles: 0 };
  const told = estimateOf(state, observation);
  if (told === undefined) return answered;
  // Of two in a row the lower counts: what was used late, or not at all, makes one too high.
  const limit = Math.max(state.limit, Math.min(told.limit, state.estimate));
  return { ...answered, limit, estimate: told.isExact ? told.limit : Math.max(told.limit, state.estimate) };
}

/** One step of growth for all that was accepted together. */
function grown(before: FlowState, observations: readonly Observation[], nowMs: number): FlowState {
  const answers = observations.filter((observation) => observation.kind === "accepted");
  if (answers.length === 0 || answers.length < observations.length) return before;
  const seconds = Math.min(MAX_GROWTH_SECONDS, Math.max(0, (nowMs - before.rateAtMs) / 1000));
  const state = {
    ...before,
    limit: before.limit * (1 - FORGOTTEN_PER_SECOND) ** seconds,
    marginMs: MIN_MARGIN_MS + (before.marginMs - MIN_MARGIN_MS) * (1 - MARGIN_BACK_PER_SECOND) ** seconds,
  };
  return withRate(state, grownRate(state, answers, seconds, nowMs), nowMs);
}

/** Towards what is known to be safe quickly; beyond it, or where nothing is known, little by little. */
function grownRate(state: FlowState, answers: readonly Accepted[], seconds: number, nowMs: number): number {
  const { rate, limit, ceiling, ceilingAtMs, marginMs } = state;
  const percents = answers.flatMap(({ usedPercent }) => usedPercent ?? []);
  const most = Math.max(0, ...percents);
  const safe = limit > 0 ? limit : ceiling * SAFE_SHARE;
  const isNearlyFull = most >= NEARLY_FULL_PERCENT;
  const quick = isNearlyFull ? rate + rate * SLOW_GROWTH * seconds : rate * GROWTH_PER_SECOND ** seconds;
  // What answers tell counts for more than what was tried, unless it met 429s however wide the window was made.
  const isBounded =
    ceiling > 0 && nowMs - ceilingAtMs < CEILING_MS && (limit === 0 || marginMs >= MAX_MARGIN_MS);
  const highest = isBounded ? ceiling * SAFE_SHARE : Number.POSITIVE_INFINITY;
  if (rate < safe) return Math.max(rate, Math.min(safe, quick, highest));
  const isUsed = answers.some(
    ({ atMs }) => atMs !== undefined && usedAt(state.grants, atMs, LIMIT_WINDOW_MS) >= rate / 2,
  );
  if (!isUsed || limit > 0 || isNearlyFull) return rate;
  const isFarFromFull = percents.length > 0 && most < HARDLY_USED_PERCENT;
  const further = isFarFromFull ? quick : rate + Math.max(1, rate * BLIND_GROWTH) * seconds;
  return Math.max(rate, Math.min(further, highest));
}

/**
 * The feed's limit as one answer tells it, rather too low than too high: what was granted so shortly before that it may have come
 * later is left out, and then the estimate is not exact. Undefined: the answer does not tell.
 */
function estimateOf(
  { grants, limit }: FlowState,
  { atMs, usedPercent }: Accepted,
): { readonly limit: number; readonly isExact: boolean } | undefined {
  if (atMs === undefined || usedPercent === undefined || usedPercent <= 0) return undefined;
  const own = grants.find((grant) => grant.atMs === atMs);
  if (!own) return undefined;
  const near = usedAt(grants, atMs + OVERTAKING_MS, 2 * OVERTAKING_MS) - own.batches;
  const before = usedAt(grants, atMs, OVERTAKING_MS) - own.batches;
  // It may have been rounded down. Near the limit, half of that is left to the margin.
  const roundedOff = usedPercent < NEARLY_FULL_PERCENT ? 1 : 0.5;
  const share = Math.min(usedPercent + roundedOff, 100) / 100;
  const used = usedAt(grants, atMs, LIMIT_WINDOW_MS - OVERTAKING_MS) - before;
  // All of it, or more: the limit may be lower. So it tells only that what is taken for the limit is not far too low.
  const highest = usedPercent >= 100 ? limit * FULL_TELLS : Number.POSITIVE_INFINITY;
  return { limit: Math.min(used / share, highest), isExact: near === 0 };
}

function throttled(
  before: FlowState,
  { grant, askedAtMs, retryAfterSeconds, scope }: Observation & { kind: "throttled" },
  nowMs: number,
  random: number,
): FlowState {
  const throttles = retryAfterSeconds === undefined ? before.throttles + 1 : 0;
  const waitMs =
    retryAfterSeconds === undefined
      ? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(before.throttles, 20)) * (0.5 + random / 2)
      : Math.min(LONGEST_BLOCK_MS, retryAfterSeconds * 1000);
  const state = {
    ...before,
    failures: 0,
    throttles,
    blockedUntilMs: Math.max(before.blockedUntilMs, nowMs + waitMs),
  };
  // Requests that were let through before the rate was lowered met the same limit: they lower it once.
  if (askedAtMs < before.loweredAtMs && before.loweredAtMs <= nowMs) return state;
  const lowered = { ...state, loweredAtMs: nowMs };
  if (scope === "acceleration") {
    return withRate(lowered, Math.max(MIN_RATE, state.rate / GROWTH_PER_SECOND), nowMs);
  }
  const halved = withRate(lowered, Math.max(MIN_RATE, state.rate / 2), nowMs);
  return grant ? { ...halved, ...limitsMet(state, grant, nowMs) } : halved;
}

/**
 * What a 429 says of the limit. Within what is taken for it, requests only came too close together: the window gets longer.
 * Beyond, this much is too much.
 */
function limitsMet(state: FlowState, grant: Grant, nowMs: number): Partial<FlowState> {
  const { rate, limit, estimate, ceiling, ceilingAtMs, marginMs } = state;
  const isOutdated = estimate < limit * DOUBTED_SHARE;
  const doubted = isOutdated ? Math.max(estimate, limit / 2) : Math.min(estimate, limit);
  const safe = limit > 0 ? limit : nowMs - ceilingAtMs < CEILING_MS ? ceiling * SAFE_SHARE : 0;
  const isTooClose = rate <= safe * LEARNT_TOLERANCE && !isOutdated;
  const widened = Math.min(MAX_MARGIN_MS, marginMs + Math.max(MARGIN_STEP_MS, marginMs * MARGIN_STEP_SHARE));
  const sent = usedAt(state.grants, grant.atMs, LIMIT_WINDOW_MS) + grant.batches;
  // A rate that was not made use of says nothing of the limit.
  const met = sent >= rate / 2 ? Math.min(rate, sent) : rate;
  return {
    limit: doubted,
    marginMs: isTooClose ? widened : marginMs,
    // Where nothing is told, it may have been both: too much, and too close together.
    ...((!isTooClose || limit === 0 || marginMs >= MAX_MARGIN_MS) && { ceiling: met, ceilingAtMs: nowMs }),
  };
}

function granted({ grants }: FlowState): number {
  return grants.reduce((sum, { batches }) => sum + batches, 0);
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
    granted(before) !== granted(after)
  );
}
