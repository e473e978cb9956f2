import { setTimeout as sleep } from "node:timers/promises";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { expect, test } from "vitest";
import { client, createQueue, poll, send } from "./support.ts";

test("the event has the shape that Lambda gives it", async () => {
  const queueUrl = await createQueue();
  const sent = await client.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: '{"version":1}',
      MessageAttributes: {
        source: { DataType: "String", StringValue: "crm" },
        bytes: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) },
      },
    }),
  );

  const [invocation] = await poll(queueUrl, async () => {}).records(1);

  expect(invocation?.event).toEqual({
    Records: [
      {
        messageId: sent.MessageId,
        receiptHandle: expect.stringMatching(/./),
        body: '{"version":1}',
        attributes: {
          ApproximateReceiveCount: "1",
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          SenderId: "000000000000",
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        },
        messageAttributes: {
          source: { stringValue: "crm", stringListValues: [], binaryListValues: [], dataType: "String" },
          bytes: { binaryValue: "AP8=", stringListValues: [], binaryListValues: [], dataType: "Binary" },
        },
        md5OfBody: sent.MD5OfMessageBody,
        md5OfMessageAttributes: sent.MD5OfMessageAttributes,
        eventSource: "aws:sqs",
        eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueUrl.split("/").at(-1)}`,
        awsRegion: "us-east-1",
      },
    ],
  });
});

test("the event takes its times from a clock that was given", async () => {
  const queueUrl = await createQueue();
  await send(queueUrl, ["body"]);
  const nowMs = Date.parse("2020-02-02T00:00:00Z");

  const [invocation] = await poll(queueUrl, async () => {}, { now: () => nowMs }).records(1);

  expect(invocation?.event.Records[0]?.attributes).toMatchObject({
    SentTimestamp: String(nowMs),
    ApproximateFirstReceiveTimestamp: String(nowMs),
  });
});

test("the event comes with a context whose remaining time runs down", async () => {
  const queueUrl = await createQueue();
  await send(queueUrl, ["body"]);
  const remaining: number[] = [];
  let context: Context | undefined;

  await poll(
    queueUrl,
    async (_, given) => {
      context = given;
      remaining.push(given.getRemainingTimeInMillis());
      await sleep(5);
      remaining.push(given.getRemainingTimeInMillis());
    },
    { functionTimeoutSeconds: 20, functionName: "deliver" },
  ).records(1);

  expect(remaining[0]).toBeLessThanOrEqual(20_000);
  expect(remaining[1]).toBeLessThan(remaining[0] ?? 0);
  expect(context).toMatchObject({
    functionName: "deliver",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:deliver",
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});
