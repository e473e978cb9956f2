import type { FlowState } from "./flow-state.schema.ts";

interface Stepped<Result> {
  readonly state: FlowState;
  readonly result: Result;
}

/**
 * A step on a feed that lets nothing through before an instant which is not the feed's own: it counts for what the step decides,
 * and is not left behind. The same state again where the step changed nothing.
 */
export function stepBlocked<Result>(
  state: FlowState,
  untilMs: number,
  step: (state: FlowState) => Stepped<Result>,
): Stepped<Result> {
  if (untilMs <= state.blockedUntilMs) return step(state);
  const before = { ...state, blockedUntilMs: untilMs };
  const { state: after, result } = step(before);
  if (after === before) return { state, result };
  const blockedUntilMs = after.blockedUntilMs === untilMs ? state.blockedUntilMs : after.blockedUntilMs;
  return { state: { ...after, blockedUntilMs }, result };
}
