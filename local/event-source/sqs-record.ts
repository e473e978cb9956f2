import type { Message, MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { SQSMessageAttribute, SQSRecord } from "aws-lambda";

export interface RecordSource {
  readonly queueArn: string;
  /** A fixed or shifted clock, in milliseconds since 1970; see {@link toSqsRecord}. */
  readonly now?: (() => number) | undefined;
}

/**
 * A received message as Lambda hands it to a function.
 *
 * With a clock of one's own the two timestamps come from it. An event without a timestamp takes its message's
 * `SentTimestamp`, and the age rules then compare that with the clock: the queue's real time would make such an event
 * years old, or not yet sent, in a run whose clock is set.
 */
export function toSqsRecord(message: Message, { queueArn, now }: RecordSource): SQSRecord {
  const attributes = message.Attributes ?? {};
  const fixedTime = now === undefined ? undefined : String(now());
  return {
    messageId: message.MessageId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    attributes: {
      // Whatever else the queue knows: MessageGroupId (which fauxqs drops on a standard queue), AWSTraceHeader, ...
      ...attributes,
      ApproximateReceiveCount: attributes.ApproximateReceiveCount ?? "1",
      SentTimestamp: fixedTime ?? attributes.SentTimestamp ?? "",
      SenderId: attributes.SenderId ?? "",
      ApproximateFirstReceiveTimestamp: fixedTime ?? attributes.ApproximateFirstReceiveTimestamp ?? "",
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        toRecordAttribute(value),
      ]),
    ),
    md5OfBody: message.MD5OfBody ?? "",
    ...(message.MD5OfMessageAttributes !== undefined && {
      md5OfMessageAttributes: message.MD5OfMessageAttributes,
    }),
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(":")[3] ?? "",
  };
}

/** camelCase, binary as base64, and two lists that SQS reserves and Lambda sends empty. */
function toRecordAttribute({
  DataType,
  StringValue,
  BinaryValue,
}: MessageAttributeValue): SQSMessageAttribute {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType ?? "",
  };
}
