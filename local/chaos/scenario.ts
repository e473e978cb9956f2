import type { AccelerationLimitOptions } from "../stand-in/acceleration-limit.ts";
import type { Delivery } from "./delivery.ts";
import type { Traffic } from "./traffic.ts";
import type { World } from "./world.ts";

/** One thing that goes wrong, and what is promised all the same. */
export interface Scenario {
  readonly name: string;
  /** What goes wrong, in one line. */
  readonly about: string;
  readonly traffic?: Partial<Traffic>;
  readonly surroundings?: Partial<Surroundings>;
  /** Lets things go wrong while the traffic runs. Resolves when all is in order again. */
  readonly disturb?: (world: World) => Promise<void>;
  /** Only the busy tenant is hit, so that the quiet ones are to be as quick as in the same run without the fault. */
  readonly sparesQuietTenants?: boolean;
  /** Traffic of the run that it is compared with, where that is not the same traffic without the fault. */
  readonly comparedWith?: Partial<Traffic>;
  /** What may be found at the end, with the reason. Anything else fails the run; a lost event always does. */
  readonly allows?: Allowances;
}

export interface Allowances {
  /**
   * Doubled events, of those that were handed to two invocations or were with one that was killed; and events that lie in the bucket
   * and somewhere else too, or twice there.
   */
  readonly doubledWhenHandedTwice?: string;
  /** Dropped behind a 202. */
  readonly dropped?: string;
  readonly deadLetters?: string;
}

/** What a scenario runs in. */
export interface Surroundings {
  /** mParticle's limit for each feed. */
  readonly batchesPerSecond: number;
  readonly acceleration: AccelerationLimitOptions | undefined;
  /** Variables of the function that differ from the usual ones. */
  readonly env: Readonly<Record<string, string>>;
  readonly workers: number;
  /** Milliseconds by which each worker's clock goes ahead, in turn. */
  readonly skewsMs: readonly number[];
  /** Virtual seconds in a real one: clocks, caches, delays on the queue and mParticle's limits are that much faster. */
  readonly timeScale: number;
  readonly visibilityTimeoutSeconds: number;
  readonly maxReceiveCount: number;
  readonly delivery: Delivery;
  /** Invocations of a worker after which it starts cold. 0: never. */
  readonly coldStartEvery: number;
  /** Seconds until whatever is still open counts as such. */
  readonly patienceSeconds: number;
}
