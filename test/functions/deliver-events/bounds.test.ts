import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { again, feed, message, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";
import { UNAVAILABLE } from "../../support/fake-mparticle.ts";

const oneEventARequest = () => [feed({ limits: { eventsPerRequest: 1 } })];

describe("bounds of an invocation", () => {
  it("keep requests in flight within the limits, over all and for each feed, and use them", async () => {
    const world = new DeliverWorld({ maxConcurrentRequests: 5, maxConcurrentRequestsPerFeed: 2 });
    const tenants = ["acme", "bolt", "core", "dune"];
    for (const tenantId of tenants) world.addTenant(tenantId, oneEventARequest());
    world.mparticle.respond = async () => {
      await wait(1);
      return undefined;
    };
    const events = Array.from({ length: 6 }, (_, i) => track({ userId: `u${i}` }));

    const { counted } = await world.deliver(
      ...tenants.map((tenantId) => record(message(events, { tenantId }))),
    );

    expect(counted.delivered).toBe(24);
    expect(world.mparticle.peak.all).toBe(5);
    expect([...world.mparticle.peak.byKey.values()]).toEqual([2, 2, 2, 2]);
  });

  it("start nothing when the time is up: everything goes back", async () => {
    const world = new DeliverWorld();
    world.remainingMs = () => 4_000;
    const records = [record(message([track()])), record(message([track()]))];

    const delivery = await world.deliver(...records);

    expect(delivery.records).toEqual(["returned", "returned"]);
    expect(delivery.reports).toMatchObject([{ requests: 0, deferred: 2 }]);
    expect(world.mparticle.requests).toEqual([]);
    expect(world.queue.hidden.size).toBe(2);
  });

  it("give what goes back for want of time its delivery in the next invocation", async () => {
    const world = new DeliverWorld();
    world.remainingMs = () => 0;
    const came = record(message([track({ messageId: "a" })]));
    await world.deliver(came);
    world.remainingMs = () => 60_000;

    const { counted } = await world.deliver(again(came));

    expect(counted.delivered).toBe(1);
    expect(world.mparticle.takenIds).toEqual(["a"]);
  });

  it("shorten a request's timeout to the time that is left", async () => {
    const world = new DeliverWorld({ requestTimeoutMs: 10_000 });
    world.remainingMs = () => 25_000;

    await world.deliver(record(message([track()])));

    const [request] = world.mparticle.requests;
    expect(request?.timeoutMs).toBeGreaterThan(0);
    expect(request?.timeoutMs).toBeLessThan(8_000);
  });

  it("give a request its whole timeout while there is time", async () => {
    const world = new DeliverWorld({ requestTimeoutMs: 10_000 });

    await world.deliver(record(message([track()])));

    expect(world.mparticle.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000]);
  });

  it("end the retries when the next pause would take too long", async () => {
    const world = new DeliverWorld({ retryBaseMs: 60_000 });
    world.remainingMs = () => 35_000;
    world.mparticle.respond = () => UNAVAILABLE;

    const { records } = await world.deliver(record(message([track()])));

    expect(records).toEqual(["done"]);
    expect(world.mparticle.requests).toHaveLength(1);
    expect(world.queue.sent).toHaveLength(1);
    expect(world.slept).toEqual([]);
  });

  it("give back what is not yet sent when the time runs out in between", async () => {
    const world = new DeliverWorld({ maxConcurrentRequestsPerFeed: 1 });
    world.addTenant("acme", oneEventARequest());
    let leftMs = 29_000;
    world.remainingMs = () => leftMs;
    world.mparticle.respond = () => {
      leftMs -= 5_000;
      return undefined;
    };
    const records = Array.from({ length: 4 }, (_, i) => record(message([track({ userId: `u${i}` })])));

    const delivery = await world.deliver(...records);

    expect(delivery.counted.delivered).toBe(2);
    expect(delivery.records.filter((outcome) => outcome === "returned")).toHaveLength(2);
  });

  it("send a feed's live events first when there is no time for all", async () => {
    const world = new DeliverWorld({ maxConcurrentRequestsPerFeed: 1 });
    let leftMs = 24_000;
    world.remainingMs = () => leftMs;
    world.mparticle.respond = () => {
      leftMs = 0;
      return undefined;
    };
    const old = track({ timestamp: world.nowMs - 40 * 86_400_000 });

    const { records } = await world.deliver(record(message([old])), record(message([track()])));

    expect(records).toEqual(["returned", "done"]);
  });
});
