/** The same done to the simulation and to the embedded stack: what the simulation makes easier would show here. */
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { provision } from "../../../local/aws/provision.ts";
import { EventSource } from "../../../local/simulate/event-source.ts";
import { SimMparticle } from "../../../local/simulate/mparticle.ts";
import { type QueueMessage, SimQueue } from "../../../local/simulate/queue.ts";
import { SimTable } from "../../../local/simulate/table.ts";
import { Usage } from "../../../local/simulate/usage.ts";
import { VirtualClock } from "../../../local/simulate/virtual-clock.ts";
import { NO_FAULTS } from "../../../local/stand-in/faults.ts";
import { DynamoMessageClaims } from "../../../shared/aws/claim-store.ts";
import { DynamoFlowStore } from "../../../shared/aws/flow-store.ts";
import { DEFAULT_FLOW_SETTINGS } from "../../../shared/core/flow/flow-settings.ts";
import type { FlowState } from "../../../shared/core/flow/flow-state.schema.ts";
import { HttpEventsApi } from "../../../shared/mparticle/events-api.ts";
import type { EventsApi } from "../../../shared/ports.ts";
import { capturedLog } from "../../support/captured-log.ts";
import { aws, client, createQueue, numbered, poll, reveal, send } from "../event-source/support.ts";
import { batch, PARTNER, standIn } from "../stand-in/support.ts";

/** What a script does to a queue; times in milliseconds since it began. */
interface ScriptedQueue {
  send(body: string, delaySeconds: number): Promise<void>;
  /** Everything visible, as `<body> <receive count>`, in any order. */
  receive(): Promise<string[]>;
  hide(body: string, seconds: number): Promise<void>;
  delete(body: string): Promise<void>;
  until(ms: number): Promise<void>;
}

/** Messages that are delayed, hidden for a time, deleted, made visible at once, and left to their visibility timeout of a second. */
async function script(queue: ScriptedQueue): Promise<string[][]> {
  await queue.send("hidden", 0);
  await queue.send("delayed", 1);
  await queue.send("deleted", 0);
  const received = [await queue.receive()];
  await queue.hide("hidden", 2);
  await queue.delete("deleted");
  received.push(await queue.receive());
  await queue.until(1_500);
  received.push(await queue.receive());
  await queue.until(2_800);
  received.push(await queue.receive());
  await queue.hide("hidden", 0);
  received.push(await queue.receive());
  return received;
}

function simulatedQueue(): ScriptedQueue {
  const clock = new VirtualClock(0);
  const queue = new SimQueue<string>(clock, 1_000);
  const received = new Map<string, QueueMessage<string>>();
  return {
    send: async (body, delaySeconds) => queue.send({ group: 1, body, bytes: 1 }, delaySeconds),
    receive: async () => {
      const messages = queue.receive(10);
      for (const message of messages) received.set(message.body, message);
      return messages.map(({ body, receiveCount }) => `${body} ${receiveCount}`).sort();
    },
    hide: async (body, seconds) => {
      const message = received.get(body);
      if (message) queue.hide(message, seconds);
      await clock.run(clock.nowMs());
    },
    delete: async (body) => {
      const message = received.get(body);
      if (message) queue.delete(message);
    },
    until: (ms) => clock.run(ms),
  };
}

async function embeddedQueue(): Promise<ScriptedQueue> {
  const QueueUrl = await createQueue({ VisibilityTimeout: "1" });
  const startedAt = performance.now();
  const handles = new Map<string, string>();
  const handleOf = (body: string) => ({ QueueUrl, ReceiptHandle: handles.get(body) });
  return {
    send: async (MessageBody, DelaySeconds) => {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));
    },
    receive: async () => {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ["ApproximateReceiveCount"],
        }),
      );
      for (const { Body = "", ReceiptHandle = "" } of Messages) handles.set(Body, ReceiptHandle);
      return Messages.map(({ Body, Attributes }) => `${Body} ${Attributes?.ApproximateReceiveCount}`).sort();
    },
    hide: async (body, VisibilityTimeout) => {
      await client.send(new ChangeMessageVisibilityCommand({ ...handleOf(body), VisibilityTimeout }));
    },
    delete: async (body) => {
      await client.send(new DeleteMessageCommand(handleOf(body)));
    },
    until: (ms) => sleep(Math.max(0, startedAt + ms - performance.now())),
  };
}

describe("the simulated queue", () => {
  it("delays, hides, counts and forgets messages as the embedded one does", async () => {
    const [simulated, embedded] = await Promise.all([
      script(simulatedQueue()),
      embeddedQueue().then((queue) => script(queue)),
    ]);

    expect(simulated).toEqual(embedded);
    expect(simulated).toEqual([
      ["deleted 1", "hidden 1"],
      [],
      ["delayed 1"],
      ["delayed 2", "hidden 2"],
      ["hidden 3"],
    ]);
  });
});

describe("the simulated event source", () => {
  /** Each message fails once. */
  const failsOnce = () => {
    const met = new Set<string>();
    return (body: string) => met.size !== met.add(body).size;
  };

  it("hands out batches, and again what failed, as the local poller does", async () => {
    const bodies = numbered(25);
    const settings = { batchSize: 10, maxConcurrency: 2 };

    const queueUrl = await createQueue({ VisibilityTimeout: "30" });
    await send(queueUrl, bodies);
    const realFails = failsOnce();
    const real = poll(
      queueUrl,
      async ({ Records }) => {
        const failed = Records.filter(({ body }) => realFails(body));
        for (const { receiptHandle } of failed) await reveal(queueUrl, receiptHandle);
        return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      },
      settings,
    );
    const invocations = await real.records(50);
    const realBatches = invocations.map(({ event }) => event.Records.length);
    const realCounts = invocations.flatMap(({ event }) =>
      event.Records.map(({ body, attributes }) => `${body} ${attributes.ApproximateReceiveCount}`),
    );

    const clock = new VirtualClock(0);
    const queue = new SimQueue<string>(clock, 30_000);
    for (const body of bodies) queue.send({ group: 1, body, bytes: 10 });
    const fails = failsOnce();
    const batches: number[] = [];
    const counts: string[] = [];
    let running = 0;
    let mostRunning = 0;
    const source = new EventSource<string>({
      ...settings,
      queue,
      clock,
      random: () => 0.5,
      usage: new Usage(),
      batchingWindowMs: 0,
      invoke: async (messages) => {
        mostRunning = Math.max(mostRunning, ++running);
        await clock.sleep(100);
        batches.push(messages.length);
        counts.push(...messages.map(({ body, receiveCount }) => `${body} ${receiveCount}`));
        const failed = messages.filter(({ body }) => fails(body));
        for (const message of failed) queue.hide(message, 0);
        running--;
        return new Set(failed);
      },
    });
    source.start();
    await clock.run(20_000);

    expect(counts.sort()).toEqual(realCounts.sort());
    expect(Math.max(...batches)).toBe(Math.max(...realBatches));
    expect(mostRunning).toBe(2);
    expect(queue.size).toBe(0);
  });
});

describe("the simulated mParticle", () => {
  it("answers a feed at and past its limit as the stand-in does", async () => {
    const limit = 20;
    const sequence: readonly (readonly [atMs: number, batches: number])[] = [
      [0, 10],
      [200, 10],
      [400, 1],
      [900, 5],
      [1_000, 8],
      [1_100, 3],
      [1_200, 10],
      [1_300, 20],
      [2_300, 20],
      [9_000, 1],
    ];
    const clock = new VirtualClock(0);
    const simulated = new SimMparticle({
      clock,
      random: () => 0.5,
      usage: new Usage(),
      limitOf: () => limit,
      faults: NO_FAULTS,
      judgedAt: 1,
      tellsUse: true,
    });
    const server = await standIn({
      batchesPerSecond: limit,
      clock: { nowMs: () => Date.parse("2026-03-01T12:00:00Z"), monotonicMs: () => clock.nowMs() },
    });
    const real = new HttpEventsApi({ partnerUrl: new URL(`${server.url}/s2s/v2`), maxSockets: 1, clock });
    onTestFinished(() => real.close());
    const ask = (api: EventsApi, bodies: readonly string[]) =>
      api.post({
        feed: { kind: "partner", pod: "us1" },
        route: "live",
        credentials: PARTNER,
        body: Buffer.from(`[${bodies.join()}]`),
        timeoutMs: 5_000,
      });

    const answers: unknown[] = [];
    const expected: unknown[] = [];
    for (const [atMs, batches] of sequence) {
      await clock.run(atMs);
      const pending = ask(simulated, Array<string>(batches).fill("x"));
      await clock.run(clock.nowMs());
      answers.push(await pending);
      expected.push(
        await ask(
          real,
          Array.from({ length: batches }, () => JSON.stringify(batch())),
        ),
      );
    }

    expect(answers).toEqual(expected);
    expect(expected).toContainEqual(expect.objectContaining({ kind: "throttled" }));
  });
});

describe("the simulated table", () => {
  let tableName: string;
  beforeAll(async () => {
    ({ tableName } = await provision(aws));
  });

  /** Calls of two instances that change one feed's state in turn, and what each left. */
  async function race(clientOf: () => DynamoDBClient, tableName: string, settle: () => Promise<void>) {
    const calls: string[] = [];
    const store = () =>
      new DynamoFlowStore({
        client: recorded(clientOf(), calls),
        tableName,
        settings: DEFAULT_FLOW_SETTINGS,
        clock: { nowMs: () => 1_000, sleep: async () => {} },
        random: () => 0,
        log: capturedLog(),
      });
    const [one, other] = [store(), store()];
    const rates: number[] = [];
    for (const instance of [one, one, other, one, other, other]) {
      const updated = instance.update({ tenantId: "acme", feedId: "default" }, (state: FlowState) => {
        const next = { ...state, rate: state.rate + 1 };
        return { state: next, result: next.rate };
      });
      await settle();
      rates.push(await updated);
    }
    return { calls, rates };
  }

  /** What invocations in turn are told of the same messages. */
  async function claims(client: DynamoDBClient, tableName: string, settle: () => Promise<void>) {
    let made = 0;
    const store = new DynamoMessageClaims({
      client,
      tableName,
      clock: { nowMs: () => 1_000 },
      log: capturedLog(),
      uniqueId: () => `i${++made}`,
    });
    const settled = async <Value>(promise: Promise<Value>) => {
      await settle();
      return await promise;
    };
    const claim = (...ids: string[]) =>
      settled(
        store.claim(
          ids.map((messageId) => ({ messageId, sentAtMs: 0 })),
          60_000,
          () => true,
        ),
      );
    const first = await claim("a", "b");
    const second = await claim("b", "c");
    await settled(second.end(["b"]));
    await settled(first.end([]));
    const third = await claim("a", "b", "c", "d");
    return [first, second, third].map(({ verdicts }) => verdicts.map(({ kind }) => kind));
  }

  it("tells of earlier claims as the embedded one does", async () => {
    const dynamodb = new DynamoDBClient(aws.clientConfig);
    onTestFinished(() => dynamodb.destroy());
    const embedded = await claims(dynamodb, tableName, async () => {});

    const clock = new VirtualClock(0);
    const table = new SimTable(clock, () => 0.5, new Usage());
    const simulated = await claims(table.client, tableName, () => clock.run(clock.nowMs() + 1_000));

    expect(simulated).toEqual(embedded);
    expect(simulated).toEqual([
      ["mine", "mine"],
      ["busy", "mine"],
      ["done", "done", "done", "mine"],
    ]);
  });

  function recorded(real: DynamoDBClient, calls: string[]): DynamoDBClient {
    const send = async (command: { constructor: { name: string } }) => {
      try {
        const answer = await real.send(command as never);
        calls.push(command.constructor.name);
        return answer;
      } catch (error) {
        calls.push(`${command.constructor.name}: ${error instanceof Error ? error.name : error}`);
        throw error;
      }
    };
    return { send } as unknown as DynamoDBClient;
  }

  it("refuses who was slower as the embedded one does", async () => {
    const dynamodb = new DynamoDBClient(aws.clientConfig);
    onTestFinished(() => dynamodb.destroy());
    const embedded = await race(
      () => dynamodb,
      tableName,
      async () => {},
    );

    const clock = new VirtualClock(0);
    const table = new SimTable(clock, () => 0.5, new Usage(), false);
    const simulated = await race(
      () => table.client,
      tableName,
      () => clock.run(clock.nowMs() + 1_000),
    );

    expect(simulated).toEqual(embedded);
    expect(simulated.rates).toEqual([101, 102, 103, 104, 105, 106]);
    expect(simulated.calls).toContain("UpdateItemCommand: ConditionalCheckFailedException");
  });
});
