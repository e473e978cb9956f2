import {
  type DeliverSettings,
  type Delivery,
  deliverRecords,
} from "../../../functions/deliver-events/deliver-records.ts";
import type { QueueRecord } from "../../../functions/deliver-events/pass.ts";
import { VirtualClock } from "../../../local/simulate/virtual-clock.ts";
import { DEFAULT_FLOW_SETTINGS, type FlowSettings } from "../../../shared/core/flow/flow-settings.ts";
import type { FlowState } from "../../../shared/core/flow/flow-state.schema.ts";
import { initialFlow } from "../../../shared/core/flow/flow-state.ts";
import { message, NOW_MS, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";

/** Milliseconds that mParticle takes to answer. */
const ANSWER_MS = 20;

/** A world in which time passes, with the flow settings of a deployment. */
export class PacedWorld extends DeliverWorld {
  readonly clock = new VirtualClock(NOW_MS);
  /** Batches in each request that came to mParticle, and when, in milliseconds since the world began. */
  readonly arrivals: { readonly atMs: number; readonly batches: number; readonly apiKey: string }[] = [];

  constructor({
    flow,
    ...settings
  }: Partial<Omit<DeliverSettings, "flow">> & { flow?: Partial<FlowSettings> } = {}) {
    super({ ...settings, flow: { ...DEFAULT_FLOW_SETTINGS, ...flow } });
    Object.assign(this.deps, { clock: this.clock, ageNowMs: () => this.clock.nowMs() });
    this.mparticle.respond = async () => undefined;
    const { mparticle } = this;
    const post = mparticle.post.bind(mparticle);
    mparticle.post = async (request) => {
      const batches = JSON.parse(String(request.body)).length;
      this.arrivals.push({ atMs: this.elapsedMs, batches, apiKey: request.credentials.apiKey });
      await this.clock.sleep(ANSWER_MS);
      return await post(request);
    };
  }

  get elapsedMs(): number {
    return this.clock.nowMs() - NOW_MS;
  }

  /** What is known of a feed's flow. */
  knows(over: Partial<FlowState>, tenantId = "acme", feedId = "default"): void {
    const state = { ...initialFlow(this.deps.settings.flow, NOW_MS), ...over };
    this.flow.states.set(`${tenantId}/${feedId}`, state);
  }

  /** One invocation, with the time that it takes. */
  invoke(...records: QueueRecord[]): ReturnType<DeliverWorld["deliver"]> {
    return this.#inTime(this.deliver(...records));
  }

  /** Invocations at the same time. */
  invokeAll(...invocations: QueueRecord[][]): Promise<Delivery[]> {
    const all = invocations.map((records) => deliverRecords(records, this.remainingMs, this.deps));
    return this.#inTime(Promise.all(all));
  }

  /** The most batches that came to mParticle within a second. */
  get mostInASecond(): number {
    const within = (endMs: number) =>
      this.arrivals.filter(({ atMs }) => atMs <= endMs && atMs > endMs - 1_000);
    const sums = this.arrivals.map(({ atMs }) => within(atMs).reduce((sum, { batches }) => sum + batches, 0));
    return Math.max(0, ...sums);
  }

  async #inTime<Value>(work: Promise<Value>): Promise<Value> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    await this.clock.run(this.clock.nowMs() + 120_000, () => !isDone);
    return await done;
  }
}

/** Messages of one event each, of users of their own: each becomes a batch. */
export function messagesOf(count: number, name: string, over: Record<string, unknown> = {}): QueueRecord[] {
  return Array.from({ length: count }, (_, i) =>
    record(message([track({ messageId: `${name}-${i}`, userId: `${name}-${i}` })], over)),
  );
}
