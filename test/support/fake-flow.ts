import type { FlowSettings } from "../../shared/core/flow/flow-settings.ts";
import type { FlowState } from "../../shared/core/flow/flow-state.schema.ts";
import { initialFlow } from "../../shared/core/flow/flow-state.ts";
import { stepBlocked } from "../../shared/core/flow/step-blocked.ts";
import type { FeedIds, FlowStep, FlowStore } from "../../shared/ports-flow.ts";

/** Flow states in memory. */
export class FakeFlowStore implements FlowStore {
  readonly states = new Map<string, FlowState>();
  everyoneUntilMs = 0;
  readonly #settings: FlowSettings;
  readonly #nowMs: () => number;

  constructor(settings: FlowSettings, nowMs: () => number) {
    this.#settings = settings;
    this.#nowMs = nowMs;
  }

  of(tenantId: string, feedId = "default"): FlowState {
    return this.states.get(`${tenantId}/${feedId}`) ?? initialFlow(this.#settings, this.#nowMs());
  }

  async update<Result>({ tenantId, feedId }: FeedIds, step: FlowStep<Result>): Promise<Result> {
    const { state, result } = stepBlocked(this.of(tenantId, feedId), this.everyoneUntilMs, step);
    this.states.set(`${tenantId}/${feedId}`, state);
    return result;
  }

  async blockEveryone(untilMs: number): Promise<void> {
    this.everyoneUntilMs = Math.max(this.everyoneUntilMs, untilMs);
  }
}
