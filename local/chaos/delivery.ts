import { ChangeMessageVisibilityBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";

/** What a standard queue may do to a delivery: its order is none, and "at least once" may be twice. Shares of records. */
export interface Delivery {
  readonly isShuffled: boolean;
  /** Handed out twice within one invocation. */
  readonly copied: number;
  /** Handed to another invocation too, while this one runs. */
  readonly shared: number;
}

export const ORDERLY: Delivery = { isShuffled: false, copied: 0, shared: 0 };

interface DeliveryDeps {
  readonly sqs: Pick<SQSClient, "send">;
  readonly queueUrl: string;
  /** Draws from [0, 1). */
  readonly random: () => number;
}

/** @returns What the function is handed, and which of it others will be handed as well. */
export async function disturbDelivery(
  records: readonly SQSRecord[],
  { isShuffled, copied, shared }: Delivery,
  { sqs, queueUrl, random }: DeliveryDeps,
): Promise<{ records: SQSRecord[]; shared: readonly SQSRecord[] }> {
  const handed = records.flatMap((record) => (random() < copied ? [record, { ...record }] : [record]));
  // A message is shared once: shared on every receive, it would never leave the queue.
  const given = records.filter(
    ({ attributes }) => attributes.ApproximateReceiveCount === "1" && random() < shared,
  );
  for (let start = 0; start < given.length; start += 10) {
    const Entries = given.slice(start, start + 10).map(({ receiptHandle }, i) => ({
      Id: String(i),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: 0,
    }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
  return { records: isShuffled ? shuffled(handed, random) : handed, shared: given };
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
