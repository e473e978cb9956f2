import type { Plan } from "./plan.ts";

/** A run, and why it is made. */
export interface Scenario {
  readonly name: string;
  /** What is special about it, in one line. */
  readonly about: string;
  readonly plan: Plan;
  /** What the run's latency is compared with: the same without what disturbs it. */
  readonly twin?: Plan;
  /** Whose latency that is: of the quiet tenants, or of the first feed. */
  readonly compares?: "quiet" | "feed";
  /** The targets speak of such a feed: what an unknown limit, and mParticle as it is documented, come to. */
  readonly isTarget: boolean;
}

/** Sizes that may be chosen. */
export interface Sizes {
  readonly seed: number;
  readonly tenants: number;
  /** Of all quiet tenants. */
  readonly eventsPerMinute: number;
  readonly minutes: number;
  /** Events that the noisy tenant has on the queue when the run begins. */
  readonly backlog: number;
  /** Virtual minutes of the runs with one overloaded feed. */
  readonly overloadMinutes: number;
  readonly withheld: number;
}
