import { checkFlowState } from "../validators.ts";
import type { FlowState, Lane } from "./flow-state.schema.ts";

const LANES: readonly Lane[] = ["live", "backfill"];

/** Numbers that a grant is written as: milliseconds since the grant before it, batches, and the index of its lane. */
const NUMBERS_PER_GRANT = 3;

/** A flow state as text. Its many grants are written as short as may be: each write costs by the kilobyte. */
export function flowText({ grants, ...state }: FlowState): string {
  const numbers = grants.flatMap(({ atMs, batches, lane }, i) => [
    atMs - (grants[i - 1]?.atMs ?? 0),
    batches,
    LANES.indexOf(lane),
  ]);
  return JSON.stringify({ ...state, grants: numbers });
}

/** A flow state from its text. Undefined: it is none. */
export function parseFlow(text: string): FlowState | undefined {
  try {
    const { grants: numbers, ...state } = JSON.parse(text);
    const grants: unknown[] = [];
    let atMs = 0;
    for (let i = 0; i < numbers.length; i += NUMBERS_PER_GRANT) {
      atMs += numbers[i];
      grants.push({ atMs, batches: numbers[i + 1], lane: LANES[numbers[i + 2]] });
    }
    const value: unknown = { ...state, grants };
    return checkFlowState(value) ? undefined : (value as FlowState);
  } catch {
    return undefined;
  }
}
