import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startFauxqs } from "fauxqs";
import { expect, onTestFinished, test } from "vitest";
import { ConfigError } from "../../shared/core/config-error.ts";
import { publishEvents } from "../../shared/publish/publish-events.ts";
import { UNKNOWN_OUTCOME } from "../../shared/publish/send-messages.ts";
import { connectionReset, notedSleep, scriptedQueue } from "./scripted-queue.ts";

const queueUrl = "https://sqs.us-east-1.amazonaws.com/000000000000/ingest";
const tenantId = "acme";
const MIB = 1_048_576;

const track = (fields: Record<string, unknown> = {}) => ({
  type: "track",
  event: "Logged In",
  userId: "u-1",
  ...fields,
});

test("no events make no call", async () => {
  const queue = scriptedQueue();

  const published = await publishEvents({ tenantId, events: [] }, { sqs: queue.sqs, queueUrl });

  expect(published).toEqual({ results: [] });
  expect(queue.calls).toEqual([]);
});

test("events become one message of the contract in the tenant's group", async () => {
  const queue = scriptedQueue();
  const events = [track(), { type: "identify", userId: "u-1", traits: { plan: "gold" } }];

  const { results } = await publishEvents(
    { tenantId, feedId: "ios", mode: "live", events },
    { sqs: queue.sqs, queueUrl },
  );

  expect(queue.calls).toEqual([
    [
      {
        Id: "0",
        MessageGroupId: "acme",
        MessageBody: JSON.stringify({ version: 1, tenantId, feedId: "ios", mode: "live", events }),
      },
    ],
  ]);
  expect(results).toEqual(Array(2).fill({ status: "sent", sqsMessageId: "sqs-1" }));
});

test("what is absent stays absent", async () => {
  const queue = scriptedQueue();

  await publishEvents({ tenantId, events: [track()] }, { sqs: queue.sqs, queueUrl });

  expect(queue.bodies()).toEqual([[JSON.stringify({ version: 1, tenantId, events: [track()] })]]);
});

test("an invalid event is reported with its place and costs its neighbours nothing", async () => {
  const queue = scriptedQueue();
  const events = [track({ userId: "u-1" }), track({ event: 7 }), track({ userId: "u-3" })];

  const { results } = await publishEvents({ tenantId, events }, { sqs: queue.sqs, queueUrl });

  expect(results).toEqual([
    { status: "sent", sqsMessageId: "sqs-1" },
    { status: "invalid", path: "event", problem: expect.any(String) },
    { status: "sent", sqsMessageId: "sqs-1" },
  ]);
  expect(queue.bodies()).toEqual([
    [JSON.stringify({ version: 1, tenantId, events: [events[0], events[2]] })],
  ]);
});

const cyclic = track();
Object.assign(cyclic, { properties: { cyclic } });

test.each([
  { name: "a cycle", event: cyclic },
  { name: "a BigInt", event: track({ properties: { total: 1n } }) },
  { name: "undefined", event: undefined },
  { name: "a function", event: () => track() },
  { name: "null", event: null },
  { name: "text", event: "track" },
  { name: "a row without its model", event: { type: "row", values: {} } },
])("$name in place of an event is invalid", async ({ event }) => {
  const queue = scriptedQueue();

  const { results } = await publishEvents({ tenantId, events: [event] }, { sqs: queue.sqs, queueUrl });

  expect(results.map(({ status }) => status)).toEqual(["invalid"]);
  expect(queue.calls).toEqual([]);
});

test("an event is judged as the JSON that it becomes", async () => {
  const queue = scriptedQueue();
  const event = track({ timestamp: new Date("2026-01-02T03:04:05Z"), anonymousId: undefined });

  const { results } = await publishEvents({ tenantId, events: [event] }, { sqs: queue.sqs, queueUrl });

  expect(results.map(({ status }) => status)).toEqual(["sent"]);
  expect(sentEvents(queue)).toEqual([track({ timestamp: "2026-01-02T03:04:05.000Z" })]);
});

test("characters that SQS refuses are escaped and arrive as they were", async () => {
  const queue = scriptedQueue();
  const event = track({ properties: { "\uFFFE": "a\uFFFF\u0000\u001F\uD800🎉" } });

  await publishEvents({ tenantId, events: [event] }, { sqs: queue.sqs, queueUrl });

  // What SQS documents as allowed.
  expect(queue.bodies().flat()).toEqual([
    expect.stringMatching(/^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u),
  ]);
  expect(sentEvents(queue)).toEqual([event]);
});

test("an event that alone fills 1 MiB is sent, one byte more is too large", async () => {
  const queue = scriptedQueue();
  const empty = JSON.stringify({ version: 1, tenantId, events: [track({ properties: { pad: "" } })] });
  const room = MIB - Buffer.byteLength(empty);
  const padded = (length: number) => track({ properties: { pad: "x".repeat(length) } });

  const { results } = await publishEvents(
    { tenantId, events: [padded(room + 1), padded(room), track()] },
    { sqs: queue.sqs, queueUrl },
  );

  expect(results).toEqual([
    { status: "too_large" },
    { status: "sent", sqsMessageId: "sqs-1" },
    { status: "sent", sqsMessageId: "sqs-2" },
  ]);
  expect(Buffer.byteLength(queue.calls[0]?.[0]?.MessageBody ?? "")).toBe(MIB);
});

test("many events take as few calls as their bytes allow, in order and within the limits", async () => {
  const queue = scriptedQueue();
  const events = Array.from({ length: 4_000 }, (_, i) =>
    track({ messageId: `m-${i}`, properties: { pad: "é".repeat(400) } }),
  );

  const { results } = await publishEvents({ tenantId, events }, { sqs: queue.sqs, queueUrl });

  const bytesOfCalls = queue
    .bodies()
    .map((bodies) => bodies.reduce((sum, body) => sum + Buffer.byteLength(body ?? ""), 0));
  expect(bytesOfCalls).toHaveLength(Math.ceil(Buffer.byteLength(JSON.stringify(events)) / MIB));
  expect(Math.max(...bytesOfCalls)).toBeLessThanOrEqual(MIB);
  expect(Math.max(...queue.calls.map((entries) => entries.length))).toBeLessThanOrEqual(10);
  expect(sentEvents(queue)).toEqual(events);
  expect(results.every(({ status }) => status === "sent")).toBe(true);
});

test("every event of a message shares its fate", async () => {
  const queue = scriptedQueue(connectionReset());
  const { sleep } = notedSleep();

  const { results } = await publishEvents(
    { tenantId, events: [track(), track({ event: "" }), track()] },
    { sqs: queue.sqs, queueUrl, sleep, maxAttempts: 1 },
  );

  expect(results).toEqual([
    { status: "failed", reason: UNKNOWN_OUTCOME },
    { status: "invalid", path: "event", problem: expect.any(String) },
    { status: "failed", reason: UNKNOWN_OUTCOME },
  ]);
});

test.each([
  { field: "tenantId", request: { tenantId: "not a tenant id" } },
  { field: "feedId", request: { tenantId, feedId: "" } },
])("a $field outside the contract is refused before anything is sent", async ({ field, request }) => {
  const queue = scriptedQueue();

  const publishing = publishEvents({ ...request, events: [track()] }, { sqs: queue.sqs, queueUrl });

  await expect(publishing).rejects.toThrow(ConfigError);
  await expect(publishing).rejects.toMatchObject({ field });
  expect(queue.calls).toEqual([]);
});

test("an SQS client's own wire format carries the message", async () => {
  const server = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false });
  onTestFinished(() => server.stop());
  const sqs = new SQSClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  onTestFinished(() => sqs.destroy());
  const queue = server.createQueue("ingest");
  const events = [track({ properties: { text: "é \uFFFF" } })];

  const { results } = await publishEvents({ tenantId, events }, { sqs, queueUrl: queue.queueUrl });

  const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.queueUrl }));
  expect(received.Messages?.map(({ MessageId, Body }) => [MessageId, JSON.parse(Body ?? "")])).toEqual([
    [results[0]?.status === "sent" ? results[0].sqsMessageId : "", { version: 1, tenantId, events }],
  ]);
});

function sentEvents(queue: ReturnType<typeof scriptedQueue>): unknown[] {
  return queue
    .bodies()
    .flat()
    .flatMap((body) => JSON.parse(body ?? "").events);
}
