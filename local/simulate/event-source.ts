import { draw, rounds, SQS_ENTRIES, SQS_MS } from "./model.ts";
import type { QueueMessage, SimQueue } from "./queue.ts";
import type { Usage } from "./usage.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Lambda: batches that are processed at once in the beginning, and how many more each second, 300 a minute. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const FIRST_PROCESSES = 5;
const GROWTH_MS = 200;

/** Lambda: bytes of an invocation's payload, and of a record beside its body. */
const MAX_PAYLOAD_BYTES = 6 * 1_048_576;
const RECORD_BYTES = 700;

/** Calls that receive at once while a batch is filled and each brings as much as it may: as `local/event-source` does. */
const PARALLEL_RECEIVES = 4;

export interface EventSourceOptions<Body> {
  readonly queue: SimQueue<Body>;
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly usage: Usage;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly maxConcurrency: number;
  /** Runs the function. @returns the messages that go back; all others are deleted. */
  readonly invoke: (messages: readonly QueueMessage<Body>[]) => Promise<ReadonlySet<QueueMessage<Body>>>;
}

/**
 * Lambda's event source mapping: processes that each fill a batch until it is full or its window is over, invoke the function with
 * it, and read on when that has ended. There are more of them while messages are left, up to the most; those that find nothing to
 * read end again, but for the first ones.
 */
export class EventSource<Body> {
  readonly #options: EventSourceOptions<Body>;
  #processes = 0;
  #isStopped = false;
  running = 0;
  invocations = 0;

  constructor(options: EventSourceOptions<Body>) {
    this.#options = options;
  }

  start(): void {
    const { maxConcurrency } = this.#options;
    while (this.#processes < Math.min(FIRST_PROCESSES, maxConcurrency)) void this.#process();
    this.#grow();
  }

  /** Invokes no more. What was received and is in no invocation stays in flight. */
  stop(): void {
    this.#isStopped = true;
  }

  #grow(): void {
    const { clock, queue, maxConcurrency } = this.#options;
    if (this.#isStopped) return;
    if (queue.visible > 0 && this.#processes < maxConcurrency) void this.#process();
    clock.at(clock.nowMs() + GROWTH_MS, () => this.#grow());
  }

  async #process(): Promise<void> {
    this.#processes++;
    const { queue, invoke } = this.#options;
    while (!this.#isStopped) {
      if (queue.visible === 0 && this.#processes > FIRST_PROCESSES) break;
      const batch = await this.#collect();
      if (this.#isStopped || batch.length === 0) continue;
      this.running++;
      this.invocations++;
      const returned = await invoke(batch);
      await this.#delete(batch.filter((message) => !returned.has(message)));
      this.running--;
    }
    this.#processes--;
  }

  async #collect(): Promise<QueueMessage<Body>[]> {
    const { queue, clock, random, usage, batchSize, batchingWindowMs } = this.#options;
    const batch: QueueMessage<Body>[] = [];
    let bytes = 0;
    let closesAtMs = Number.POSITIVE_INFINITY;
    let calls = 1;
    while (!this.#isStopped && batch.length < batchSize && clock.nowMs() < closesAtMs) {
      await queue.arrival(closesAtMs);
      if (clock.nowMs() >= closesAtMs) break;
      await clock.sleep(draw(SQS_MS, random));
      let isFull = false;
      let mostOfACall = 0;
      for (let call = 0; call < calls && !isFull && batch.length < batchSize; call++) {
        const received = queue.receive(Math.min(SQS_ENTRIES, batchSize - batch.length));
        usage.sqs(received.reduce((sum, message) => sum + message.bytes, 0));
        mostOfACall = Math.max(mostOfACall, received.length);
        batch.push(...received);
        bytes += received.reduce((sum, message) => sum + message.bytes + RECORD_BYTES, 0);
        const perCall = (bytes / Math.max(1, batch.length)) * SQS_ENTRIES;
        isFull = bytes + perCall > MAX_PAYLOAD_BYTES;
      }
      if (batch.length > 0 && closesAtMs === Number.POSITIVE_INFINITY)
        closesAtMs = clock.nowMs() + batchingWindowMs;
      if (isFull) break;
      calls = mostOfACall === SQS_ENTRIES ? PARALLEL_RECEIVES : 1;
    }
    return batch;
  }

  async #delete(messages: readonly QueueMessage<Body>[]): Promise<void> {
    const { queue, clock, random, usage } = this.#options;
    if (messages.length === 0) return;
    for (let i = 0; i < rounds(messages.length, SQS_ENTRIES); i++) usage.sqs();
    await clock.sleep(draw(SQS_MS, random));
    for (const message of messages) queue.delete(message);
  }
}
