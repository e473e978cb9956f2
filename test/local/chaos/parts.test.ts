import { ChangeMessageVisibilityBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../bench/sample-events.ts";
import { disturbDelivery, loseDeletions, ORDERLY } from "../../../local/chaos/delivery.ts";
import { eventIdsIn } from "../../../local/chaos/event-ids.ts";
import { latencyOf } from "../../../local/chaos/latency.ts";
import { planTraffic, USUAL_TRAFFIC } from "../../../local/chaos/traffic.ts";
import { shortenDelays } from "../../../local/chaos/virtual-time.ts";
import { timeBy } from "../../../local/chaos/worker-clock.ts";
import { NOW_MS } from "../../support/builders.ts";

const NOBODY = { region: "eu-north-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };

describe("traffic", () => {
  const plan = (seed: number) => planTraffic(USUAL_TRAFFIC, seededRandom(seed), () => NOW_MS);

  it("is the same for the same seed, and another one for another", () => {
    expect(plan(3)).toEqual(plan(3));
    expect(plan(3)).not.toEqual(plan(4));
  });

  it("gives every event an id of its own, and every ending its share", () => {
    const events = plan(3).flatMap((publish) => publish.events);

    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(new Set(events.map(({ expected }) => expected))).toEqual(
      new Set(["delivered", "filtered", "rejected"]),
    );
  });
});

describe("delivery", () => {
  const records = (count: number, receives = "1") =>
    Array.from(
      { length: count },
      (_, i) =>
        ({
          messageId: `m-${i}`,
          receiptHandle: `r-${i}`,
          attributes: { ApproximateReceiveCount: receives },
        }) as SQSRecord,
    );

  /** A queue that notes the entries of what it is asked. */
  function deps() {
    const entries: { readonly VisibilityTimeout: number }[] = [];
    const send = async ({ input }: { input: object }) => void entries.push(...Object(input).Entries);
    return {
      entries,
      deps: { sqs: { send } as Pick<SQSClient, "send">, queueUrl: "q", random: seededRandom(1) },
    };
  }

  it("hands out what came, in its order, when nothing is to go wrong", async () => {
    const world = deps();

    const delivered = await disturbDelivery(records(5), ORDERLY, world.deps);

    expect(delivered).toEqual({ records: records(5), shared: [] });
    expect(world.entries).toEqual([]);
  });

  it("hands out copies in no order", async () => {
    const { records: handed } = await disturbDelivery(
      records(40),
      { ...ORDERLY, isShuffled: true, copied: 0.5 },
      deps().deps,
    );

    const ids = handed.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(40);
    expect(ids.length).toBeGreaterThan(40);
    expect(ids).not.toEqual(ids.toSorted());
  });

  it("keeps messages on the queue that an invocation is done with, each once", () => {
    const came = [...records(4), ...records(6, "2").slice(4)];
    const answer = { batchItemFailures: [{ itemIdentifier: "m-1" }] };

    const { response, undeleted } = loseDeletions(answer, came, 1, () => 0.5);

    expect(undeleted.map(({ messageId }) => messageId)).toEqual(["m-0", "m-2", "m-3"]);
    expect(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      "m-1",
      "m-0",
      "m-2",
      "m-3",
    ]);
  });

  it("makes a message visible again for another invocation, once", async () => {
    const world = deps();
    const all = { ...ORDERLY, shared: 1 };

    const first = await disturbDelivery(records(12), all, world.deps);
    const second = await disturbDelivery(records(12, "2"), all, world.deps);

    expect([first.shared.length, second.shared.length]).toEqual([12, 0]);
    expect(world.entries.map(({ VisibilityTimeout }) => VisibilityTimeout)).toEqual(Array(12).fill(0));
  });
});

describe("the events of a queue message", () => {
  it.each([
    { body: '{"events":[{"messageId":"a"},{"messageId":"b"}]}', ids: ["a", "b"] },
    { body: '{"events":[{},null,{"messageId":7}]}', ids: ["sqs#0", "sqs#1", "sqs#2"] },
    {
      body: JSON.stringify({
        frozen: { batches: [{ body: '{"events":[{"data":{"source_message_id":"a"}}]}' }] },
      }),
      ids: ["a"],
    },
    { body: "not JSON", ids: ["sqs"] },
    { body: '{"events":[]}', ids: ["sqs"] },
  ])("are $ids for $body", ({ body, ids }) => {
    expect(eventIdsIn(body, "sqs")).toEqual(ids);
  });
});

describe("latency", () => {
  it("is the nearest rank", () => {
    const samples = Array.from({ length: 200 }, (_, i) => 200 - i);

    expect(latencyOf(samples)).toEqual({ p50Ms: 100, p99Ms: 198 });
    expect(latencyOf([])).toEqual({ p50Ms: undefined, p99Ms: undefined });
  });
});

describe("virtual time", () => {
  it("passes faster from its origin on", () => {
    expect(timeBy({ originMs: 1_000, scale: 60, skewMs: 5 }, 3_000)).toBe(121_005);
  });

  it("shortens every delay that the queue is asked for", async () => {
    const bodies: string[] = [];
    const client = new SQSClient({
      ...NOBODY,
      requestHandler: {
        handle: async ({ body }: { body: string }) => {
          bodies.push(body);
          throw new Error("nothing is sent");
        },
      },
      maxAttempts: 1,
    });
    shortenDelays(client, 60);
    const QueueUrl = "https://sqs.eu-north-1.amazonaws.com/1/q";
    const Entries = [{ Id: "0", ReceiptHandle: "r", VisibilityTimeout: 30 }];

    await client
      .send(new SendMessageCommand({ QueueUrl, MessageBody: "b", DelaySeconds: 900 }))
      .catch(() => {});
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries })).catch(() => {});

    expect(bodies.map((body) => JSON.parse(body))).toMatchObject([
      { DelaySeconds: 15 },
      { Entries: [{ VisibilityTimeout: 0.5 }] },
    ]);
  });
});
