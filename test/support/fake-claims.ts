import type { ClaimableMessage, Claimed, MessageClaims } from "../../shared/ports-claims.ts";

/** Claims in memory: every message is the invocation's own, unless a test says otherwise. */
export class FakeMessageClaims implements MessageClaims {
  readonly verdicts = new Map<string, Claimed["verdicts"][number]>();
  /** Deadline of each invocation, in order. */
  readonly deadlines: number[] = [];
  /** What each invocation that came to its end gave back, in order. */
  readonly ends: (readonly string[])[] = [];

  async claim(messages: readonly ClaimableMessage[], deadlineMs: number): Promise<Claimed> {
    this.deadlines.push(deadlineMs);
    return {
      verdicts: messages.map(({ messageId }) => this.verdicts.get(messageId) ?? { kind: "mine" }),
      end: async (givenBack) => void this.ends.push(givenBack),
    };
  }
}
