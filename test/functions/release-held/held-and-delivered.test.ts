import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_FLOW_SETTINGS } from "../../../shared/core/flow/flow-settings.ts";
import { balanceOf, sumColumns } from "../../../shared/core/ledger.ts";
import { FlowReleasePace } from "../../../shared/requeue/flow-pace.ts";
import { again, DAY_MS, feed, HOUR_MS, message, NOW_MS, record, track } from "../../support/builders.ts";
import { keyOf } from "../../support/deliver-world.ts";
import { type Answer, idsIn, TAKEN_YET_UNAVAILABLE, UNAUTHORIZED } from "../../support/fake-mparticle.ts";
import { ReleaseWorld } from "../../support/release-world.ts";

const UNEXPECTED: Answer = { kind: "refused", status: 418, reason: "status 418" };

/** Hands the messages on the queues to the function, until there are none. */
async function drain(world: ReleaseWorld): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const sent = Object.values(world.queues).flatMap((queue) => queue.sent.splice(0));
    if (sent.length === 0) return;
    const records = sent.map(({ body }) => record(body, { sentAtMs: world.deliver.nowMs }));
    await world.deliver.deliver(...records);
  }
  throw new Error("The queues do not become empty");
}

/** Where a tenant's events are by the ledger, over all feeds and hours. null: those that name no tenant. */
async function balance({ deliver }: ReleaseWorld, tenantId: string | null = "acme") {
  const accounts = await deliver.ledger.ofTenant(tenantId ?? undefined, {
    from: "2026-01-01T00",
    to: "2027-01-01T00",
  });
  return balanceOf(sumColumns(accounts));
}

interface Hold {
  readonly cause: string;
  readonly begin: (world: ReleaseWorld) => void;
  readonly end: (world: ReleaseWorld) => void;
}

const HOLDS: Hold[] = [
  {
    cause: "unknown_tenant",
    begin: ({ deliver }) => deliver.tenants.tenants.clear(),
    end: ({ deliver }) => deliver.addTenant("acme"),
  },
  {
    cause: "tenant_paused",
    begin: ({ deliver }) => deliver.addTenant("acme", [feed()], { status: "paused" }),
    end: ({ deliver }) => deliver.addTenant("acme"),
  },
  {
    cause: "unknown_feed",
    begin: ({ deliver }) => deliver.addTenant("acme", []),
    end: ({ deliver }) => deliver.addTenant("acme"),
  },
  {
    cause: "feed_paused",
    begin: ({ deliver }) => deliver.addTenant("acme", [feed({ status: "paused" })]),
    end: ({ deliver }) => deliver.addTenant("acme"),
  },
  {
    cause: "no_credentials",
    begin: ({ deliver }) => deliver.credentials.stored.clear(),
    end: ({ deliver }) => deliver.addTenant("acme"),
  },
  {
    cause: "credentials_refused",
    begin: ({ deliver }) => {
      deliver.mparticle.respond = ({ apiSecret }) => (apiSecret === "secret v1" ? UNAUTHORIZED : undefined);
    },
    end: ({ deliver }) => {
      deliver.credentials.stored.set("acme/default", keyOf("acme", "default", "v2"));
    },
  },
  {
    cause: "unexpected_answer",
    begin: ({ deliver }) => {
      deliver.mparticle.respond = () => UNEXPECTED;
    },
    end: ({ deliver }) => {
      deliver.mparticle.respond = () => undefined;
      deliver.nowMs += HOUR_MS + 1;
    },
  },
];

describe("held events", () => {
  it.each(HOLDS.flatMap((hold) => [{}, { feedId: "default" }].map((address) => ({ ...hold, address }))))(
    "are delivered once when $cause has ended, with their ids and times, whose message named $address",
    async ({ cause, begin, end, address }) => {
      const world = new ReleaseWorld();
      const { deliver } = world;
      begin(world);
      const sentAtMs = NOW_MS - 2 * HOUR_MS;
      const events = [
        track({ messageId: "timed", timestamp: NOW_MS - DAY_MS }),
        track({ messageId: "untimed", timestamp: undefined }),
      ];
      const held = await deliver.deliver(record(message(events, address), { sentAtMs }));
      const before = { held: held.counted.held, sent: (await world.release()).released };

      end(world);
      await world.release();
      const requestsBefore = deliver.mparticle.requests.length;
      await drain(world);

      expect(before).toEqual({ held: { [cause]: 2 }, sent: [] });
      const seen = deliver.mparticle.requests
        .slice(requestsBefore)
        .flatMap(({ batches }) => batches.flatMap((batch) => batch.events ?? []))
        .map(({ data }) => [data.source_message_id, data["timestamp_unixtime_ms"]]);
      expect(new Map(seen as [string, number][])).toEqual(
        new Map([
          ["timed", NOW_MS - DAY_MS],
          ["untimed", sentAtMs],
        ]),
      );
      expect(deliver.mparticle.takenIds).toEqual(["timed", "untimed"]);
      expect(world.bucket.texts.size).toBe(0);
      expect(await balance(world)).toEqual({
        received: 2,
        delivered: 2,
        filtered: 0,
        rejected: 0,
        held: 0,
        inProgress: 0,
        uncounted: 0,
      });
    },
  );

  it("that mParticle may have taken already are delivered as they were built", async () => {
    const world = new ReleaseWorld();
    const { deliver } = world;
    deliver.mparticle.respond = () => TAKEN_YET_UNAVAILABLE;
    await deliver.deliver(record(message([track({ messageId: "a" })]), { receiveCount: 300 }));
    const [line] = world.bucket.content;

    deliver.mparticle.respond = () => undefined;
    deliver.nowMs += HOUR_MS + 1;
    await world.release();
    await drain(world);

    expect(line).toMatchObject({ code: "deferred_too_long", content: { kind: "batch" } });
    expect(new Set(deliver.mparticle.requests.map(({ body }) => body)).size).toBe(1);
    expect(deliver.mparticle.takenIds).toEqual(["a"]);
    expect(world.bucket.texts.size).toBe(0);
  });

  it.each([
    { what: "did not take", isDown: true, isMute: false, uncounted: 0 },
    { what: "took without saying so", isDown: false, isMute: true, uncounted: 1 },
  ])("that the queue $what are delivered as they were built, once", async ({ uncounted, ...trouble }) => {
    const world = new ReleaseWorld({ maxAttempts: 1 });
    const { deliver } = world;
    deliver.mparticle.answer(TAKEN_YET_UNAVAILABLE);
    Object.assign(deliver.queue, trouble);
    const { isMute } = trouble;
    const came = message([track({ messageId: "a" })]);
    // What a mute queue took is with it, though the function says that it is held.
    if (!isMute) await deliver.deliver(record(came));
    else
      await expect(deliver.deliver(record(came))).rejects.toThrow(
        "1 events came: 1 ended, 0 went back, 1 are",
      );
    const held = await balance(world);

    Object.assign(deliver.queue, { isDown: false, isMute: false });
    deliver.nowMs += 60_000;
    await world.release();
    await drain(world);

    expect(held).toMatchObject({ received: 1, held: 1, inProgress: 0 });
    expect(
      new Set(deliver.mparticle.requests.flatMap(({ batches }) => batches.map((b) => JSON.stringify(b))))
        .size,
    ).toBe(1);
    expect(deliver.mparticle.takenIds).toEqual(["a"]);
    expect(world.bucket.texts.size).toBe(0);
    const all = { received: 1 + uncounted, delivered: 1 + uncounted, uncounted };
    expect(await balance(world)).toMatchObject({ ...all, held: 0, inProgress: 0 });
  });

  it("that nest too deep to be written anew are delivered, and their neighbours once", async () => {
    const world = new ReleaseWorld();
    const { deliver } = world;
    deliver.addTenant("acme", [feed({ status: "paused" })]);
    const deep = JSON.stringify(track({ messageId: "deep", properties: { deep: "HERE" } })).replace(
      '"HERE"',
      "[".repeat(20_000) + "]".repeat(20_000),
    );
    const plain = JSON.stringify(track({ messageId: "plain" }));
    await deliver.deliver(record(`{"version":1,"tenantId":"acme","events":[${deep},${plain}]}`));

    deliver.addTenant("acme");
    await world.release();
    await drain(world);

    expect(deliver.mparticle.takenIds).toEqual(["deep", "plain"]);
    expect(world.bucket.texts.size).toBe(0);
  });

  it("go to the feed that their platform has by then", async () => {
    const world = new ReleaseWorld();
    const { deliver } = world;
    deliver.addTenant("acme", [feed({ feedId: "web", platforms: ["web"] })]);
    const ios = { context: { device: { type: "ios" } } };
    await deliver.deliver(record(message([track({ messageId: "a", ...ios })])));

    deliver.addTenant("acme", [
      feed({ feedId: "web", platforms: ["web"] }),
      feed({ feedId: "ios", platforms: ["iOS"] }),
    ]);
    await world.release();
    await drain(world);

    expect(deliver.mparticle.requests.map((request) => [request.apiKey, idsIn(request)])).toEqual([
      ["key of acme/ios", ["a"]],
    ]);
    expect(await balance(world)).toMatchObject({ received: 1, delivered: 1, held: 0, uncounted: 0 });
  });

  it("that are held again, for another cause, are released again", async () => {
    const world = new ReleaseWorld();
    const { deliver } = world;
    deliver.addTenant("acme", [feed()], { status: "paused" });
    await deliver.deliver(record(message([track({ messageId: "a" })])));

    deliver.addTenant("acme");
    await world.release();
    deliver.addTenant("acme", [feed({ status: "paused" })]);
    await drain(world);
    const between = await balance(world);
    deliver.addTenant("acme");
    await world.release();
    await drain(world);

    expect(between).toMatchObject({ received: 1, held: 1, inProgress: 0 });
    expect(deliver.mparticle.takenIds).toEqual(["a"]);
    expect(await balance(world)).toMatchObject({ received: 1, delivered: 1, held: 0, inProgress: 0 });
  });
});

describe("a backlog beyond what may wait in line", () => {
  it("goes through the bucket and is delivered once, whereupon new events join the line again", async () => {
    const flow = { ...DEFAULT_FLOW_SETTINGS, initialRate: 5, paceMs: 0, maxLineMs: 100 };
    const world = new ReleaseWorld({ flow });
    const { deliver } = world;
    world.releaseDeps = { ...world.releaseDeps, pace: new FlowReleasePace(deliver.flow, flow) };
    const ids = Array.from({ length: 120 }, (_, i) => `m${String(i).padStart(3, "0")}`);
    // Each a user's own, and so a batch of its own.
    let waiting = ids.map((messageId) => record(message([track({ messageId, userId: messageId })])));

    let spilled = 0;
    for (let round = 0; round < 500 && (waiting.length > 0 || world.bucket.texts.size > 0); round++) {
      const { records } = waiting.length > 0 ? await deliver.deliver(...waiting) : { records: [] };
      spilled = Math.max(spilled, world.bucket.content.length);
      waiting = waiting.filter((_, i) => records[i] === "returned").map((entry) => again(entry));
      deliver.nowMs += 10_000;
      await world.release();
      const sent = world.queues.live.sent.splice(0);
      waiting.push(...sent.map(({ body }) => record(body, { sentAtMs: deliver.nowMs })));
    }

    expect(spilled).toBeGreaterThan(20);
    expect(deliver.mparticle.takenIds).toEqual(ids);
    expect(deliver.flow.of("acme").lines.live.spilledAtMs).toBe(0);
    expect(await balance(world)).toMatchObject({ received: 120, delivered: 120, held: 0, inProgress: 0 });
  });
});

describe("rejected events", () => {
  it("are delivered once after what rejected them was mended, with their ids and times", async () => {
    const world = new ReleaseWorld();
    const { deliver } = world;
    const sentAtMs = NOW_MS - 2 * HOUR_MS;
    deliver.mparticle.respond = () => ({ kind: "malformed", status: 400, reason: "status 400" });
    await deliver.deliver(
      record(message([track({ messageId: "a", timestamp: undefined }), { type: "row" }]), { sentAtMs }),
    );

    deliver.mparticle.respond = () => undefined;
    const { counts } = await world.replay({ action: "list" });
    const { events } = await world.replay({ codes: ["refused_by_mparticle"] });
    await drain(world);

    expect(new Set(counts?.map(({ code }) => code))).toEqual(
      new Set(["refused_by_mparticle", "event_invalid"]),
    );
    expect(events).toBe(1);
    expect(deliver.mparticle.takenIds).toEqual(["a"]);
    const taken = deliver.mparticle.requests.at(-1)?.batches[0]?.events?.[0]?.data;
    expect(taken?.["timestamp_unixtime_ms"]).toBe(sentAtMs);
    expect(await balance(world)).toMatchObject({ received: 2, delivered: 1, rejected: 1, inProgress: 0 });
  });

  it("of bodies that can be read after all are received where they belong", async () => {
    const world = new ReleaseWorld();
    await world.deliver.deliver(record("no json"));
    const [key = ""] = world.bucket.texts.keys();
    const mended = message([track({ messageId: "a" })]);
    world.bucket.texts.set(
      key,
      (world.bucket.texts.get(key) ?? "").replace('"no json"', JSON.stringify(mended)),
    );

    await world.replay({ tenantId: null });
    await drain(world);

    expect(world.deliver.mparticle.takenIds).toEqual(["a"]);
    expect(await balance(world, null)).toMatchObject({ received: 0, rejected: 0 });
    expect(await balance(world)).toMatchObject({ received: 1, delivered: 1 });
  });

  it("that are rejected again lie in the bucket once", async () => {
    const world = new ReleaseWorld();
    await world.deliver.deliver(record(message([{ type: "row" }, { type: "row" }])));

    await world.replay();
    await drain(world);

    expect(world.bucket.content).toHaveLength(2);
    expect(await balance(world)).toMatchObject({ received: 2, rejected: 2, inProgress: 0 });
  });
});

describe("every held event", () => {
  const trouble = fc.constantFrom("read", "rewrite", "delete", "list", "queue", "tenants", "pace", undefined);
  const messages = fc.array(
    fc.record({
      hold: fc.constantFrom(...HOLDS),
      feedId: fc.constantFrom(undefined, "default"),
      events: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 6 },
  );

  it("is delivered exactly once, whatever fails while it is released", async () => {
    const scenario = fc.record({
      messages,
      troubles: fc.array(trouble, { maxLength: 6 }),
      room: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ messages: drawn, troubles, room }) => {
        const world = new ReleaseWorld();
        const { deliver, bucket, pace, queues } = world;
        const ids: string[] = [];
        for (const { hold, feedId, events } of drawn) {
          hold.begin(world);
          const own = Array.from({ length: events }, (_, i) => `e${ids.length + i}`);
          ids.push(...own);
          await deliver.deliver(
            record(
              message(
                own.map((messageId) => track({ messageId })),
                { feedId },
              ),
            ),
          );
          hold.end(world);
          deliver.mparticle.respond = () => undefined;
          deliver.addTenant("acme");
        }
        deliver.nowMs += HOUR_MS + 1;
        pace.rooms.set("acme/default/live", { batches: room, fromSeconds: 0, toSeconds: 60 });

        const runs = [...troubles, ...ids.map(() => undefined)];
        for (const failing of runs) {
          bucket.fails = (call) => call === failing;
          queues.live.isDown = failing === "queue";
          deliver.tenants.isDown = () => failing === "tenants";
          pace.isDown = () => failing === "pace";
          await world.release();
          bucket.fails = () => false;
          queues.live.isDown = false;
          deliver.tenants.isDown = () => false;
          await drain(world);
        }

        expect(deliver.mparticle.takenIds).toEqual(ids.toSorted());
        expect(bucket.texts.size).toBe(0);
        expect(await balance(world)).toMatchObject({
          received: ids.length,
          delivered: ids.length,
          held: 0,
          inProgress: 0,
        });
      }),
      { numRuns: 100, seed: 20_260_301 },
    );
  });
});
