import type { Account } from "./account.ts";
import type { Latency } from "./latency.ts";

/** What a scenario came to. */
export interface Result extends Measured {
  /** Why the run fails; empty: all that is promised was kept. */
  readonly problems: readonly string[];
  /** What is allowed for a reason, and happened. */
  readonly notes: readonly string[];
}

export interface Measured {
  readonly name: string;
  readonly about: string;
  readonly account: Account;
  /** Of the doubled events, those that were handed to two invocations or were with one that was killed. */
  readonly doubledHandedTwice: number;
  /** That the partner put on the queue. */
  readonly messages: number;
  /** Records that invocations were handed, by message that the partner sent; what the connector sends itself counts too. */
  readonly receivesPerMessage: number;
  readonly requests: number;
  /** Share of requests that mParticle answered with 429. */
  readonly throttledShare: number;
  /** Batches of the busy tenant that mParticle took, by second from the start to the last ending. */
  readonly busyBatchesPerSecond: number;
  /** Of the quiet tenants' events. */
  readonly quiet: Latency;
  /** Lines that are still held, by cause. */
  readonly heldBy: Readonly<Record<string, number>>;
  /** Calls to AWS that met a fault. */
  readonly awsFaults: number;
  /** Workers that ended by themselves. */
  readonly crashes: number;
  readonly failedInvocations: number;
  /** Batches that mParticle dropped behind a 202 by its own rules. */
  readonly dropReasons: Readonly<Record<string, number>>;
  readonly seconds: number;
}
