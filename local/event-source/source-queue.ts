import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { toSqsRecord } from "./sqs-record.ts";

/** Entries in one SQS request. */
export const MAX_ENTRIES = 10;

/** Requests that delete or release at once. */
const MAX_PARALLEL_REQUESTS = 8;

/** The queue as an event source mapping uses it. */
export interface SourceQueue {
  /** Up to `max` messages, 1 to 10, without waiting for any. */
  receive(max: number): Promise<SQSRecord[]>;
  delete(records: readonly SQSRecord[]): Promise<void>;
  /** Makes received messages visible again at once. */
  release(records: readonly SQSRecord[]): Promise<void>;
}

/** @throws when the queue does not exist. */
export async function openSourceQueue(
  client: SQSClient,
  queueUrl: string,
  now: (() => number) | undefined,
): Promise<SourceQueue> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }),
  );
  const source = { queueArn: Attributes?.QueueArn ?? "", now };

  return {
    async receive(max) {
      const command = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: 0,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      });
      const { Messages = [] } = await client.send(command);
      return Messages.map((message) => toSqsRecord(message, source));
    },

    delete: (records) =>
      inBatches(records, async (batch) => {
        const Entries = batch.map(({ receiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle: receiptHandle }));
        const { Failed = [] } = await client.send(
          new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
        );
        if (Failed.length > 0)
          throw new Error(`${Failed.length} messages were not deleted: ${Failed[0]?.Code}`);
      }),

    release: (records) =>
      inBatches(records, async (batch) => {
        const Entries = batch.map(({ receiptHandle }, i) => ({
          Id: `${i}`,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: 0,
        }));
        await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
      }),
  };
}

async function inBatches(
  records: readonly SQSRecord[],
  request: (batch: readonly SQSRecord[]) => Promise<void>,
): Promise<void> {
  let next = 0;
  async function work(): Promise<void> {
    while (next < records.length) {
      const start = next;
      next += MAX_ENTRIES;
      await request(records.slice(start, start + MAX_ENTRIES));
    }
  }
  // One that fails does not keep the others from their records, and none is left running.
  const ends = await Promise.allSettled(Array.from({ length: MAX_PARALLEL_REQUESTS }, work));
  const failure = ends.find((end) => end.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}
