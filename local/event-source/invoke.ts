import { randomUUID } from "node:crypto";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { judgeBatchResponse } from "./batch-response.ts";

/** A Lambda function that takes SQS records. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing has settled all its records
export type SqsFunction = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse | void>;

/** How one invocation ended. All but `returned` send the whole batch back to the queue. */
export type InvocationOutcome =
  /** `failed`: message ids that were reported, and go back to the queue. */
  | { readonly kind: "returned"; readonly failed: ReadonlySet<string> }
  | { readonly kind: "invalid-response" }
  | { readonly kind: "threw"; readonly error: unknown }
  | { readonly kind: "timed-out" };

export interface InvokeOptions {
  readonly functionName: string;
  readonly region: string;
  readonly timeoutMs: number;
}

/** Invokes a function once. What it does after its timeout is ignored; in one process it cannot be ended. */
export async function invoke(
  sqsFunction: SqsFunction,
  event: SQSEvent,
  options: InvokeOptions,
): Promise<InvocationOutcome> {
  const endsAtMs = performance.now() + options.timeoutMs;
  const remainingMs = () => Math.max(0, Math.floor(endsAtMs - performance.now()));
  const messageIds = new Set(event.Records.map(({ messageId }) => messageId));

  async function run(): Promise<InvocationOutcome> {
    try {
      const response = await sqsFunction(event, lambdaContext(options, remainingMs));
      const verdict = judgeBatchResponse(response, messageIds);
      return verdict.kind === "invalid"
        ? { kind: "invalid-response" }
        : { kind: "returned", failed: verdict.failed };
    } catch (error) {
      return { kind: "threw", error };
    }
  }

  const timeout = Promise.withResolvers<InvocationOutcome>();
  const timer = setTimeout(() => timeout.resolve({ kind: "timed-out" }), options.timeoutMs);
  const outcome = await Promise.race([run(), timeout.promise]);
  clearTimeout(timer);
  // A function that blocked the event loop past its end also kept the timer from firing.
  return remainingMs() === 0 ? { kind: "timed-out" } : outcome;
}

function lambdaContext({ functionName, region }: InvokeOptions, remainingMs: () => number): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:${region}:000000000000:function:${functionName}`,
    memoryLimitInMB: "1024",
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: `local/[$LATEST]${functionName}`,
    getRemainingTimeInMillis: remainingMs,
    // The runtime of Node 24 has callbacks no more.
    done: noCallbacks,
    fail: noCallbacks,
    succeed: noCallbacks,
  };
}

function noCallbacks(): never {
  throw new Error("Callbacks are not supported: return a promise");
}
