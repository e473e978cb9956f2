import type { SQSRecord } from "aws-lambda";
import { pause } from "./pause.ts";
import { MAX_ENTRIES, type SourceQueue } from "./source-queue.ts";

/** Bytes of a synchronous invocation's payload. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_PAYLOAD_BYTES = 6 * 1_048_576;

/** Bytes of `{"Records":[]}`. */
const ENVELOPE_BYTES = 14;

/** Receives at once while a batch is filled. */
const PARALLEL_RECEIVES = 4;

/**
 * Milliseconds between looks at an empty queue. Lambda holds long polls instead, but it never has to end in a moment:
 * a long poll that one hangs up on may just be taking messages, which then stay hidden for their visibility timeout.
 */
const EMPTY_QUEUE_PAUSE_MS = 50;

export interface BatchCollectorOptions {
  readonly batchSize: number;
  readonly batchWindowMs: number;
  /** A receive that failed while others had already brought records, which are then delivered without it. */
  readonly onError: (error: unknown) => void;
}

export interface BatchCollector {
  /**
   * Waits for messages, then collects until the batch is full, the payload limit is reached or the window has passed.
   *
   * @param signal - Ends the wait; what was received by then is returned.
   * @returns The records of one invocation; none only after the signal.
   * @throws what the first receive threw.
   */
  collect(signal: AbortSignal): Promise<SQSRecord[]>;
  /** Records that were received and fitted into no batch yet. They are the caller's from now on. */
  takeLeftOver(): SQSRecord[];
}

export function createBatchCollector(queue: SourceQueue, options: BatchCollectorOptions): BatchCollector {
  const { batchSize, batchWindowMs, onError } = options;
  let leftOver: SQSRecord[] = [];

  function takeLeftOver(): SQSRecord[] {
    const records = leftOver;
    leftOver = [];
    return records;
  }

  async function collect(signal: AbortSignal): Promise<SQSRecord[]> {
    const batch: SQSRecord[] = [];
    let bytes = ENVELOPE_BYTES;
    let isFull = false;

    function add(record: SQSRecord): void {
      const size = Buffer.byteLength(JSON.stringify(record)) + 1;
      isFull ||= batch.length > 0 && bytes + size > MAX_PAYLOAD_BYTES;
      if (isFull) {
        leftOver.push(record);
        return;
      }
      batch.push(record);
      bytes += size;
      isFull = batch.length >= batchSize;
    }

    takeLeftOver().forEach(add);
    while (batch.length === 0 && !signal.aborted) {
      const records = await queue.receive(Math.min(MAX_ENTRIES, batchSize));
      records.forEach(add);
      if (records.length === 0) await pause(EMPTY_QUEUE_PAUSE_MS, signal);
    }
    const closesAtMs = performance.now() + batchWindowMs;
    let parallel = PARALLEL_RECEIVES;
    while (!isFull && !signal.aborted && performance.now() < closesAtMs) {
      const requests = shares(batchSize - batch.length, parallel).map((max) => queue.receive(max));
      const answers = await Promise.allSettled(requests);
      const records = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
      records.forEach(add);
      const failure = answers.find((answer) => answer.status === "rejected");
      if (failure !== undefined) {
        onError(failure.reason);
        break;
      }
      // One look at a time is enough for a queue that has run empty.
      parallel = records.length > 0 ? PARALLEL_RECEIVES : 1;
      if (records.length === 0) await pause(EMPTY_QUEUE_PAUSE_MS, signal);
    }
    return batch;
  }

  return { collect, takeLeftOver };
}

/** How many messages each of the next receives asks for, so that together they never bring more than there is room for. */
function shares(room: number, parallel: number): number[] {
  const count = Math.min(parallel, Math.ceil(room / MAX_ENTRIES));
  return Array.from({ length: count }, (_, i) => Math.min(MAX_ENTRIES, room - i * MAX_ENTRIES));
}
