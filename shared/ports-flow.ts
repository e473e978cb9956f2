/** What flow control needs from the world. */
import type { FlowState } from "./core/flow/flow-state.schema.ts";

export interface FeedIds {
  readonly tenantId: string;
  readonly feedId: string;
}

/**
 * A pure change of a feed's flow state. It may run more than once. The same state again: there is nothing to write.
 *
 * @param aloneMs - Milliseconds for which the table could not be used for this feed: others let through what they know. Undefined: it can be.
 */
export type FlowStep<Result> = (
  state: FlowState,
  aloneMs?: number,
) => { readonly state: FlowState; readonly result: Result };

/** What all invocations share about the flow to feeds. */
export interface FlowStore {
  /**
   * Applies a step as if nobody else did at the same time: when another one was faster, it runs again on what that one left.
   *
   * Never throws. While the table cannot be used, the step works on what this instance knows, at this instance's part of the rate;
   * when races are lost again and again, on a feed that lets nothing through for a moment.
   *
   * @param options.mayBeOld - A step that changes nothing may have seen what this instance knew: its result does not matter then.
   */
  update<Result>(
    feed: FeedIds,
    step: FlowStep<Result>,
    options?: { readonly mayBeOld?: boolean },
  ): Promise<Result>;
  /** Nothing is sent to any feed before. Best effort. */
  blockEveryone(untilMs: number): Promise<void>;
}
