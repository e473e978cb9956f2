import { expect, test } from "vitest";
import { bodiesOf, createQueue, numbered, poll, send } from "./support.ts";

test("a window gathers several receives into one invocation, which starts when the batch is full", async () => {
  const queueUrl = await createQueue();
  await send(queueUrl, numbered(53));

  const invocations = await poll(queueUrl, async () => {}, {
    batchSize: 53,
    batchWindowSeconds: 300,
  }).records(53);

  expect(invocations.map(({ event }) => event.Records.length)).toEqual([53]);
});

test("a window that passes delivers what there is", async () => {
  const queueUrl = await createQueue();
  await send(queueUrl, numbered(3));

  const invocations = await poll(queueUrl, async () => {}, {
    batchSize: 10_000,
    batchWindowSeconds: 0.1,
  }).records(3);

  expect(invocations.flatMap(({ event }) => bodiesOf(event)).toSorted()).toEqual(numbered(3));
});

test("without a window a batch is what one receive brings", async () => {
  const queueUrl = await createQueue();
  await send(queueUrl, numbered(25));

  const invocations = await poll(queueUrl, async () => {}, { batchSize: 4, maxConcurrency: 1 }).records(25);

  expect(invocations.map(({ event }) => event.Records.length)).toEqual([4, 4, 4, 4, 4, 4, 1]);
});

test("no invocation is given more than 6 MB, and what did not fit comes with the next", async () => {
  const queueUrl = await createQueue();
  const bodies = Array.from({ length: 13 }, (_, i) => String.fromCharCode(97 + i).repeat(1_000_000));
  for (const body of bodies) await send(queueUrl, [body]);

  const invocations = await poll(queueUrl, async () => {}, {
    batchSize: 8,
    batchWindowSeconds: 300,
    maxConcurrency: 1,
  }).records(12);

  // The second is full, too, only with the two records that the first had no room for.
  expect(invocations.map(({ event }) => event.Records.length)).toEqual([6, 6]);
  expect(new Set(invocations.flatMap(({ event }) => bodiesOf(event))).size).toBe(12);
  for (const { event } of invocations) {
    expect(JSON.stringify(event).length).toBeLessThanOrEqual(6 * 1_048_576);
  }
});

test.each([
  ["an empty batch", { batchSize: 0 }],
  ["over 10,000 records", { batchSize: 10_001, batchWindowSeconds: 1 }],
  ["over 10 records without a window", { batchSize: 11 }],
  ["a window over 5 minutes", { batchWindowSeconds: 301 }],
  ["no concurrency", { maxConcurrency: 0 }],
])("%s is refused, as Lambda does", (_, options) => {
  expect(() => poll("http://127.0.0.1/queue", async () => {}, options)).toThrow(RangeError);
});
