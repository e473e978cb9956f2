import type { Mode } from "../../../shared/core/message.schema.ts";
import { publishEvents } from "../../../shared/publish/publish-events.ts";
import type { SendDeps } from "../../../shared/publish/send-messages.ts";

/** Events that are sent at once: a few calls' worth. */
const CHUNK = 2_000;

export interface Address {
  readonly tenantId: string;
  readonly feedId?: string;
  readonly mode?: Mode;
}

export interface SendCounts {
  sent: number;
  /** May or may not be on the queue, or was refused by it. */
  failed: number;
  /** Why, by count. */
  readonly reasons: Map<string, number>;
}

/** An event with the line that it comes from. */
interface Sourced {
  readonly event: unknown;
  readonly line: number;
}

/** Sends events in order, some thousands at a time. */
export class EventSender {
  readonly counts: SendCounts = { sent: 0, failed: 0, reasons: new Map() };
  readonly #address: Address;
  /** Undefined: nothing is sent, events are only checked. */
  readonly #queue: SendDeps | undefined;
  readonly #onInvalid: (line: number, problem: string) => void;
  #waiting: Sourced[] = [];

  constructor(
    address: Address,
    queue: SendDeps | undefined,
    onInvalid: (line: number, problem: string) => void,
  ) {
    this.#address = address;
    this.#queue = queue;
    this.#onInvalid = onInvalid;
  }

  /** @returns whether it sent what had gathered. */
  async add(event: unknown, line: number): Promise<boolean> {
    this.#waiting.push({ event, line });
    if (this.#waiting.length < CHUNK) return false;
    await this.flush();
    return true;
  }

  async flush(): Promise<void> {
    const chunk = this.#waiting;
    this.#waiting = [];
    if (chunk.length === 0) return;
    if (!this.#queue) {
      this.counts.sent += chunk.length;
      return;
    }
    const events = chunk.map(({ event }) => event);
    const { results } = await publishEvents({ ...this.#address, events }, this.#queue);
    for (const [i, result] of results.entries()) {
      const line = chunk[i]?.line ?? 0;
      if (result.status === "sent") this.counts.sent++;
      else if (result.status === "too_large") this.#onInvalid(line, "is larger than a queue message");
      else if (result.status === "invalid") this.#onInvalid(line, `${result.path} ${result.problem}`.trim());
      else {
        this.counts.failed++;
        this.counts.reasons.set(result.reason, (this.counts.reasons.get(result.reason) ?? 0) + 1);
      }
    }
  }
}
