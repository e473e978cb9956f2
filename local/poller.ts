import type { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { createBatchCollector } from "./event-source/batch-collector.ts";
import { type InvocationOutcome, invoke, type SqsFunction } from "./event-source/invoke.ts";
import { pause } from "./event-source/pause.ts";
import { openSourceQueue, type SourceQueue } from "./event-source/source-queue.ts";

/** Milliseconds before the queue is tried again after an error of its own. */
const ERROR_PAUSE_MS = 1000;

export interface PollerOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly sqsFunction: SqsFunction;
  /** Most records of one invocation, 1 to 10,000; more than 10 take a window. @default 10 */
  readonly batchSize?: number;
  /**
   * Longest time in seconds that a batch waits for more records, at most 300. Lambda takes whole seconds; fractions are
   * for runs that must not wait. @default 0
   */
  readonly batchWindowSeconds?: number;
  /** Invocations at once. @default 10 */
  readonly maxConcurrency?: number;
  /** @default 30 */
  readonly functionTimeoutSeconds?: number;
  /** @default "deliver-events" */
  readonly functionName?: string;
  /** Clock, in milliseconds since 1970, that the records' timestamps come from instead of the queue's own. */
  readonly now?: () => number;
  /** Called after each invocation, when what succeeded is off the queue. */
  readonly onInvoked?: (event: SQSEvent, outcome: InvocationOutcome) => void;
  /** The queue could not be read or written; the poller tries on. Also what `onInvoked` throws. */
  readonly onError: (error: unknown) => void;
}

export interface Poller {
  /**
   * Receives no more, waits until running invocations have ended or timed out and their records are settled, and makes
   * records that were received for a later invocation visible again.
   */
  stop(): Promise<void>;
}

/**
 * Runs a function behind a queue as Lambda's event source mapping for SQS does, partial batch responses included.
 *
 * What fails is left to the queue's visibility timeout and redrive policy, or to the delay that the function set itself.
 * While every invocation slot is taken nothing is received, so no message spends its visibility on waiting.
 *
 * @throws {RangeError} For a batch size, window or concurrency that Lambda would refuse.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function startPoller(options: PollerOptions): Poller {
  const { batchSize = 10, batchWindowSeconds = 0, maxConcurrency = 10, onError } = options;
  assertSettings(batchSize, batchWindowSeconds, maxConcurrency);
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  async function poll(queue: SourceQueue): Promise<void> {
    const collector = createBatchCollector(queue, {
      batchSize,
      batchWindowMs: batchWindowSeconds * 1000,
      onError,
    });
    while (!stopping.signal.aborted) {
      if (running.size >= maxConcurrency) {
        await Promise.race(running);
        continue;
      }
      const records = await orPause(() => collector.collect(stopping.signal));
      if (records === undefined) continue;
      if (stopping.signal.aborted) {
        await queue.release(records).catch(onError);
        break;
      }
      const invocation = runInvocation(queue, records, options)
        .catch(onError)
        .finally(() => running.delete(invocation));
      running.add(invocation);
    }
    await queue.release(collector.takeLeftOver()).catch(onError);
  }

  /** Undefined after an error, which was reported and waited out. */
  async function orPause<T>(request: () => Promise<T>): Promise<T | undefined> {
    try {
      return await request();
    } catch (error) {
      onError(error);
      await pause(ERROR_PAUSE_MS, stopping.signal);
      return undefined;
    }
  }

  async function run(): Promise<void> {
    let queue: SourceQueue | undefined;
    while (queue === undefined && !stopping.signal.aborted) {
      queue = await orPause(() => openSourceQueue(options.client, options.queueUrl, options.now));
    }
    if (queue !== undefined) await poll(queue);
  }

  const polling = run();
  return {
    async stop() {
      stopping.abort();
      await polling;
      await Promise.all(running);
    },
  };
}

async function runInvocation(
  queue: SourceQueue,
  records: SQSRecord[],
  options: PollerOptions,
): Promise<void> {
  const { functionName = "deliver-events", functionTimeoutSeconds = 30 } = options;
  const event: SQSEvent = { Records: [...records] };
  const outcome = await invoke(options.sqsFunction, event, {
    functionName,
    region: records[0]?.awsRegion ?? "",
    timeoutMs: functionTimeoutSeconds * 1000,
  });
  if (outcome.kind === "returned") {
    const succeeded = records.filter(({ messageId }) => !outcome.failed.has(messageId));
    await queue.delete(succeeded).catch(options.onError);
  }
  options.onInvoked?.(event, outcome);
}

function assertSettings(batchSize: number, batchWindowSeconds: number, maxConcurrency: number): void {
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > 10_000) {
    throw new RangeError("batchSize must be a whole number from 1 to 10000");
  }
  if (!(batchWindowSeconds >= 0 && batchWindowSeconds <= 300)) {
    throw new RangeError("batchWindowSeconds must be from 0 to 300");
  }
  if (batchSize > 10 && batchWindowSeconds === 0) {
    throw new RangeError("batchWindowSeconds must be above 0 for a batchSize over 10");
  }
  if (!Number.isInteger(maxConcurrency) || maxConcurrency < 1) {
    throw new RangeError("maxConcurrency must be a whole number from 1");
  }
}
