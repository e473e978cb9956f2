import middy from "@middy/core";
import sqsPartialBatchFailure from "@middy/sqs-partial-batch-failure";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { withoutMessage } from "../../shared/runtime/without-message.ts";
import { type DeliverDeps, type Delivery, deliverRecords } from "./deliver-records.ts";
import type { QueueRecord } from "./pass.ts";

// Of the middleware only its answer to a finished pass is used. What it does on a throw, "every record failed" as a
// success, would hide crashes from Lambda's error count; and its log line would hold the body of each returned record.
const { after: answerPartialBatch } = sqsPartialBatchFailure({ logger: () => {} });

/**
 * The Lambda handler over given dependencies: answers with the messages that go back. A throw sends all of them back.
 *
 * @param report - Takes what each invocation counted, before it answers.
 */
export function createHandler(
  deps: DeliverDeps,
  report: (counted: Pick<Delivery, "reports" | "copies">) => void,
) {
  const handler = middy<SQSEvent, PromiseSettledResult<"done">[]>().handler(
    async (event, context: Context) => {
      const { records, ...counted } = await deliverRecords(
        event.Records.map(toQueueRecord),
        () => context.getRemainingTimeInMillis(),
        deps,
      ).catch((error: unknown) => {
        throw withoutMessage(error);
      });
      report(counted);
      return records.map((outcome) =>
        outcome === "done"
          ? { status: "fulfilled", value: outcome }
          : { status: "rejected", reason: outcome },
      );
    },
  );
  return answerPartialBatch ? handler.after(answerPartialBatch) : handler;
}

function toQueueRecord({ messageId, receiptHandle, body, attributes }: SQSRecord): QueueRecord {
  return {
    messageId,
    receiptHandle,
    body,
    receiveCount: Number(attributes.ApproximateReceiveCount),
    sentAtMs: Number(attributes.SentTimestamp),
  };
}
