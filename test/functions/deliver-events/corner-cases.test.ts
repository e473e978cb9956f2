import { describe, expect, it } from "vitest";
import {
  customEvent,
  DAY_MS,
  feed,
  message,
  NOW_MS,
  ownBatch,
  record,
  track,
} from "../../support/builders.ts";
import { DeliverWorld, keyOf } from "../../support/deliver-world.ts";
import { MALFORMED, THROTTLED, UNAUTHORIZED, UNAVAILABLE } from "../../support/fake-mparticle.ts";

const oneEventARequest = () => [feed({ limits: { eventsPerRequest: 1 } })];

/** One event that becomes two batches: one live, one historical. */
const onTwoPaths = (over = {}) =>
  ownBatch(
    {
      user_identities: { customer_id: "u" },
      events: [1, 40].map((days) => customEvent({ timestamp_unixtime_ms: NOW_MS - days * DAY_MS })),
    },
    over,
  );

describe("bounds of an invocation", () => {
  it("judge the time that is left when a request gets its place, not when it asks for one", async () => {
    const world = new DeliverWorld({ maxConcurrentRequests: 1 });
    world.addTenant("bolt");
    let leftMs = 25_000;
    world.remainingMs = () => leftMs;
    world.mparticle.respond = () => {
      leftMs -= 16_000;
      return undefined;
    };

    const { records } = await world.deliver(
      record(message([track()])),
      record(message([track()], { tenantId: "bolt" })),
    );

    expect(world.mparticle.requests).toHaveLength(1);
    expect(records).toEqual(["done", "returned"]);
  });
});

describe("a throttled feed", () => {
  it("is sent nothing more, not even what waits for a place already", async () => {
    const world = new DeliverWorld({ maxConcurrentRequests: 1, maxConcurrentRequestsPerFeed: 4 });
    world.addTenant("acme", oneEventARequest());
    world.mparticle.respond = () => THROTTLED;

    await world.deliver(
      ...Array.from({ length: 4 }, (_, i) => record(message([track({ userId: `u${i}` })]))),
    );

    expect(world.mparticle.requests).toHaveLength(1);
  });
});

describe("refused credentials", () => {
  it("do not use up the attempts that an outage has", async () => {
    const world = new DeliverWorld({ maxAttempts: 2 });
    world.credentials.newer.set("acme/default", keyOf("acme", "default", "v2"));
    world.mparticle.answer(UNAUTHORIZED, UNAVAILABLE);

    const { counted } = await world.deliver(record(message([track()])));

    expect(counted.delivered).toBe(1);
  });
});

describe("parking", () => {
  it("that fails for an event on two paths sends the record back, counted nowhere", async () => {
    const world = new DeliverWorld();
    world.mparticle.respond = () => UNAUTHORIZED;
    world.parked.isDown = () => true;

    const { records, counted } = await world.deliver(record(message([onTwoPaths()])));

    expect(counted.held).toEqual({});
    expect(records).toEqual(["returned"]);
  });

  it("does not park what goes out by another path: a replay would double it", async () => {
    const world = new DeliverWorld();
    world.mparticle.respond = ({ route }) => (route === "historical" ? MALFORMED : undefined);

    await world.deliver(record(message([onTwoPaths()])));

    expect(JSON.stringify(world.parkedLines)).not.toContain(String(NOW_MS - DAY_MS));
  });

  it("that fails in part does not park the rest of a record twice", async () => {
    const world = new DeliverWorld();
    world.parked.isDown = ({ ending }) => ending === "rejected";
    const came = record(message([{ type: "row" }, track({ messageId: "a" })], { feedId: "none" }));

    await world.deliver(came);
    world.parked.isDown = () => false;
    await world.deliver({ ...came, receiveCount: 2 });

    expect(world.parkedIds).toEqual(["a"]);
  });

  it("keeps what becomes too old between two assemblies", async () => {
    const world = new DeliverWorld();
    let calls = 0;
    world.deps.clock.nowMs = () => NOW_MS + calls++;
    world.parked.isDown = ({ tenantId }) => tenantId === undefined;
    const onTheEdge = track({ messageId: "edge", timestamp: NOW_MS - 30 * DAY_MS });

    const { counted } = await world.deliver(
      record("no json"),
      record(message([onTheEdge], { mode: "live" })),
    );

    expect(world.parkedIds).toHaveLength(counted.rejected["too_old_for_live"] ?? 0);
  });
});

describe("reading messages", () => {
  it("ignores an extra key, even one named frozen", async () => {
    const world = new DeliverWorld();

    const { counted } = await world.deliver(record(message([track()], { frozen: false })));

    expect(counted.delivered).toBe(1);
  });

  it("rejects an event that is too large, and delivers its user's empty profile", async () => {
    const world = new DeliverWorld();
    const properties = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`p${i}`, "x".repeat(4000)]));
    const empty = { type: "identify", messageId: "small", userId: "u-1", timestamp: NOW_MS - 60_000 };

    const { counted } = await world.deliver(record(message([empty, track({ properties })])));

    expect(counted).toMatchObject({ delivered: 1, rejected: { event_too_large: 1 } });
  });

  it("counts a message as received when its first and second copy come at once", async () => {
    const world = new DeliverWorld();
    const came = record(message([track()]));

    const { counted } = await world.deliver(came, { ...came, receiveCount: 2 });

    expect(counted.received).toBe(1);
  });
});

describe("frozen requests", () => {
  it("keep the feed's limit on events", async () => {
    const world = new DeliverWorld({ maxAttempts: 1, maxConcurrentRequestsPerFeed: 1 });
    world.addTenant("acme", oneEventARequest());
    world.mparticle.answer(UNAVAILABLE);

    await world.deliver(record(message([track({ userId: "a" }), track({ userId: "b" })])));
    await world.deliver(...world.queue.sent.map(({ body }) => record(body)));

    expect(Math.max(...world.mparticle.requests.map(({ batches }) => batches.length))).toBe(1);
  });
});
