import type { FlowSettings } from "../../shared/core/flow/flow-settings.ts";
import type { Lane } from "../../shared/core/flow/flow-state.schema.ts";
import type { Faults } from "../stand-in/faults.ts";

/** What one run of the simulation is given. */
export interface Plan {
  readonly seed: number;
  /** For which events are sent. */
  readonly minutes: number;
  readonly quiet: QuietTraffic;
  /** Tenants with traffic of their own, beside the quiet ones. */
  readonly feeds: readonly FeedPlan[];
  readonly mparticle: {
    /** Their latency is that of the whole exchange. */
    readonly faults: Faults;
    /** Share of the latency after which a request is judged. The stand-in judges at the end of it: 1. */
    readonly judgedAt: number;
    /** Whether a 202 names the share of the limit in use. */
    readonly tellsUse: boolean;
  };
  readonly flow: FlowSettings;
  /** Batches that are said to be sent and are not: the run has to find them lost. */
  readonly withheld: number;
}

/** Tenants of which none comes near its limit. */
export interface QuietTraffic {
  readonly tenants: number;
  /** Of all of them. */
  readonly eventsPerMinute: number;
  readonly eventsPerMessage: number;
  readonly eventsPerBatch: number;
}

export interface FeedPlan {
  readonly name: string;
  /** Batches a second that mParticle takes. Nobody tells the connector. */
  readonly limit: number;
  /** There is always more than it takes: its goodput counts. */
  readonly isSaturated: boolean;
  readonly streams: readonly Stream[];
}

export interface Stream {
  readonly lane: Lane;
  /** Sent one by one, all the time. */
  readonly eventsPerMinute: number;
  /** On the queue before the run begins. */
  readonly backlogEvents: number;
  readonly eventsPerMessage: number;
  readonly eventsPerBatch: number;
}
