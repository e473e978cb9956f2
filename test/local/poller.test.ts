import { randomUUID } from "node:crypto";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import {
  aws,
  bodiesOf,
  client,
  createQueue,
  depth,
  eventually,
  numbered,
  poll,
  send,
} from "./event-source/support.ts";

test("no more than the permitted invocations run at once, and nothing is received for those that cannot", async () => {
  const queueUrl = await createQueue();
  await send(queueUrl, numbered(6));
  const release = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  const { records } = poll(
    queueUrl,
    async () => {
      most = Math.max(most, ++running);
      await release.promise;
      running--;
    },
    { batchSize: 1, maxConcurrency: 2 },
  );
  await eventually(() => running === 2);

  const whileBusy = await depth(queueUrl);
  release.resolve();
  await records(6);

  expect(whileBusy).toEqual({ visible: 4, hidden: 2 });
  expect(most).toBe(2);
});

test("a queue that cannot be read is reported and tried again", async () => {
  const queueName = `later-${randomUUID()}`;
  const queueUrl = `${aws.endpoint}/000000000000/${queueName}`;
  const { records, errors } = poll(queueUrl, async () => {});
  await eventually(() => errors.length > 0);
  await client.send(new CreateQueueCommand({ QueueName: queueName }));
  await send(queueUrl, ["body"]);

  const invocations = await records(1);

  expect(errors[0]).toMatchObject({ name: "QueueDoesNotExist" });
  expect(invocations.map(({ event }) => bodiesOf(event))).toEqual([["body"]]);
});

test("an error in the listener is reported and stops nothing", async () => {
  const queueUrl = await createQueue();
  await send(queueUrl, numbered(2));
  const broken = new Error("listener");
  const { errors } = poll(queueUrl, async () => {}, {
    batchSize: 1,
    onInvoked: () => {
      throw broken;
    },
  });

  await eventually(() => errors.length === 2);

  expect(errors).toEqual([broken, broken]);
  expect(await depth(queueUrl)).toEqual({ visible: 0, hidden: 0 });
});

test("stopping leaves what comes afterwards to others", async () => {
  const queueUrl = await createQueue();
  await send(queueUrl, ["first"]);
  const { poller, records, invocations } = poll(queueUrl, async () => {});
  await records(1);

  await poller.stop();
  await send(queueUrl, ["second"]);
  const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));

  expect(Messages?.map(({ Body }) => Body)).toEqual(["second"]);
  expect(invocations.map(({ event }) => bodiesOf(event))).toEqual([["first"]]);
});

test("stopping waits for running invocations and settles their records", async () => {
  const queueUrl = await createQueue();
  await send(queueUrl, ["body"]);
  const started = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const { poller, invocations } = poll(queueUrl, () => {
    started.resolve();
    return finish.promise;
  });
  await started.promise;

  const stopped = poller.stop();
  const invokedBefore = invocations.length;
  finish.resolve();
  await stopped;

  expect(invokedBefore).toBe(0);
  expect(invocations.map(({ outcome }) => outcome)).toEqual([{ kind: "returned", failed: new Set() }]);
  expect(await depth(queueUrl)).toEqual({ visible: 0, hidden: 0 });
});

test("stopping gives back at once what was received for a later invocation", async () => {
  const queueUrl = await createQueue({ VisibilityTimeout: "3600" });
  await send(queueUrl, numbered(3));
  const { poller, invocations } = poll(queueUrl, async () => {}, {
    batchSize: 100,
    batchWindowSeconds: 300,
  });
  await eventually(async () => (await depth(queueUrl)).hidden === 3);

  await poller.stop();

  expect(await depth(queueUrl)).toEqual({ visible: 3, hidden: 0 });
  expect(invocations).toEqual([]);
});

test("stopping gives back at once what did not fit into an invocation", async () => {
  const queueUrl = await createQueue({ VisibilityTimeout: "3600" });
  for (let i = 0; i < 8; i++) await send(queueUrl, ["x".repeat(1_000_000)]);
  const started = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const { poller } = poll(
    queueUrl,
    () => {
      started.resolve();
      return finish.promise;
    },
    { batchSize: 8, maxConcurrency: 1 },
  );
  await started.promise;

  const stopped = poller.stop();
  finish.resolve();
  await stopped;

  expect(await depth(queueUrl)).toEqual({ visible: 2, hidden: 0 });
});
