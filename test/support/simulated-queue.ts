import type { QueueRecord } from "../../functions/deliver-events/pass.ts";
import type { QueuedMessage } from "./fake-stores.ts";

interface Waiting {
  readonly messageId: string;
  readonly body: string;
  readonly sentAtMs: number;
  receiveCount: number;
  visibleAtMs: number;
}

/** A standard queue: hands messages out in any order, again when they went back, now and then twice at once. */
export class SimulatedQueue {
  readonly #waiting = new Map<string, Waiting>();
  #sent = 0;

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** When the next message can be received; infinity: never. */
  get nextAtMs(): number {
    return Math.min(...Array.from(this.#waiting.values(), ({ visibleAtMs }) => visibleAtMs));
  }

  send({ body, delaySeconds = 0 }: Partial<QueuedMessage> & { body: string }, nowMs: number): void {
    const messageId = `sqs-${++this.#sent}`;
    this.#waiting.set(messageId, {
      messageId,
      body,
      sentAtMs: nowMs,
      receiveCount: 0,
      visibleAtMs: nowMs + delaySeconds * 1000,
    });
  }

  receive(nowMs: number, random: () => number): QueueRecord[] {
    const visible = [...this.#waiting.values()].filter(({ visibleAtMs }) => visibleAtMs <= nowMs);
    const picked = visible
      .map((waiting) => ({ waiting, place: random() }))
      .sort((a, b) => a.place - b.place)
      .slice(0, 1 + Math.floor(random() * 8))
      .map(({ waiting }) => waiting);
    const records = picked.map((waiting): QueueRecord => {
      waiting.receiveCount++;
      const { messageId, body, receiveCount, sentAtMs } = waiting;
      return { messageId, receiptHandle: messageId, body, receiveCount, sentAtMs };
    });
    const [twin] = records;
    return twin && random() < 0.1 ? [...records, twin] : records;
  }

  delete(messageId: string): void {
    this.#waiting.delete(messageId);
  }

  hide(messageId: string, untilMs: number): void {
    const waiting = this.#waiting.get(messageId);
    if (waiting) waiting.visibleAtMs = untilMs;
  }
}
