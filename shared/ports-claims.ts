/** What it takes to handle each message once, though SQS delivers at least once; see `core/claims/judge.ts`. */
import type { Verdict } from "./core/claims/judge.ts";

export interface ClaimableMessage {
  readonly messageId: string;
  /** SQS's SentTimestamp, epoch milliseconds: the same each time that the message is handed out. */
  readonly sentAtMs: number;
}

export interface MessageClaims {
  /**
   * Claims distinct messages for an invocation. Never throws: what could not be claimed is `unclaimed`, and goes on as if nobody
   * else had it.
   *
   * @param deadlineMs - When the invocation ends at the latest, epoch milliseconds.
   * @param mayGoOn - False: there is no time for another call.
   */
  claim(messages: readonly ClaimableMessage[], deadlineMs: number, mayGoOn: () => boolean): Promise<Claimed>;
}

export interface Claimed {
  /** By message. */
  readonly verdicts: readonly (Verdict | { readonly kind: "unclaimed" })[];
  /**
   * Says that the invocation came to its end: everything that it did not give back is done with. To be called last of all, for
   * what is done after it would be lost should the invocation die in between. Never throws.
   *
   * @param givenBack - Ids of the messages that go back to the queue, the busy ones included.
   */
  end(givenBack: readonly string[]): Promise<void>;
}
