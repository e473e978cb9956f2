import type { FeedPlan, Plan, Stream } from "../../../local/simulate/plan.ts";
import { run } from "../../../local/simulate/run.ts";
import { NO_FAULTS } from "../../../local/stand-in/faults.ts";
import { DEFAULT_FLOW_SETTINGS } from "../../../shared/core/flow/flow-settings.ts";

export const STREAM: Stream = {
  lane: "live",
  eventsPerMinute: 0,
  backlogEvents: 0,
  eventsPerMessage: 10,
  eventsPerBatch: 1,
};

/** A minute of ten quiet tenants that send 600 events. */
export function plan(over: Partial<Plan> = {}): Plan {
  return {
    seed: 1,
    minutes: 1,
    withheld: 0,
    quiet: { tenants: 10, eventsPerMinute: 600, eventsPerMessage: 10, eventsPerBatch: 2 },
    feeds: [],
    mparticle: { faults: { ...NO_FAULTS, latencyMs: [20, 60] }, judgedAt: 0.2, tellsUse: true },
    flow: DEFAULT_FLOW_SETTINGS,
    ...over,
  };
}

/** A feed that takes 120 batches a second and is sent so many. */
export function feedPlan(batchesPerSecond: number, over: Partial<Stream> = {}): FeedPlan {
  const stream = { ...STREAM, eventsPerMinute: 60 * batchesPerSecond, ...over };
  return { name: "feed", limit: 120, isSaturated: true, streams: [stream] };
}

export async function account(over: Partial<Plan>) {
  return (await run(plan(over))).census.account();
}
