import { ChangeMessageVisibilityBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSRecord } from "aws-lambda";

/** What a standard queue may do to a delivery: its order is none, and "at least once" may be twice. Shares of records. */
export interface Delivery {
  readonly isShuffled: boolean;
  /** Handed out twice within one invocation. */
  readonly copied: number;
  /** Handed to another invocation too, while this one runs. */
  readonly shared: number;
  /** Stays on the queue though its invocation is done with it, and is handed out again after its visibility timeout. */
  readonly undeleted: number;
}

export const ORDERLY: Delivery = { isShuffled: false, copied: 0, shared: 0, undeleted: 0 };

interface DeliveryDeps {
  readonly sqs: Pick<SQSClient, "send">;
  readonly queueUrl: string;
  /** Draws from [0, 1). */
  readonly random: () => number;
}

/** @returns What the function is handed, and which of it others will be handed as well. */
export async function disturbDelivery(
  records: readonly SQSRecord[],
  { isShuffled, copied, shared }: Omit<Delivery, "undeleted">,
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

/**
 * Loses the deletion of some messages.
 *
 * @returns The function's answer as the event source is to take it, and the messages that stay on the queue.
 */
export function loseDeletions(
  response: SQSBatchResponse,
  records: readonly SQSRecord[],
  share: number,
  random: () => number,
): { response: SQSBatchResponse; undeleted: readonly SQSRecord[] } {
  const returned = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  // Once for each message: lost every time, it would never leave the queue.
  const undeleted = records.filter(
    ({ messageId, attributes }) =>
      !returned.has(messageId) && attributes.ApproximateReceiveCount === "1" && random() < share,
  );
  const lost = undeleted.map(({ messageId }) => ({ itemIdentifier: messageId }));
  return { response: { batchItemFailures: [...response.batchItemFailures, ...lost] }, undeleted };
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
