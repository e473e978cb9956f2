import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local/aws/embedded-aws.ts";
import type { InvocationOutcome, SqsFunction } from "../../../local/event-source/invoke.ts";
import { type PollerOptions, startPoller } from "../../../local/poller.ts";

/** One embedded AWS for a test file, with a client of its queues. */
export let aws: EmbeddedAws;
export let client: SQSClient;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  client = new SQSClient(aws.clientConfig);
});

afterAll(async () => {
  client.destroy();
  await aws.close();
});

export async function createQueue(attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl = "" } = await client.send(
    new CreateQueueCommand({ QueueName: `events-${randomUUID()}`, Attributes: attributes }),
  );
  return QueueUrl;
}

export async function send(queueUrl: string, bodies: readonly string[]): Promise<void> {
  for (let start = 0; start < bodies.length; start += 10) {
    const Entries = bodies.slice(start, start + 10).map((MessageBody, i) => ({ Id: `${i}`, MessageBody }));
    await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

export const numbered = (count: number) => Array.from({ length: count }, (_, i) => `body ${i}`);
export const bodiesOf = (event: SQSEvent) => event.Records.map(({ body }) => body);

/** Ends a received message's visibility timeout. */
export async function reveal(queueUrl: string, receiptHandle: string | undefined): Promise<void> {
  await client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: 0,
    }),
  );
}

/** Messages that can be received now, and those that were received and not deleted. */
export async function depth(queueUrl: string): Promise<{ visible: number; hidden: number }> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] }),
  );
  return {
    visible: Number(Attributes?.ApproximateNumberOfMessages),
    hidden: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
  };
}

export interface Invocation {
  readonly event: SQSEvent;
  readonly outcome: InvocationOutcome;
}

/** A poller that ends with its test and remembers its invocations. */
export function poll(queueUrl: string, sqsFunction: SqsFunction, options: Partial<PollerOptions> = {}) {
  const invocations: Invocation[] = [];
  const errors: unknown[] = [];
  let look = () => {};
  const poller = startPoller({
    client,
    queueUrl,
    sqsFunction,
    onError: (error) => errors.push(error),
    onInvoked: (event, outcome) => {
      invocations.push({ event, outcome });
      look();
    },
    ...options,
  });
  onTestFinished(() => poller.stop());
  return {
    poller,
    invocations,
    errors,
    /** Resolves with the invocations once they hold at least so many records. */
    records: (count: number) =>
      new Promise<readonly Invocation[]>((resolve) => {
        look = () => {
          if (invocations.flatMap(({ event }) => event.Records).length >= count) resolve(invocations);
        };
        look();
      }),
  };
}

/** Waits for something that another party brings about. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(5);
}
