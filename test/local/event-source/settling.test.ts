import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import type { InvocationOutcome, SqsFunction } from "../../../local/event-source/invoke.ts";
import type { PollerOptions } from "../../../local/poller.ts";
import { bodiesOf, client, createQueue, depth, numbered, poll, reveal, send } from "./support.ts";

test("what succeeded is deleted", async () => {
  const queueUrl = await createQueue();
  await send(queueUrl, numbered(25));

  const invocations = await poll(queueUrl, async () => {}).records(25);

  expect(invocations.flatMap(({ event }) => bodiesOf(event)).toSorted()).toEqual(numbered(25).toSorted());
  expect(await depth(queueUrl)).toEqual({ visible: 0, hidden: 0 });
});

test("only the records reported as failed come back, with receive count 2", async () => {
  const queueUrl = await createQueue({ VisibilityTimeout: "3600" });
  await send(queueUrl, ["good", "bad", "fine"]);
  const { records } = poll(queueUrl, async ({ Records }) => ({
    batchItemFailures: Records.filter(
      ({ body, attributes }) => body === "bad" && attributes.ApproximateReceiveCount === "1",
    ).map(({ messageId }) => ({ itemIdentifier: messageId })),
  }));
  const first = (await records(3)).flatMap(({ event }) => event.Records);
  const afterFailure = await depth(queueUrl);

  await reveal(queueUrl, first.find(({ body }) => body === "bad")?.receiptHandle);
  const all = (await records(4)).flatMap(({ event }) => event.Records);

  expect(afterFailure).toEqual({ visible: 0, hidden: 1 });
  expect(
    all.map(({ body, attributes }) => `${body} ${attributes.ApproximateReceiveCount}`).toSorted(),
  ).toEqual(["bad 1", "bad 2", "fine 1", "good 1"]);
  expect(await depth(queueUrl)).toEqual({ visible: 0, hidden: 0 });
});

test.each<[string, SqsFunction, Partial<PollerOptions>, InvocationOutcome]>([
  [
    "an answer that names an unknown record",
    async () => ({ batchItemFailures: [{ itemIdentifier: "unknown" }] }),
    {},
    { kind: "invalid-response" },
  ],
  [
    "a thrown error",
    async () => {
      throw new Error("broken");
    },
    {},
    { kind: "threw", error: new Error("broken") },
  ],
  [
    "a function that runs past its timeout",
    () => new Promise(() => {}),
    { functionTimeoutSeconds: 0.05 },
    { kind: "timed-out" },
  ],
  [
    "a function that blocks past its timeout",
    async () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    },
    { functionTimeoutSeconds: 0.05 },
    { kind: "timed-out" },
  ],
])("%s leaves the whole batch on the queue", async (_, sqsFunction, options, outcome) => {
  const queueUrl = await createQueue({ VisibilityTimeout: "3600" });
  await send(queueUrl, numbered(3));

  const invocations = await poll(queueUrl, sqsFunction, options).records(3);

  expect(invocations.map((invocation) => invocation.outcome)).toEqual([outcome]);
  expect(await depth(queueUrl)).toEqual({ visible: 0, hidden: 3 });
});

test("what a function returns after its timeout is ignored", async () => {
  const queueUrl = await createQueue({ VisibilityTimeout: "3600" });
  await send(queueUrl, ["body"]);
  const late = Promise.withResolvers<void>();
  const { poller, records, invocations } = poll(queueUrl, () => late.promise, {
    functionTimeoutSeconds: 0.05,
  });
  await records(1);

  late.resolve();
  await poller.stop();

  expect(invocations.map(({ outcome }) => outcome)).toEqual([{ kind: "timed-out" }]);
  expect(await depth(queueUrl)).toEqual({ visible: 0, hidden: 1 });
});

test("a message that failed as often as it may goes to the dead-letter queue", async () => {
  const deadLetterQueueUrl = await createQueue();
  const name = deadLetterQueueUrl.split("/").at(-1);
  const queueUrl = await createQueue({
    VisibilityTimeout: "1",
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
      maxReceiveCount: 2,
    }),
  });
  await send(queueUrl, ["poison"]);
  const { invocations } = poll(queueUrl, async () => {
    throw new Error("broken");
  });

  const { Messages } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: deadLetterQueueUrl, WaitTimeSeconds: 20 }),
  );

  expect(Messages?.map(({ Body }) => Body)).toEqual(["poison"]);
  expect(invocations.map(({ event }) => event.Records[0]?.attributes.ApproximateReceiveCount)).toEqual([
    "1",
    "2",
  ]);
});

test("a delay that the function set itself outweighs the queue's visibility timeout", async () => {
  const queueUrl = await createQueue({ VisibilityTimeout: "3600" });
  await send(queueUrl, ["body"]);

  const handler: SqsFunction = async ({ Records }) => {
    const [record] = Records;
    if (record?.attributes.ApproximateReceiveCount !== "1") return undefined;
    await reveal(queueUrl, record.receiptHandle);
    return { batchItemFailures: [{ itemIdentifier: record.messageId }] };
  };

  const invocations = await poll(queueUrl, handler, { maxConcurrency: 1 }).records(2);

  expect(invocations.map(({ event }) => event.Records[0]?.attributes.ApproximateReceiveCount)).toEqual([
    "1",
    "2",
  ]);
});
