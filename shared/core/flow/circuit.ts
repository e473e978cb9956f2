import type { FlowState } from "./flow-state.schema.ts";

/** Unanswered requests in a row after which a feed's host counts as dead. */
export const FAILURES_TO_OPEN = 3;

/** Milliseconds until the first probe; doubles with each probe that fails. */
const FIRST_PROBE_MS = 1_000;

/** Longest time between probes, in milliseconds. */
const LONGEST_PROBE_MS = 60_000;

const DAY_MS = 86_400_000;

/**
 * The circuit: while it is open, only one probe at a time is sent, so that a dead host does not cost a time-out for every
 * request of every invocation.
 */
export function isOpen({ failures }: FlowState): boolean {
  return failures >= FAILURES_TO_OPEN;
}

/**
 * A request was not answered, or with a 5xx. What was let through before the circuit opened, or before the last probe failed,
 * says nothing new: else the requests under way when a host dies would make the first pause the longest.
 *
 * @param askedAtMs - When the request's room was asked for.
 * @param random - In [0, 1).
 */
export function afterFailure(state: FlowState, askedAtMs: number, nowMs: number, random: number): FlowState {
  if (isOpen(state) && askedAtMs < state.openedAtMs) return state;
  const failures = state.failures + 1;
  if (failures < FAILURES_TO_OPEN) return { ...state, failures };
  const pauseMs = Math.min(LONGEST_PROBE_MS, FIRST_PROBE_MS * 2 ** Math.min(failures - FAILURES_TO_OPEN, 20));
  return { ...state, failures, openedAtMs: nowMs, probeAtMs: nowMs + pauseMs * (0.75 + random / 2) };
}

/** Milliseconds that the host has not answered for so far, about: as long as the pauses between the probes were together. */
export function outageMs({ failures }: FlowState): number {
  let ms = 0;
  for (let probe = 0; probe <= failures - FAILURES_TO_OPEN && ms < DAY_MS; probe++)
    ms += Math.min(LONGEST_PROBE_MS, FIRST_PROBE_MS * 2 ** probe);
  return ms;
}
