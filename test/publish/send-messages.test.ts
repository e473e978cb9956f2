import { expect, test } from "vitest";
import { sendMessages, UNKNOWN_OUTCOME } from "../../shared/publish/send-messages.ts";
import { connectionReset, notedSleep, scriptedQueue, serviceError } from "./scripted-queue.ts";

const queueUrl = "https://sqs.us-east-1.amazonaws.com/000000000000/ingest";
const random = () => 0.5;
const SERVER_FAULT = { Code: "InternalError", SenderFault: false };
const SENDER_FAULT = { Code: "InvalidMessageContents", SenderFault: true };
const THROTTLED_ENTRY = { Code: "RequestThrottled", SenderFault: true };

test("no messages make no call", async () => {
  const queue = scriptedQueue();

  const results = await sendMessages([], { sqs: queue.sqs, queueUrl });

  expect(results).toEqual([]);
  expect(queue.calls).toEqual([]);
});

test("sends ten messages a call, in order, each in its group", async () => {
  const queue = scriptedQueue();
  const messages = Array.from({ length: 11 }, (_, i) => ({ body: `body ${i}`, groupId: `tenant-${i % 2}` }));

  const results = await sendMessages(messages, { sqs: queue.sqs, queueUrl });

  expect(results).toEqual(messages.map((_, i) => ({ status: "sent", sqsMessageId: `sqs-${i + 1}` })));
  expect(queue.calls.map((entries) => entries.length)).toEqual([10, 1]);
  expect(queue.calls.flat().map(({ MessageBody, MessageGroupId }) => [MessageBody, MessageGroupId])).toEqual(
    messages.map(({ body, groupId }) => [body, groupId]),
  );
});

test("a message of nobody has no group", async () => {
  const queue = scriptedQueue();

  await sendMessages([{ body: "not JSON" }], { sqs: queue.sqs, queueUrl });

  expect(queue.calls).toEqual([[{ Id: "0", MessageBody: "not JSON" }]]);
});

test("a message over 1 MiB of UTF-8 is not sent and costs its neighbours nothing", async () => {
  const queue = scriptedQueue();
  const large = "é".repeat(524_289);

  const results = await sendMessages([{ body: "a" }, { body: large }, { body: "b" }], {
    sqs: queue.sqs,
    queueUrl,
  });

  expect(results).toEqual([
    { status: "sent", sqsMessageId: "sqs-1" },
    { status: "too_large" },
    { status: "sent", sqsMessageId: "sqs-2" },
  ]);
  expect(queue.bodies()).toEqual([["a", "b"]]);
});

test("repeats only the entries that SQS failed to take", async () => {
  const queue = scriptedQueue(["sent", SERVER_FAULT, SENDER_FAULT, THROTTLED_ENTRY]);
  const { sleep } = notedSleep();
  const messages = ["a", "b", "c", "d"].map((body) => ({ body }));

  const results = await sendMessages(messages, { sqs: queue.sqs, queueUrl, sleep, random });

  expect(queue.bodies()).toEqual([
    ["a", "b", "c", "d"],
    ["b", "d"],
  ]);
  expect(results).toEqual([
    { status: "sent", sqsMessageId: "sqs-1" },
    { status: "sent", sqsMessageId: "sqs-2" },
    { status: "failed", reason: "InvalidMessageContents" },
    { status: "sent", sqsMessageId: "sqs-3" },
  ]);
});

test("an entry that the answer leaves out is sent again", async () => {
  const queue = scriptedQueue(["lost", "sent"]);
  const { sleep } = notedSleep();

  const results = await sendMessages([{ body: "a" }, { body: "b" }], {
    sqs: queue.sqs,
    queueUrl,
    sleep,
    random,
  });

  expect(queue.bodies()).toEqual([["a", "b"], ["a"]]);
  expect(results.map(({ status }) => status)).toEqual(["sent", "sent"]);
});

test("waits a random share of a doubling time, at most five seconds", async () => {
  const throttled = Array.from({ length: 8 }, () => serviceError("RequestThrottled", 400));
  const queue = scriptedQueue(...throttled);
  const { waits, sleep } = notedSleep();

  await sendMessages([{ body: "a" }], { sqs: queue.sqs, queueUrl, sleep, random, maxAttempts: 9 });

  expect(waits).toEqual([50, 100, 200, 400, 800, 1_600, 2_500, 2_500]);
});

test.each([
  {
    name: "throttling",
    error: serviceError("ThrottlingException", 400),
    calls: 3,
    reason: "ThrottlingException",
  },
  { name: "status 429", error: serviceError("TooManyRequests", 429), calls: 3, reason: "TooManyRequests" },
  {
    name: "a server error",
    error: serviceError("ServiceUnavailable", 503),
    calls: 3,
    reason: UNKNOWN_OUTCOME,
  },
  { name: "a broken connection", error: connectionReset(), calls: 3, reason: UNKNOWN_OUTCOME },
  {
    name: "a missing queue",
    error: serviceError("QueueDoesNotExist", 400),
    calls: 1,
    reason: "QueueDoesNotExist",
  },
  { name: "missing rights", error: serviceError("AccessDenied", 403), calls: 1, reason: "AccessDenied" },
  {
    name: "missing credentials",
    error: Object.assign(new Error(), { name: "CredentialsProviderError" }),
    calls: 1,
    reason: "CredentialsProviderError",
  },
])(
  "$name that lasts ends as failed after $calls of 3 attempts: $reason",
  async ({ error, calls, reason }) => {
    const queue = scriptedQueue(error, error, error);
    const { sleep } = notedSleep();

    const results = await sendMessages([{ body: "a" }], {
      sqs: queue.sqs,
      queueUrl,
      sleep,
      random,
      maxAttempts: 3,
    });

    expect(results).toEqual([{ status: "failed", reason }]);
    expect(queue.calls).toHaveLength(calls);
  },
);

test("a definite no does not settle what an earlier broken call may have done", async () => {
  const queue = scriptedQueue(connectionReset(), serviceError("AccessDenied", 403));
  const { sleep } = notedSleep();

  const results = await sendMessages([{ body: "a" }], { sqs: queue.sqs, queueUrl, sleep, random });

  expect(results).toEqual([{ status: "failed", reason: UNKNOWN_OUTCOME }]);
});

test("a call that fails for good leaves the next call its own attempts", async () => {
  const queue = scriptedQueue(serviceError("BatchRequestTooLong", 400));
  const messages = Array.from({ length: 11 }, () => ({ body: "a" }));

  const results = await sendMessages(messages, { sqs: queue.sqs, queueUrl });

  expect(results.map(({ status }) => status)).toEqual([...Array(10).fill("failed"), "sent"]);
});
