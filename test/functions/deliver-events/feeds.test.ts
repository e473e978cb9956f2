import { describe, expect, it } from "vitest";
import type { UnreadableFeed } from "../../../shared/core/feed-of-event.ts";
import type { Platform } from "../../../shared/core/tenant.schema.ts";
import { again, feed, message, record, tenant, track } from "../../support/builders.ts";
import { DeliverWorld, keyOf } from "../../support/deliver-world.ts";

describe("finding tenant and feed", () => {
  it("holds the events of an unknown tenant under its id", async () => {
    const world = new DeliverWorld();

    const { records, counted } = await world.deliver(
      record(message([track(), track()], { tenantId: "nobody-yet" })),
    );

    expect(records).toEqual(["done"]);
    expect(counted).toMatchObject({ received: 2, delivered: 0, held: { unknown_tenant: 2 } });
    expect(world.parked.objects).toMatchObject([
      { ending: "held", tenantId: "nobody-yet", events: [{ index: 0 }, { index: 1 }] },
    ]);
  });

  it.each([
    {
      cause: "tenant_paused",
      when: "the tenant is paused",
      change: (world: DeliverWorld) => world.addTenant("acme", [feed()], { status: "paused" }),
    },
    {
      cause: "feed_paused",
      when: "the feed is paused",
      change: (world: DeliverWorld) => world.addTenant("acme", [feed({ status: "paused" })]),
    },
    {
      cause: "unknown_feed",
      when: "the tenant has no such feed",
      change: (world: DeliverWorld) => world.addTenant("acme", [feed({ feedId: "other" })]),
    },
    {
      cause: "no_credentials",
      when: "nobody stored a key",
      change: (world: DeliverWorld) => world.credentials.stored.clear(),
    },
    {
      cause: "credentials_refused",
      when: "the key was refused and is still the same",
      change: (world: DeliverWorld) =>
        world.addTenant("acme", [feed({ status: "credentials_refused", refusedSecretVersion: "v1" })]),
    },
  ])("holds events when $when, and delivers another tenant's", async ({ cause, change }) => {
    const world = new DeliverWorld();
    change(world);
    world.addTenant("bolt");
    const event = track();

    const { records, counted } = await world.deliver(
      record(message([event])),
      record(message([track({ messageId: "b" })], { tenantId: "bolt" })),
    );

    expect(records).toEqual(["done", "done"]);
    expect(counted).toMatchObject({ received: 2, delivered: 1, held: { [cause]: 1 } });
    expect(world.parkedLines).toMatchObject([
      { ending: "held", tenantId: "acme", reasons: [{ code: cause }], content: { event } },
    ]);
    expect(world.mparticle.takenIds).toEqual(["b"]);
  });

  it("sends nothing to a feed whose key is known to be refused", async () => {
    const world = new DeliverWorld();
    world.addTenant("acme", [feed({ status: "credentials_refused", refusedSecretVersion: "v1" })]);

    await world.deliver(record(message([track()])));

    expect(world.mparticle.requests).toEqual([]);
  });

  it("tries a newer key than the refused one, and marks the feed as active once it is taken", async () => {
    const world = new DeliverWorld();
    world.addTenant("acme", [feed({ status: "credentials_refused", refusedSecretVersion: "v1" })]);
    world.credentials.stored.set("acme/default", keyOf("acme", "default", "v2"));

    const { counted } = await world.deliver(record(message([track()])), record(message([track()])));

    expect(counted.delivered).toBe(2);
    expect(world.mparticle.requests.map(({ apiSecret }) => apiSecret)).toEqual(["secret v2"]);
    expect(world.tenants.notes).toEqual(["acme/default accepted"]);
  });

  it("marks a pending feed as active with its first delivery", async () => {
    const world = new DeliverWorld();
    world.addTenant("acme", [feed({ status: "pending" })]);

    await world.deliver(record(message([track()])));
    await world.deliver(record(message([track()])));

    expect(world.tenants.notes).toEqual(["acme/default accepted"]);
  });

  it("writes nothing about a feed that is active anyway", async () => {
    const world = new DeliverWorld();

    await world.deliver(record(message([track()])));

    expect(world.tenants.notes).toEqual([]);
  });

  it("delivers although the feed's new status cannot be written", async () => {
    const world = new DeliverWorld();
    world.tenants.add(tenant("acme", [feed({ status: "pending" })]));
    world.tenants.credentialsAccepted = () => Promise.reject(new Error("no table"));

    const { records, counted } = await world.deliver(record(message([track()])));

    expect(records).toEqual(["done"]);
    expect(counted.delivered).toBe(1);
  });

  it.each([
    { when: "a message names a feed", over: { feedId: "ios" }, event: {}, apiKey: "key of acme/ios" },
    {
      when: "no feed takes the platform",
      over: {},
      event: { context: { device: { type: "android" } } },
      apiKey: "key of acme/default",
    },
    {
      when: "a feed takes the platform",
      over: {},
      event: { context: { device: { type: "ios" } } },
      apiKey: "key of acme/ios",
    },
    { when: "nothing tells the feed", over: {}, event: {}, apiKey: "key of acme/default" },
  ])("finds the feed when $when", async ({ over, event, apiKey }) => {
    const world = new DeliverWorld();
    world.addTenant("acme", [feed(), feed({ feedId: "ios", platforms: ["iOS"] })]);

    await world.deliver(record(message([track(event)], over)));

    expect(world.mparticle.requests.map((request) => request.apiKey)).toEqual([apiKey]);
  });

  it("gives a tenant's records back while the table cannot be read, and delivers everybody else's", async () => {
    const world = new DeliverWorld();
    world.addTenant("bolt");
    world.tenants.isDown = (tenantId) => tenantId === "acme";
    const stuck = record(message([track(), track()]), { receiveCount: 3 });

    const { records, counted } = await world.deliver(
      stuck,
      record(message([track({ messageId: "b" })], { tenantId: "bolt" })),
    );

    expect(records).toEqual(["returned", "done"]);
    expect(counted.delivered).toBe(1);
    expect([...world.queue.hidden]).toEqual([[stuck.receiptHandle, 21]]);
    expect(world.parked.objects).toEqual([]);
    expect(world.mparticle.takenIds).toEqual(["b"]);
  });

  it("gives a feed's records back while its secret cannot be read, whole and unsent", async () => {
    const world = new DeliverWorld();
    world.addTenant("acme", [feed(), feed({ feedId: "ios", platforms: ["iOS"] })]);
    world.credentials.isDown = (name) => name === "acme/ios";
    const forBoth = record(
      message([track({ messageId: "a" }), track({ context: { device: { type: "ios" } } }), { type: "row" }]),
    );

    const { records, counted } = await world.deliver(forBoth, record(message([track({ messageId: "b" })])));

    expect(records).toEqual(["returned", "done"]);
    expect(counted).toMatchObject({ delivered: 1, rejected: {}, held: {} });
    expect(world.mparticle.takenIds).toEqual(["b"]);
    expect(world.parked.objects).toEqual([]);
  });

  it("delivers what went back once the stores answer again", async () => {
    const world = new DeliverWorld();
    world.credentials.isDown = () => true;
    const came = record(message([track({ messageId: "a" })]));
    await world.deliver(came);
    world.credentials.isDown = () => false;

    const { records, counted } = await world.deliver(again(came));

    expect(records).toEqual(["done"]);
    expect(counted).toMatchObject({ received: 0, delivered: 1 });
  });

  it("holds what went back too often for want of a store", async () => {
    const world = new DeliverWorld({ holdAfterReceives: 5 });
    world.tenants.isDown = () => true;

    const fourth = await world.deliver(record(message([track()]), { receiveCount: 4 }));
    const fifth = await world.deliver(record(message([track()]), { receiveCount: 5 }));

    expect(fourth.records).toEqual(["returned"]);
    expect(fifth.records).toEqual(["done"]);
    expect(fifth.counted.held).toEqual({ deferred_too_long: 1 });
  });
});

describe("a stored feed that cannot be read", () => {
  const IOS_EVENT = { context: { device: { type: "ios" } } };
  const broken = (platforms: readonly Platform[], mayTakeOthers = false) => [
    { feedId: "mobile", platforms, mayTakeOthers },
  ];
  function worldWith(unreadable: readonly UnreadableFeed[], feeds = [feed()]) {
    const world = new DeliverWorld();
    world.tenants.add(tenant("acme", feeds, {}, unreadable));
    return world;
  }

  it("has the events of its platforms held, which are not the default feed's", async () => {
    const world = worldWith(broken(["iOS"]));

    const { counted } = await world.deliver(
      record(message([track({ messageId: "ios", ...IOS_EVENT }), track({ messageId: "other" })])),
    );

    expect(counted).toMatchObject({ received: 2, delivered: 1, held: { unknown_feed: 1 } });
    expect(world.mparticle.takenIds).toEqual(["other"]);
  });

  it("has events that name it held", async () => {
    const world = worldWith(broken([]));

    const { counted } = await world.deliver(record(message([track()], { feedId: "mobile" })));

    expect(counted).toMatchObject({ delivered: 0, held: { unknown_feed: 1 } });
  });

  it("has all events held that may be its own, but not those of a feed that takes their platform", async () => {
    const world = worldWith(broken([], true), [feed(), feed({ feedId: "web", platforms: ["web"] })]);
    world.credentials.stored.set("acme/web", keyOf("acme", "web"));
    const web = track({ messageId: "web", context: { device: { type: "web" } } });

    const { counted } = await world.deliver(record(message([track(IOS_EVENT), web])));

    expect(counted).toMatchObject({ received: 2, delivered: 1, held: { unknown_feed: 1 } });
    expect(world.mparticle.takenIds).toEqual(["web"]);
  });
});
