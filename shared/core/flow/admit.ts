import { isOpen } from "./circuit.ts";
import type { FlowSettings } from "./flow-settings.ts";
import type { FlowState, Grant, Lane } from "./flow-state.schema.ts";
import { withRate } from "./flow-state.ts";
import { capacityOf, mostUsedAround, recent, usedAt, windowMs } from "./window.ts";

export interface Ask {
  readonly lane: Lane;
  /** Batches that waited before: they go first. */
  readonly returning: number;
  /** Batches that come for the first time. */
  readonly fresh: number;
  /** Milliseconds that the caller can wait for its turn. */
  readonly paceMs: number;
  /** Milliseconds until a probe of a dead host is given up. */
  readonly probeMs: number;
}

export interface Admission {
  readonly state: FlowState;
  /** In the order of their instants; the returning batches first. */
  readonly grants: readonly Grant[];
}

/** Windows are filled in this many steps, so that no two invocations' requests meet in a lump. */
const STEPS_PER_WINDOW = 10;

/** What is smaller than this part of a step, or of what is asked for, waits for more room. */
const CRUMBS_PER_STEP = 4;

/** Share of a window that may go at once after a rest: what comes now and then shall not wait. */
const BURST_SHARE = 0.5;

/** Share of the rate that backfill leaves free even while no live traffic waits: so that it need not. */
const LIVE_HEADROOM = 0.1;

/** Milliseconds for which live traffic that had to wait keeps backfill to its share. */
const LIVE_WAIT_COUNTS_MS = 30_000;

/**
 * Milliseconds ahead in which first-time batches may take room while there is a line. What waited before may take it further
 * ahead, so whatever is still free so near to its time is left by the line.
 */
const SPARE_MS = 800;

/** Milliseconds after which it is noted again that live traffic waits. */
const NOTED_EVERY_MS = 1_000;

/** Milliseconds without a request after which a feed starts slower again, because mParticle limits acceleration too. */
const REST_MS = 30_000;

/**
 * Takes room for batches from the feed's rate, within the time that the caller can wait.
 *
 * No window that a grant lies in ever has more than the rate, so whoever stores the new state with the old one as condition
 * never lets through more. First-time batches go behind the line of those that wait, unless there is room to spare.
 *
 * @param nowMs - Epoch milliseconds, of a clock that all callers share.
 */
export function admit(before: FlowState, ask: Ask, settings: FlowSettings, nowMs: number): Admission {
  const state = { ...rested(before, settings, nowMs), grants: recent(before.grants, nowMs) };
  const untilMs = nowMs + ask.paceMs;
  if (state.blockedUntilMs > untilMs) return settled(before, [], ask, nowMs);
  if (isOpen(state)) return probe(state, ask, nowMs);

  const schedule = new Schedule(state, ask.lane, settings, nowMs);
  schedule.fill(ask.returning, Math.max(nowMs, state.blockedUntilMs), untilMs);
  const line = state.lines[ask.lane];
  const lineEndsMs = Math.max(line.untilMs, line.returningUntilMs);
  const isFree = lineEndsMs <= untilMs && line.spilledAtMs === 0;
  // In line first: those who wait have the room that is left after them, and nobody else before.
  if (schedule.granted >= ask.returning) {
    const fromMs = Math.max(nowMs, state.blockedUntilMs, isFree ? lineEndsMs : 0);
    schedule.fill(ask.fresh, fromMs, isFree ? untilMs : Math.min(untilMs, nowMs + SPARE_MS));
  }
  // Nothing to write then, as a rule: the many that find no room shall not race those that do.
  if (schedule.granted === 0) return settled(before, [], ask, nowMs);
  return settled({ ...state, grants: schedule.all }, schedule.own, ask, nowMs);
}

/** The grants of one admission in the making. */
class Schedule {
  readonly all: Grant[];
  readonly own: Grant[] = [];
  granted = 0;
  readonly #capacity: number;
  readonly #laneCapacity: number;
  readonly #step: number;
  readonly #lane: Lane;
  readonly #windowMs: number;

  constructor(state: FlowState, lane: Lane, settings: FlowSettings, nowMs: number) {
    this.all = [...state.grants];
    this.#lane = lane;
    this.#windowMs = windowMs(state);
    this.#capacity = capacityOf(state.rate);
    const liveWaits = nowMs - state.liveWaitedAtMs < LIVE_WAIT_COUNTS_MS;
    const share = liveWaits ? settings.backfillShare : 1 - LIVE_HEADROOM;
    this.#laneCapacity = lane === "live" ? this.#capacity : Math.max(1, Math.floor(this.#capacity * share));
    this.#step = Math.ceil(this.#laneCapacity / STEPS_PER_WINDOW);
  }

  /** Grants up to so many batches between two instants, wherever there is room. */
  fill(batches: number, fromMs: number, untilMs: number): void {
    let left = batches;
    // Not before what this caller was granted already: its batches go in their order.
    for (let atMs = Math.ceil(Math.max(fromMs, this.own.at(-1)?.atMs ?? 0)); left > 0 && atMs <= untilMs; ) {
      const most = Math.min(left, this.#roomAt(atMs), this.#turnAt(atMs));
      // Crumbs are not worth a request of their own.
      if (most < Math.min(left, this.#step) / CRUMBS_PER_STEP) {
        atMs = this.#nextChangeMs(atMs);
        continue;
      }
      this.#add({ atMs, batches: most, lane: this.#lane });
      left -= most;
    }
  }

  #add(grant: Grant): void {
    const last = this.own.at(-1);
    let whole = grant;
    if (last?.atMs === grant.atMs) {
      // What is granted for one instant is one grant.
      whole = { ...grant, batches: last.batches + grant.batches };
      this.own.pop();
      this.all.splice(this.all.indexOf(last), 1);
    }
    this.own.push(whole);
    this.all.splice(this.all.findLastIndex(({ atMs }) => atMs <= whole.atMs) + 1, 0, whole);
    this.granted += grant.batches;
  }

  /** Batches that may be added at an instant without any window's getting too full. */
  #roomAt(atMs: number): number {
    const room = this.#capacity - mostUsedAround(this.all, atMs, this.#windowMs);
    if (this.#lane === "live") return room;
    return Math.min(room, this.#laneCapacity - mostUsedAround(this.all, atMs, this.#windowMs, this.#lane));
  }

  /** Batches of the lane that may go at once: as many as after a rest, or one step a good while after the one before. */
  #turnAt(atMs: number): number {
    const used = usedAt(this.all, atMs, this.#windowMs, this.#lane);
    const burst = Math.ceil(this.#laneCapacity * BURST_SHARE) - used;
    if (burst > 0) return burst;
    return this.#nextTurnMs(atMs) <= atMs ? this.#step : 0;
  }

  /** When the step after the lane's latest one may follow: steps are spread evenly over the window. */
  #nextTurnMs(atMs: number): number {
    const last = this.all.findLast((grant) => grant.lane === this.#lane && grant.atMs <= atMs);
    return last ? Math.ceil(last.atMs + (this.#windowMs * last.batches) / this.#laneCapacity) : 0;
  }

  /** The next instant for which there may be more room than for this one. */
  #nextChangeMs(atMs: number): number {
    const turnMs = this.#nextTurnMs(atMs);
    let nextMs = turnMs > atMs ? turnMs : Math.ceil(atMs + this.#windowMs);
    for (const grant of this.all) {
      // It leaves the window; or the windows that end with it are over.
      const leavesMs = Math.ceil(grant.atMs + this.#windowMs);
      const overMs = Math.floor(grant.atMs) + 1;
      if (leavesMs > atMs && leavesMs < nextMs) nextMs = leavesMs;
      if (overMs > atMs && overMs < nextMs) nextMs = overMs;
    }
    return nextMs;
  }
}

function probe(state: FlowState, ask: Ask, nowMs: number): Admission {
  const wanted = ask.returning + ask.fresh;
  if (wanted === 0 || nowMs < state.probeAtMs || state.blockedUntilMs > nowMs)
    return settled(state, [], ask, nowMs);
  // One batch is one request. When it is answered, the same invocation asks for room for the others.
  const grant = { atMs: Math.ceil(nowMs), batches: 1, lane: ask.lane };
  const probed = { ...state, grants: [...state.grants, grant], probeAtMs: nowMs + ask.probeMs };
  return settled(probed, [grant], ask, nowMs);
}

/** Notes that live traffic had to wait. */
function settled(state: FlowState, grants: readonly Grant[], ask: Ask, nowMs: number): Admission {
  const granted = grants.reduce((sum, { batches }) => sum + batches, 0);
  const waits = granted < ask.returning + ask.fresh || (grants.at(-1)?.atMs ?? 0) > nowMs;
  const isNews = ask.lane === "live" && waits && nowMs - state.liveWaitedAtMs >= NOTED_EVERY_MS;
  return { state: isNews ? { ...state, liveWaitedAtMs: nowMs } : state, grants };
}

/** The state after a rest: half the rate, if that is not less than what any feed starts with. */
function rested(state: FlowState, { initialRate }: FlowSettings, nowMs: number): FlowState {
  const lastMs = state.grants.at(-1)?.atMs;
  if (lastMs === undefined || nowMs - lastMs < REST_MS || state.rate <= initialRate) return state;
  return withRate(state, Math.max(initialRate, state.rate / 2), nowMs);
}
