import { isOpen } from "./circuit.ts";
import type { FlowSettings } from "./flow-settings.ts";
import type { FlowState, Grant, Lane } from "./flow-state.schema.ts";
import { withRate } from "./flow-state.ts";
import {
  capacityOf,
  KEEP_MS,
  mostUsedAround,
  partOf,
  recent,
  SLOTS_PER_WINDOW,
  slotFrom,
  slotStartMs,
  usedAt,
  windowMs,
  withGrant,
} from "./window.ts";

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

/** What is smaller than this part of a slot's, or of what is asked for, waits for more room: crumbs are not worth a request. */
const CRUMBS_PER_SLOT = 4;

/** A slot may take so many times its even part: what slots before it left unused is made up for. */
const PARTS_PER_SLOT = 2;

/** Share of a window that may go at once after a rest: what comes now and then shall not wait. */
const BURST_SHARE = 0.5;

/** Milliseconds until a grant is stored. What is granted for a slot so near would be sent too late. */
const STORED_MS = 10;

/** Share of the rate that backfill leaves free beside what live traffic used lately: so that it need not wait. */
const LIVE_HEADROOM = 0.1;

/** Milliseconds for which live traffic that had to wait keeps backfill to its share, and waits so short that they do not count. */
const LIVE_WAIT_COUNTS_MS = 5_000;
const NO_WAIT_MS = 1_000;

/**
 * Milliseconds ahead in which first-time batches may take room while there is a line. What waited before may take it further
 * ahead, so whatever is still free so near to its time is left by the line. It is about as long as until the next invocation: Lambda
 * reads a queue with five processes at the least, and each fills a batch for up to 5 s and has it for 1.5. What none of those that
 * are there takes would be left unused.
 */
const SPARE_MS = 1_200;

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
  const state = { ...rested(before, settings, nowMs), grants: recent(before, nowMs) };
  const untilMs = nowMs + ask.paceMs;
  if (state.blockedUntilMs > untilMs) return settled(before, [], ask, nowMs);
  if (isOpen(state)) return probe(state, ask, nowMs) ?? settled(before, [], ask, nowMs);

  const schedule = new Schedule(state, ask.lane, settings, nowMs);
  const startMs = Math.max(nowMs, state.blockedUntilMs);
  schedule.fill(ask.returning, startMs, untilMs);
  const line = state.lines[ask.lane];
  const lineEndsMs = Math.max(line.untilMs, line.returningUntilMs);
  const isFree = lineEndsMs <= untilMs && line.spilledAtMs === 0;
  // In line first: those who wait have the room that is left after them, and nobody else before.
  if (schedule.granted >= ask.returning) {
    const fromMs = Math.max(startMs, isFree ? lineEndsMs : 0);
    schedule.fill(ask.fresh, fromMs, isFree ? untilMs : Math.min(untilMs, nowMs + SPARE_MS));
  }
  // Nothing to write then, as a rule: the many that find no room shall not race those that do.
  if (schedule.granted === 0) return settled(before, [], ask, nowMs);
  return settled({ ...state, grants: schedule.all }, schedule.own, ask, nowMs);
}

/** The grants of one admission in the making. */
class Schedule {
  all: readonly Grant[];
  own: readonly Grant[] = [];
  granted = 0;
  readonly #capacity: number;
  readonly #laneCapacity: number;
  readonly #lane: Lane;
  readonly #windowMs: number;
  readonly #nowMs: number;

  constructor(state: FlowState, lane: Lane, settings: FlowSettings, nowMs: number) {
    this.all = state.grants;
    this.#lane = lane;
    this.#windowMs = windowMs(state);
    this.#capacity = capacityOf(state.rate);
    this.#laneCapacity = lane === "live" ? this.#capacity : backfillCapacity(state, settings, nowMs);
    this.#nowMs = nowMs;
  }

  /** Grants up to so many batches between two instants: at once, if there was a rest, and else in the slots that have room. */
  fill(batches: number, fromMs: number, untilMs: number): void {
    // Not before what this caller was granted already: its batches go in their order.
    const startMs = Math.ceil(Math.max(fromMs, this.own.at(-1)?.atMs ?? 0));
    let left = batches;
    if (startMs <= untilMs) left -= this.#add(left, startMs, this.#burstAt(startMs));
    const firstSlot = slotFrom(Math.max(startMs, this.#nowMs + STORED_MS), this.#windowMs);
    for (let slot = firstSlot; left > 0; slot++) {
      const atMs = slotStartMs(slot, this.#windowMs);
      if (atMs > untilMs) return;
      const part = PARTS_PER_SLOT * partOf(slot, this.#laneCapacity) - this.#usedIn(slot);
      left -= this.#add(left, atMs, Math.max(part, this.#burstAt(atMs)));
    }
  }

  /** @returns the batches that were granted: no more than wanted, than their turn allows, and than there is room for. */
  #add(wanted: number, atMs: number, turn: number): number {
    const batches = Math.min(wanted, turn, this.#roomAt(atMs));
    const crumb = Math.min(wanted, this.#laneCapacity / SLOTS_PER_WINDOW) / CRUMBS_PER_SLOT;
    if (batches <= 0 || batches < crumb) return 0;
    const grant = { atMs, batches, lane: this.#lane };
    this.own = withGrant(this.own, grant);
    this.all = withGrant(this.all, grant);
    this.granted += batches;
    return batches;
  }

  /** Batches that may be added at an instant without any window's getting too full. */
  #roomAt(atMs: number): number {
    const room = this.#capacity - mostUsedAround(this.all, atMs, this.#windowMs);
    if (this.#lane === "live") return room;
    return Math.min(room, this.#laneCapacity - mostUsedAround(this.all, atMs, this.#windowMs, this.#lane));
  }

  #burstAt(atMs: number): number {
    return Math.ceil(this.#laneCapacity * BURST_SHARE) - usedAt(this.all, atMs, this.#windowMs, this.#lane);
  }

  #usedIn(slot: number): number {
    const endMs = slotStartMs(slot + 1, this.#windowMs) - 1;
    return usedAt(this.all, endMs, endMs + 1 - slotStartMs(slot, this.#windowMs), this.#lane);
  }
}

/** What backfill may take of a window: what live traffic left lately, or its share if that is more or if live traffic waits. */
function backfillCapacity(state: FlowState, { backfillShare }: FlowSettings, nowMs: number): number {
  const capacity = capacityOf(state.rate);
  const share = Math.floor(capacity * backfillShare);
  if (nowMs - state.liveWaitedAtMs < LIVE_WAIT_COUNTS_MS) return Math.max(1, share);
  const ofLive = (usedAt(state.grants, nowMs, KEEP_MS, "live") * windowMs(state)) / KEEP_MS;
  return Math.max(1, share, Math.floor(capacity * (1 - LIVE_HEADROOM) - ofLive));
}

/** Undefined: the next probe is not due. */
function probe(state: FlowState, ask: Ask, nowMs: number): Admission | undefined {
  const wanted = ask.returning + ask.fresh;
  if (wanted === 0 || nowMs < state.probeAtMs || state.blockedUntilMs > nowMs) return undefined;
  // One batch is one request. When it is answered, the same invocation asks for room for the others.
  const grant = { atMs: Math.ceil(nowMs), batches: 1, lane: ask.lane };
  const probed = { ...state, grants: withGrant(state.grants, grant), probeAtMs: nowMs + ask.probeMs };
  return settled(probed, [grant], ask, nowMs);
}

/** Notes that live traffic had to wait. */
function settled(state: FlowState, grants: readonly Grant[], ask: Ask, nowMs: number): Admission {
  const granted = grants.reduce((sum, { batches }) => sum + batches, 0);
  const waits = granted < ask.returning + ask.fresh || (grants.at(-1)?.atMs ?? 0) > nowMs + NO_WAIT_MS;
  const isNews = ask.lane === "live" && waits && nowMs - state.liveWaitedAtMs >= NOTED_EVERY_MS;
  return { state: isNews ? { ...state, liveWaitedAtMs: nowMs } : state, grants };
}

/** The state after a rest: half the rate, if that is not less than what any feed starts with. */
function rested(state: FlowState, { initialRate }: FlowSettings, nowMs: number): FlowState {
  const lastMs = state.grants.at(-1)?.atMs;
  if (lastMs === undefined || nowMs - lastMs < REST_MS || state.rate <= initialRate) return state;
  return withRate(state, Math.max(initialRate, state.rate / 2), nowMs);
}
