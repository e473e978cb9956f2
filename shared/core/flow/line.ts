import { isOpen, outageMs } from "./circuit.ts";
import type { FlowSettings } from "./flow-settings.ts";
import type { FlowState, Lane } from "./flow-state.schema.ts";
import { expectedRate, withLine } from "./flow-state.ts";

/**
 * SQS hands out nothing more once 120,000 messages of a queue are hidden, without an error. Up to the first number every feed
 * may use its bound; at the second no feed may hide any more.
 */
const EASY_HIDDEN_MESSAGES = 40_000;
const MOST_HIDDEN_MESSAGES = 90_000;

/** How long a message waits while something is out of order: in proportion to how long that lasts, and in milliseconds at the least. */
const OUTAGE_WAIT_SHARE = 1.5;
const SHORTEST_OUTAGE_WAIT_MS = 3_000;

/** Batches that may go back to a host that does not answer when a probe is due: should nothing else be there to probe with. */
const PROBE_BATCHES = 10;

export interface PlaceAsk {
  readonly lane: Lane;
  /** Batches without room that waited before, and that came for the first time. */
  readonly returning: number;
  readonly fresh: number;
  /** Queue messages that the batches came in. */
  readonly messages: number;
  /** Messages of all tenants that are hidden in the queue. */
  readonly hiddenMessages: number;
  /** Milliseconds for which nobody could be asked what others let through: the rate is a guess then, and lower. Undefined: somebody was. */
  readonly aloneMs?: number | undefined;
}

/** Places in line: the first batch is due at `fromMs`, the others after it at the feed's rate. */
export interface Places {
  readonly fromMs: number;
  readonly batches: number;
  readonly batchMs: number;
}

export interface Placing {
  readonly state: FlowState;
  /** What finds no place in either goes to the bucket. */
  readonly returning: Places;
  readonly fresh: Places;
}

/**
 * Gives batches that found no room a place in line, so that their messages come back when it is their turn and not before.
 * Those that waited already go before those that come for the first time. The line is bounded in time and messages; as long as
 * events of the feed lie in the bucket because of it, first-time ones go there as well, behind them.
 */
export function place(before: FlowState, ask: PlaceAsk, settings: FlowSettings, nowMs: number): Placing {
  if (isOpen(before)) return placeInOutage(before, ask, settings, nowMs);
  if (ask.aloneMs !== undefined) return placeAlone(before, ask, settings, nowMs);
  const { lane } = ask;
  const line = before.lines[lane];
  const batchMs = 1000 / laneRate(before, lane, settings);
  const startMs = Math.max(nowMs, before.grants.at(-1)?.atMs ?? 0, before.blockedUntilMs);
  const endMs = nowMs + settings.maxLineMs;
  const messagesInLine = messagesAt(before, lane, nowMs);
  const messagesPerBatch = ask.messages / Math.max(1, ask.returning + ask.fresh);
  const roomInMessages = Math.max(0, mostMessages(ask.hiddenMessages, settings) - messagesInLine);

  const returning = placesFrom(Math.max(startMs, line.returningUntilMs), ask.returning, endMs, batchMs);
  const returningUntilMs = returning.batches > 0 ? endOf(returning) : line.returningUntilMs;
  const lineUntilMs = Math.max(line.untilMs, startMs) + Math.max(0, returningUntilMs - startMs);

  const mayWait =
    line.spilledAtMs > 0
      ? 0
      : Math.min(ask.fresh, Math.floor(roomInMessages / Math.max(messagesPerBatch, 1e-9)));
  const fresh = placesFrom(lineUntilMs, mayWait, endMs, batchMs);
  const placed = returning.batches + fresh.batches;
  const hasSpilled = placed < ask.returning + ask.fresh;
  // Nothing to write then: the many invocations of a long backlog shall not race those that send.
  if (placed === 0 && line.spilledAtMs > 0) return { state: before, returning, fresh };
  return {
    state: withLine(before, lane, {
      untilMs: fresh.batches > 0 ? endOf(fresh) : line.untilMs,
      returningUntilMs,
      messages: messagesInLine + placed * messagesPerBatch,
      countedAtMs: nowMs,
      spilledAtMs: hasSpilled ? nowMs : line.spilledAtMs,
    }),
    returning,
    fresh,
  };
}

/**
 * While a host does not answer, each time that a message comes back spends one of its receives. So it waits in proportion to how
 * long that lasts already, the first one as a probe and the others spread over the time after it.
 */
function placeInOutage(before: FlowState, ask: PlaceAsk, settings: FlowSettings, nowMs: number): Placing {
  const fromMs = Math.max(nowMs, before.probeAtMs, before.blockedUntilMs);
  return placeEvenly(before, ask, settings, nowMs, {
    fromMs,
    untilMs: fromMs + outageWaitMs(outageMs(before)),
  });
}

/**
 * While nobody can be asked what others let through, a place is a guess at a rate far below the feed's, and holds no longer than that
 * lasts: what waits by it for minutes does so though the feed has been free since. So the line is no longer than in an outage.
 */
function placeAlone(before: FlowState, ask: PlaceAsk, settings: FlowSettings, nowMs: number): Placing {
  const { lane, returning, fresh, aloneMs = 0 } = ask;
  const fromMs = Math.max(nowMs, before.blockedUntilMs);
  const lineMs = (1000 * (returning + fresh)) / laneRate(before, lane, settings);
  const untilMs = Math.min(lineEndMs(before, lane, nowMs) + lineMs, fromMs + outageWaitMs(aloneMs));
  return placeEvenly(before, ask, settings, nowMs, { fromMs, untilMs });
}

function outageWaitMs(lastsMs: number): number {
  return Math.max(SHORTEST_OUTAGE_WAIT_MS, OUTAGE_WAIT_SHARE * lastsMs);
}

/** Spreads all that may wait over a span, however long the line is already. */
function placeEvenly(
  before: FlowState,
  { lane, returning, fresh, messages, hiddenMessages }: PlaceAsk,
  settings: FlowSettings,
  nowMs: number,
  span: { readonly fromMs: number; readonly untilMs: number },
): Placing {
  const line = before.lines[lane];
  const { fromMs } = span;
  const untilMs = Math.min(span.untilMs, nowMs + settings.maxLineMs);
  const batchMs = Math.max(0, untilMs - fromMs) / Math.max(1, returning + fresh);
  const messagesPerBatch = messages / Math.max(1, returning + fresh);
  const hidden = messagesAt(before, lane, nowMs);
  const room = (mostMessages(hiddenMessages, settings) - hidden) / Math.max(messagesPerBatch, 1e-9);
  const mayWait = fromMs <= untilMs ? Math.max(0, Math.min(fresh, Math.floor(room))) : 0;
  const returned = fromMs <= untilMs ? returning : 0;
  const placed = returned + mayWait;
  return {
    state: withLine(before, lane, {
      ...line,
      untilMs: Math.max(line.untilMs, placed > 0 ? untilMs : 0),
      messages: hidden + placed * messagesPerBatch,
      countedAtMs: nowMs,
      spilledAtMs: placed < returning + fresh ? nowMs : line.spilledAtMs,
    }),
    returning: { fromMs, batches: returned, batchMs },
    fresh: { fromMs: fromMs + returned * batchMs, batches: mayWait, batchMs },
  };
}

/** Batches that could be put in line now without its becoming longer than so many milliseconds, and the turn of the first. */
export function roomInLine(
  state: FlowState,
  { lane, lineMs }: { readonly lane: Lane; readonly lineMs: number },
  settings: FlowSettings,
  nowMs: number,
): { readonly batches: number; readonly fromMs: number } {
  const fromMs = lineEndMs(state, lane, nowMs);
  const room = Math.floor(((nowMs + lineMs - fromMs) * laneRate(state, lane, settings)) / 1000);
  const most = isOpen(state) ? (state.probeAtMs <= nowMs ? PROBE_BATCHES : 0) : room;
  return { batches: Math.max(0, Math.min(room, most)), fromMs };
}

/** Batches of messages that were put on the queue from the bucket, delayed until it is their turn. */
export function reserve(
  state: FlowState,
  { lane, batches }: { readonly lane: Lane; readonly batches: number },
  settings: FlowSettings,
  nowMs: number,
): FlowState {
  const line = state.lines[lane];
  const untilMs = lineEndMs(state, lane, nowMs) + (1000 * batches) / laneRate(state, lane, settings);
  return withLine(state, lane, { ...line, untilMs });
}

/** Nothing of the lane lies in the bucket any more because of its line. */
export function spillReleased(state: FlowState, lane: Lane): FlowState {
  return withLine(state, lane, { ...state.lines[lane], spilledAtMs: 0 });
}

/** The line's bound in messages: the fuller the queue is of all tenants' hidden messages, the less each feed may add. */
function mostMessages(hiddenMessages: number, { maxHiddenMessages }: FlowSettings): number {
  const pressure = (hiddenMessages - EASY_HIDDEN_MESSAGES) / (MOST_HIDDEN_MESSAGES - EASY_HIDDEN_MESSAGES);
  return maxHiddenMessages * Math.min(1, Math.max(0, 1 - pressure));
}

/** When a batch is due that comes to the end of the line now: those that found no room at their time go before it. */
function lineEndMs({ lines, blockedUntilMs }: FlowState, lane: Lane, nowMs: number): number {
  const { untilMs, returningUntilMs } = lines[lane];
  const startMs = Math.max(nowMs, blockedUntilMs);
  return Math.max(startMs, untilMs) + Math.max(0, returningUntilMs - startMs);
}

function laneRate(state: FlowState, lane: Lane, { backfillShare }: FlowSettings): number {
  return expectedRate(state) * (lane === "live" ? 1 : Math.max(backfillShare, 0.01));
}

function messagesAt(state: FlowState, lane: Lane, nowMs: number): number {
  const { messages, countedAtMs, untilMs } = state.lines[lane];
  if (nowMs >= untilMs) return 0;
  return (messages * (untilMs - nowMs)) / Math.max(1, untilMs - countedAtMs);
}

/** As many places as fit before the end. */
function placesFrom(fromMs: number, wanted: number, endMs: number, batchMs: number): Places {
  const batches = Math.max(0, Math.min(wanted, Math.floor((endMs - fromMs) / batchMs)));
  return { fromMs, batches, batchMs };
}

function endOf({ fromMs, batches, batchMs }: Places): number {
  return fromMs + batches * batchMs;
}
