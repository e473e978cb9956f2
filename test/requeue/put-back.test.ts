import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ParkedFolder, ParkedRef } from "../../shared/core/parked-object.ts";
import { refOf } from "../../shared/core/parked-object.ts";
import { PutBack, type PutBackOrder } from "../../shared/requeue/put-back.ts";
import { Room, unpaced } from "../../shared/requeue/rooms.ts";
import { NOW_MS, track } from "../support/builders.ts";
import { capturedLog } from "../support/captured-log.ts";
import { FakeBucket } from "../support/fake-bucket.ts";
import { FakeIngestQueue, FakeLedger } from "../support/fake-stores.ts";

const HELD: ParkedFolder = {
  ending: "held",
  lane: "live",
  tenantId: "acme",
  feedId: "default",
  cause: "feed_paused",
};
const { feedId: _, ...FEEDLESS } = HELD;

const line = (messageId: string, over: object = {}) => ({
  sqsMessageId: `sqs of ${messageId}`,
  sentAtMs: NOW_MS - 5_000,
  reasons: [{ code: "feed_paused" }],
  content: { event: track({ messageId, userId: `user of ${messageId}` }) },
  hours: { "2026-03-01T11": 1 },
  events: 1,
  ...over,
});

/** A bucket, two queues and a ledger, and whoever puts back. */
function world() {
  const bucket = new FakeBucket(() => NOW_MS);
  const queues = { live: new FakeIngestQueue(), backfill: new FakeIngestQueue() };
  const ledger = new FakeLedger();
  const log = capturedLog();
  const deps = { store: bucket, queues, ledger, log };
  const lay = (folder: ParkedFolder, lines: readonly object[]) =>
    refOf(bucket.put(folder, lines)) as ParkedRef;
  return { ...deps, bucket, deps, lay, worker: new PutBack(deps) };
}

async function putBack(worker: PutBack, ref: ParkedRef, order: Omit<PutBackOrder, "ref">) {
  const [result] = await worker.putBack([{ ref, ...order }]);
  return result;
}

const everything = () => {
  const room = unpaced();
  return { roomFor: () => room, oneBatchEach: false, mayGoOn: () => true };
};

const idsSent = ({ sent }: FakeIngestQueue): string[] =>
  sent.flatMap(({ body }) =>
    JSON.parse(body).events.map(({ messageId }: { messageId: string }) => messageId),
  );

describe("putting an object's events back", () => {
  it("sends them all, and then deletes the object", async () => {
    const { bucket, queues, lay, worker } = world();
    const ref = lay(HELD, [line("a"), line("b")]);

    const result = await putBack(worker, ref, everything());

    expect(result).toEqual({ events: 2, left: 0, isDone: true, hasFailed: false });
    expect(idsSent(queues.live)).toEqual(["a", "b"]);
    expect(bucket.calls).toEqual([`read ${ref.key}`, `delete ${ref.key}`]);
    expect(bucket.texts.size).toBe(0);
  });

  it("sends them to the queue that they came from", async () => {
    const { queues, lay, worker } = world();
    const ref = lay({ ...HELD, lane: "backfill" }, [line("a")]);

    await putBack(worker, ref, everything());

    expect([queues.live.sent.length, queues.backfill.sent.length]).toEqual([0, 1]);
  });

  it("leaves what has no room, as it was", async () => {
    const { bucket, queues, lay, worker } = world();
    const ref = lay(HELD, [line("a"), line("b"), line("c")]);
    const before = bucket.texts.get(ref.key)?.split("\n");
    const room = new Room({ batches: 2, fromSeconds: 0, toSeconds: 60 });

    const result = await putBack(worker, ref, { ...everything(), roomFor: () => room });

    expect(result).toEqual({ events: 2, left: 1, isDone: false, hasFailed: false });
    expect(idsSent(queues.live)).toEqual(["a", "b"]);
    expect(bucket.texts.get(ref.key)).toBe(`${before?.[2]}\n`);
  });

  it("gives the events of one user in one message one place", async () => {
    const { queues, lay, worker } = world();
    const event = (user: string, i: number) => ({
      content: { event: track({ messageId: `${user}${i}`, userId: user }) },
    });
    const ref = lay(
      HELD,
      ["a", "b", "a", "a", "c", "b"].map((user, i) => line("", event(user, i))),
    );
    const room = new Room({ batches: 2, fromSeconds: 0, toSeconds: 60 });

    const result = await putBack(worker, ref, { ...everything(), roomFor: () => room });

    expect(result).toMatchObject({ events: 5, left: 1, isDone: false });
    expect(idsSent(queues.live)).toEqual(["a0", "b1", "a2", "a3", "b5"]);
    expect(room.used).toBe(2);
  });

  it("gives places back that a message was to use which the queue did not take", async () => {
    const { queues, lay, worker } = world();
    const user = (i: number) => ({ content: { event: track({ messageId: `m${i}`, userId: "a" }) } });
    const ref = lay(
      HELD,
      Array.from({ length: 150 }, (_, i) => line("", user(i))),
    );
    const room = new Room({ batches: 10, fromSeconds: 0, toSeconds: 60 });
    queues.live.refuses = ({ body }) => body.includes("m149");

    const result = await putBack(worker, ref, { ...everything(), roomFor: () => room });

    expect(result).toMatchObject({ events: 100, left: 50 });
    expect(room.used).toBe(1);
  });

  it("leaves what is not wanted, and is done with the object", async () => {
    const { bucket, lay, worker } = world();
    const ref = lay(HELD, [line("a", { reasons: [{ code: "other" }] }), line("b")]);
    const room = unpaced();

    const result = await putBack(worker, ref, {
      ...everything(),
      roomFor: ({ code }) => (code === "other" ? undefined : room),
    });

    expect(result).toEqual({ events: 1, left: 1, isDone: true, hasFailed: false });
    expect(bucket.content).toMatchObject([{ sqsMessageId: "sqs of a" }]);
  });

  it("writes nothing where nothing can go", async () => {
    const { bucket, lay, worker } = world();
    const ref = lay(HELD, [line("a")]);

    await putBack(worker, ref, { ...everything(), roomFor: () => undefined });

    expect(bucket.calls).toEqual([`read ${ref.key}`]);
  });

  it("keeps bad lines in the object, says so without their content, and sends the others", async () => {
    const { bucket, queues, log, lay, worker } = world();
    const ref = lay(HELD, [line("a"), { secret: "of no shape" }, line("b")]);

    const result = await putBack(worker, ref, everything());

    expect(result).toEqual({ events: 2, left: 1, isDone: true, hasFailed: true });
    expect(idsSent(queues.live)).toEqual(["a", "b"]);
    expect(bucket.texts.get(ref.key)).toContain("of no shape");
    expect(log.lines).toMatchObject([{ level: "error", fields: { key: ref.key, lines: 1, firstLine: 2 } }]);
    expect(JSON.stringify(log.lines)).not.toContain("of no shape");
  });

  it("keeps lines that are too large for a message", async () => {
    const { bucket, queues, lay, worker } = world();
    const large = { content: { event: "x".repeat(1_048_576) } };
    const ref = lay(HELD, [line("a"), line("b", large)]);
    const room = new Room({ batches: 9, fromSeconds: 0, toSeconds: 60 });

    const result = await putBack(worker, ref, { ...everything(), roomFor: () => room });

    expect(result).toEqual({ events: 1, left: 1, isDone: true, hasFailed: true });
    expect(idsSent(queues.live)).toEqual(["a"]);
    expect(bucket.content).toMatchObject([{ sqsMessageId: "sqs of b" }]);
    expect(room.used).toBe(1);
  });

  it("delays messages until the turn of their first event", async () => {
    const { queues, lay, worker } = world();
    const ref = lay(
      HELD,
      Array.from({ length: 200 }, (_, i) => line(`m${i}`)),
    );
    const room = new Room({ batches: 200, fromSeconds: 10, toSeconds: 110 });

    await putBack(worker, ref, { ...everything(), roomFor: () => room });

    expect(queues.live.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([10, 60]);
  });

  it("removes what was sent when time runs out, and keeps the rest", async () => {
    const { bucket, queues, lay, worker } = world();
    const ref = lay(
      HELD,
      Array.from({ length: 2_000 }, (_, i) => line(`m${i}`)),
    );
    const room = new Room({ batches: 5_000, fromSeconds: 0, toSeconds: 60 });
    let looks = 0;

    const order = { roomFor: () => room, oneBatchEach: false, mayGoOn: () => ++looks === 1 };
    const result = await putBack(worker, ref, order);

    expect(result).toEqual({ events: 1_600, left: 400, isDone: false, hasFailed: false });
    expect(idsSent(queues.live)).toHaveLength(1_600);
    expect(bucket.content).toHaveLength(400);
    expect(room.used).toBe(1_600);
  });

  it("gives several objects room in their order, whichever is read first", async () => {
    const { bucket, queues, lay, worker } = world();
    const refs = ["a", "b", "c"].map((id) => lay(HELD, [line(id)]));
    const { lines } = bucket;
    const pauses = [3, 0, 1];
    bucket.lines = async function* (ref) {
      for (let pause = pauses[refs.indexOf(ref)] ?? 0; pause > 0; pause--) await setImmediate();
      yield* lines.call(bucket, ref);
    };
    const room = new Room({ batches: 2, fromSeconds: 0, toSeconds: 60 });
    const order = { ...everything(), roomFor: () => room };

    const results = await worker.putBack(refs.map((ref) => ({ ref, ...order })));

    expect(idsSent(queues.live)).toEqual(["a", "b"]);
    expect(results.map(({ isDone }) => isDone)).toEqual([true, true, false]);
  });

  it("deletes an object without lines", async () => {
    const { bucket, lay, worker } = world();
    const ref = lay(HELD, []);

    const result = await putBack(worker, ref, everything());

    expect(result).toEqual({ events: 0, left: 0, isDone: true, hasFailed: false });
    expect(bucket.texts.size).toBe(0);
  });
});

describe("putting back and the ledger", () => {
  it("counts what left the bucket and what went to the queue, by hour of sending", async () => {
    const { ledger, lay, worker } = world();
    const frozen = {
      content: { batch: "{}", route: "live" },
      hours: { "2026-03-01T10": 3, "2026-03-01T11": 1 },
    };
    const ref = lay(HELD, [line("a"), line("b", frozen)]);

    await putBack(worker, ref, everything());

    const account = { tenantId: "acme", feedId: "default" };
    expect(ledger.added.flat()).toEqual([
      { ...account, hour: "2026-03-01T11", released: 2, returned: 2 },
      { ...account, hour: "2026-03-01T10", released: 3, returned: 3 },
    ]);
  });

  it("has events not as received, until it is known under which feed they are", async () => {
    const { ledger, queues, lay, worker } = world();
    const ref = lay({ ...FEEDLESS, ending: "rejected" }, [line("a")]);

    await putBack(worker, ref, everything());

    expect(ledger.added.flat()).toEqual([
      { tenantId: "acme", feedId: undefined, hour: "2026-03-01T11", replayed: 1, first: -1 },
    ]);
    expect(JSON.parse(queues.live.sent[0]?.body ?? "")).toMatchObject({ requeued: { counted: false } });
  });

  it("that cannot be written counts as a failure, and the events are back all the same", async () => {
    const { ledger, queues, lay, worker } = world();
    ledger.isDown = true;

    const result = await putBack(worker, lay(HELD, [line("a")]), everything());

    expect(result).toMatchObject({ events: 1, left: 0, hasFailed: true });
    expect(queues.live.sent).toHaveLength(1);
  });
});

describe("putting back when something fails", () => {
  it("leaves an object alone that cannot be read", async () => {
    const { bucket, queues, lay, worker } = world();
    const ref = lay(HELD, [line("a")]);
    bucket.fails = (call) => call === "read";

    const result = await putBack(worker, ref, everything());

    expect(result).toEqual({ events: 0, left: 0, isDone: false, hasFailed: true });
    expect(queues.live.sent).toEqual([]);
    expect(bucket.texts.size).toBe(1);
  });

  it("keeps what the queue does not take", async () => {
    const { bucket, queues, ledger, lay, worker } = world();
    const ref = lay(HELD, [line("a"), line("b")]);
    queues.live.isDown = true;

    const result = await putBack(worker, ref, everything());

    expect(result).toEqual({ events: 0, left: 2, isDone: false, hasFailed: true });
    expect(bucket.calls).toEqual([`read ${ref.key}`]);
    expect(ledger.added.flat()).toEqual([]);
  });

  it("removes only the events of the messages that the queue took", async () => {
    const { bucket, queues, lay, worker } = world();
    const ref = lay(HELD, [line("a"), line("b", { mode: "live" }), line("c")]);
    const { send } = queues.live;
    queues.live.send = async (messages) => {
      await send.call(queues.live, messages.slice(0, 1));
      return [1];
    };

    const result = await putBack(worker, ref, everything());

    expect(result).toEqual({ events: 2, left: 1, isDone: false, hasFailed: true });
    expect(idsSent(queues.live)).toEqual(["a", "c"]);
    expect(bucket.content).toMatchObject([{ sqsMessageId: "sqs of b" }]);
  });

  it.each(["delete", "rewrite"] as const)(
    "sends nothing twice while the bucket refuses to %s",
    async (refused) => {
      const { bucket, queues, ledger, lay, worker } = world();
      const ref = lay(HELD, [line("a"), line("b"), ...(refused === "rewrite" ? [{ bad: true }] : [])]);
      bucket.fails = (call) => call === refused;

      const first = await putBack(worker, ref, everything());
      const second = await putBack(worker, ref, everything());
      bucket.fails = () => false;
      const third = await putBack(worker, ref, everything());

      expect(first).toMatchObject({ events: 2, isDone: false, hasFailed: true });
      expect(second).toMatchObject({ events: 0, isDone: false, hasFailed: true });
      expect(third).toMatchObject({ events: 0, isDone: true });
      expect(idsSent(queues.live)).toEqual(["a", "b"]);
      expect(ledger.added.flat()).toHaveLength(1);
      expect(bucket.content).toHaveLength(refused === "rewrite" ? 1 : 0);
    },
  );

  it("loses nothing when a rewrite was done although its answer was lost", async () => {
    const { bucket, queues, lay, worker } = world();
    const ref = lay(HELD, [line("a"), line("b"), line("c")]);
    const room = new Room({ batches: 1, fromSeconds: 0, toSeconds: 60 });
    const { rewrite } = bucket;
    bucket.rewrite = async (...given) => {
      await rewrite.apply(bucket, given);
      throw new Error("no answer");
    };

    await putBack(worker, ref, { ...everything(), roomFor: () => room });
    bucket.rewrite = rewrite;
    await putBack(worker, ref, everything());

    expect(idsSent(queues.live)).toEqual(["a", "b", "c"]);
    expect(bucket.texts.size).toBe(0);
  });

  it("sends an object's events twice, and no more, when the process dies before it is removed", async () => {
    const { bucket, queues, deps, lay, worker } = world();
    const ref = lay(HELD, [line("a")]);
    bucket.fails = (call) => call === "delete";
    await putBack(worker, ref, everything());
    bucket.fails = () => false;

    await putBack(new PutBack(deps), ref, everything());

    expect(idsSent(queues.live)).toEqual(["a", "a"]);
    expect(bucket.texts.size).toBe(0);
  });

  it("neither loses nor doubles an event, whatever fails while the process lives", async () => {
    const step = fc.record({
      fails: fc.constantFrom("read", "rewrite", "delete", "queue", undefined),
      room: fc.integer({ min: 0, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 8 }), async (n, steps) => {
        const { bucket, queues, lay, worker } = world();
        const ids = Array.from({ length: n }, (_, i) => `m${i}`);
        const ref = lay(
          HELD,
          ids.map((id, i) => line(id, i % 3 === 0 ? { mode: "live" } : {})),
        );

        for (const { fails, room: batches } of [...steps, { fails: undefined, room: n }]) {
          bucket.fails = (call) => call === fails;
          queues.live.isDown = fails === "queue";
          const room = new Room({ batches, fromSeconds: 0, toSeconds: 60 });
          await putBack(worker, ref, { ...everything(), roomFor: () => room });
        }

        expect(idsSent(queues.live).sort()).toEqual(ids);
        expect(bucket.texts.size).toBe(0);
      }),
    );
  });
});
