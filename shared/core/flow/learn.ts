import { afterFailure, isOpen } from "./circuit.ts";
import type { FlowState, Grant } from "./flow-state.schema.ts";
import { rescaled, USUAL_MARGIN_MS, withRate } from "./flow-state.ts";
import { capacityOf, LIMIT_WINDOW_MS, slotFrom, slotStartMs, usedAt, windowMs } from "./window.ts";

/** What the requests of one grant met. */
export type Observation =
  | {
      readonly kind: "accepted";
      /** All of what was granted. Undefined: it was used late or in part, so that what is known of its window is not true. */
      readonly grant?: Grant | undefined;
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

/** Most by which the rate grows in a second: towards what is known to be safe, or while a limit is far away. */
const GROWTH_PER_SECOND = 1.5;

/** Share by which it grows in a second where nothing is known. */
const BLIND_GROWTH = 0.05;

/** The same beyond what is known, and the most batches at once: so few that no limit is passed before it is told to be in use. */
const CREEPING_GROWTH = 0.005;
const CREEPING_BATCHES = 0.5;

/** Share of a rate that is as good as all of it: answers tell whether there is more beyond it only if it was made use of. */
const USED_SHARE = 0.9;

/** Seconds of growth that one answer may bring about at most. */
const MAX_GROWTH_SECONDS = 5;

/** Share of a rate that met a 429 which is taken as safe, and for how long it is not passed, in milliseconds. */
const SAFE_SHARE = 0.98;
const CEILING_MS = 120_000;

/** Percentage of use below which a limit is far away, and tells little of itself. */
const HARDLY_USED_PERCENT = 10;

/** Percentage of use that may be all of it, and milliseconds for which the rate does not grow after an answer said so. */
const FULL_PERCENT = 100;
const FULL_COUNTS_MS = 3_000;

/** A percentage may have been rounded up or down. */
const ROUNDED_PERCENT = 0.5;

/**
 * How far an answer that says that all of the limit is in use moves what is known of it, others in proportion; and the most, as a
 * share of it: what was not taken and not told yet makes single answers tell far too much.
 */
const WEIGHT = 0.1;
const MOST_MOVED = 0.005;

/** A limit that is all in use, or met, when less than this share of it was sent is not what it was. */
const DOUBTED_SHARE = 0.8;

/** Milliseconds without a percentage in any answer after which a limit that was told counts no more. */
const TOLD_COUNTS_MS = 60_000;

/** Longest time to wait that is taken at its word, in milliseconds: to ask once an hour costs nobody anything. */
const LONGEST_BLOCK_MS = 3_600_000;

/**
 * What a 429 within the learnt limit adds to the window, in milliseconds or as a share of what was added before, whichever is
 * more; the most; and the share that is taken back in a second.
 */
const MARGIN_STEP_MS = 10;
const MARGIN_STEP_SHARE = 0.3;
const MAX_MARGIN_MS = 150;
const MARGIN_BACK_PER_SECOND = 0.003;

/** Wait after a 429 that names no time, in milliseconds: the first, and the longest. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Learns from what grants' requests met, in the order in which they ended.
 *
 * Every answer with a percentage gives an estimate of the limit: what was sent within the window over the share that it
 * was. The rate grows quickly to what is known to be safe, slowly beyond it, and not at all while answers say that all of the
 * limit is in use; a 429 halves it.
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
        state = accepted(state, observation, nowMs);
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

/** What mParticle did not take does not count as sent. It may have been put together with others of its slot. */
function withoutGrant(state: FlowState, refused: Grant | undefined): FlowState {
  if (!refused) return state;
  const spanMs = windowMs(state);
  const slotMs = slotStartMs(slotFrom(refused.atMs, spanMs), spanMs);
  let left = refused.batches;
  const grants = state.grants.flatMap((grant) => {
    const isOfIt = grant.lane === refused.lane && (grant.atMs === refused.atMs || grant.atMs === slotMs);
    if (!isOfIt || left === 0) return [grant];
    const taken = Math.min(left, grant.batches);
    left -= taken;
    return taken < grant.batches ? [{ ...grant, batches: grant.batches - taken }] : [];
  });
  return { ...state, grants };
}

type Accepted = Observation & { readonly kind: "accepted" };

function accepted(state: FlowState, { grant, usedPercent }: Accepted, nowMs: number): FlowState {
  // After an outage it starts slower again, as after a rest.
  const rate = isOpen(state) ? Math.max(MIN_RATE, state.rate / 2) : state.rate;
  const answered = { ...state, rate, failures: 0, throttles: 0 };
  if (usedPercent === undefined) return withoutOldLimit(answered, nowMs);
  const told = { ...answered, toldAtMs: nowMs, ...(usedPercent >= FULL_PERCENT && { fullAtMs: nowMs }) };
  if (!grant || usedPercent < HARDLY_USED_PERCENT) return told;
  const estimate = estimateOf(state, grant, usedPercent);
  const { limit } = state;
  // All of it, or more: the limit may be lower, but not higher.
  if (usedPercent >= FULL_PERCENT && estimate < limit * DOUBTED_SHARE)
    return { ...told, limit: (limit + estimate) / 2 };
  if (limit === 0) return usedPercent < FULL_PERCENT ? { ...told, limit: estimate } : told;
  const moved = (estimate - limit) * WEIGHT * (usedPercent / 100);
  const most = limit * MOST_MOVED;
  return { ...told, limit: limit + Math.max(-most, Math.min(most, moved)) };
}

/** A limit that answers do not tell any more may have changed: it counts as what was tried and met. */
function withoutOldLimit(state: FlowState, nowMs: number): FlowState {
  if (state.limit === 0 || nowMs - state.toldAtMs < TOLD_COUNTS_MS) return state;
  return { ...state, limit: 0, ceiling: state.limit, ceilingAtMs: nowMs };
}

/** One step of growth for all that was accepted together. */
function grown(before: FlowState, observations: readonly Observation[], nowMs: number): FlowState {
  const answers = observations.filter((observation) => observation.kind === "accepted");
  if (answers.length === 0 || answers.length < observations.length) return before;
  const seconds = Math.min(MAX_GROWTH_SECONDS, Math.max(0, (nowMs - before.rateAtMs) / 1000));
  const state = {
    ...before,
    marginMs: USUAL_MARGIN_MS + (before.marginMs - USUAL_MARGIN_MS) * (1 - MARGIN_BACK_PER_SECOND) ** seconds,
  };
  return withRate(state, grownRate(state, answers, seconds, nowMs), nowMs);
}

function grownRate(state: FlowState, answers: readonly Accepted[], seconds: number, nowMs: number): number {
  const { rate, limit, ceiling, ceilingAtMs, fullAtMs } = state;
  if (nowMs - fullAtMs < FULL_COUNTS_MS) return rate;
  const quick = rate * GROWTH_PER_SECOND ** seconds;
  const safe = safeRate(state);
  if (rate < safe) return Math.min(safe, quick);
  const used = Math.max(
    0,
    ...answers.map(({ grant }) => (grant ? usedAt(state.grants, grant.atMs, windowMs(state)) : 0)),
  );
  if (used < capacityOf(rate) * USED_SHARE) return rate;
  const percents = answers.flatMap(({ usedPercent }) => usedPercent ?? []);
  if (percents.length > 0 && Math.max(...percents) < HARDLY_USED_PERCENT) return quick;
  if (safe === 0) return rate + Math.max(1, rate * BLIND_GROWTH) * seconds;
  const met = nowMs - ceilingAtMs < CEILING_MS ? ceiling * SAFE_SHARE : Number.POSITIVE_INFINITY;
  const highest = limit > 0 ? highestOf(state) : Number.POSITIVE_INFINITY;
  const creeping = rate + Math.min(CREEPING_BATCHES, rate * CREEPING_GROWTH * seconds);
  return Math.max(rate, Math.min(creeping, met, highest));
}

/** The most that a learnt limit may be: estimates leave out what may have been outside of the window at both of its ends. */
function highestOf({ limit, marginMs }: FlowState): number {
  return limit * (1 + (2 * marginMs) / LIMIT_WINDOW_MS);
}

/** The rate that is known to be safe; 0: none is. */
function safeRate({ limit, ceiling }: FlowState): number {
  return limit > 0 ? limit : ceiling * SAFE_SHARE;
}

/**
 * The feed's limit as one answer tells it: all that was sent in the second before, over the share that it was. Rather too low:
 * what may have left that second, for requests do not travel equally fast, is left out.
 */
function estimateOf({ grants, marginMs }: FlowState, { atMs, batches }: Grant, usedPercent: number): number {
  const before = usedAt(grants, atMs - 1, LIMIT_WINDOW_MS - 1 - marginMs);
  return (before + batches) / (Math.min(usedPercent + ROUNDED_PERCENT, FULL_PERCENT) / 100);
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
 * What a 429 says of the limit. Within what is known to be safe, requests only came too close together: the window gets longer.
 * Beyond, this much is too much.
 */
function limitsMet(state: FlowState, grant: Grant, nowMs: number) {
  const { rate, limit, ceilingAtMs, marginMs, grants } = state;
  const sent = usedAt(grants, grant.atMs, LIMIT_WINDOW_MS) + grant.batches;
  const isOutdated = sent < limit * DOUBTED_SHARE;
  const isKnown = limit > 0 ? !isOutdated : nowMs - ceilingAtMs < CEILING_MS;
  const isTooClose = isKnown && rate <= Math.max(highestOf(state), safeRate(state));
  const widened = Math.min(MAX_MARGIN_MS, marginMs + Math.max(MARGIN_STEP_MS, marginMs * MARGIN_STEP_SHARE));
  return {
    fullAtMs: 0,
    limit: isOutdated ? Math.max(sent, limit / 2) : limit,
    marginMs: isTooClose ? widened : marginMs,
    // It may have been both. A rate that was not made use of says nothing of the limit.
    ceiling: sent >= rate / 2 ? Math.min(rate, sent) : rate,
    ceilingAtMs: nowMs,
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
