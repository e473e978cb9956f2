import { describe, expect, it } from "vitest";
import { again, DAY_MS, feed, message, NOW_MS, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";
import { ACCEPTED, THROTTLED } from "../../support/fake-mparticle.ts";

const oneEventARequest = () => [feed({ limits: { eventsPerRequest: 1 } })];

describe("a throttled feed", () => {
  it("gives its records back for the time that mParticle names", async () => {
    const world = new DeliverWorld();
    world.mparticle.answer({ kind: "throttled", retryAfterSeconds: 30 });
    const [one, two] = [record(message([track()])), record(message([track()]))];

    const { records, counted, reports } = await world.deliver(one, two);

    expect(records).toEqual(["returned", "returned"]);
    expect(counted).toMatchObject({ received: 2, delivered: 0, held: {} });
    expect([...world.queue.hidden]).toEqual([
      [one.receiptHandle, 31],
      [two.receiptHandle, 31],
    ]);
    expect(reports).toMatchObject([{ requests: 1, throttled: 1, retried: 0, deferred: 2 }]);
    expect(world.slept).toEqual([]);
  });

  it("gives its records back for longer each time when mParticle names no time", async () => {
    const world = new DeliverWorld();
    world.mparticle.respond = () => THROTTLED;
    const came = record(message([track()]));
    const delays: (number | undefined)[] = [];

    for (let receiveCount = 1; receiveCount <= 5; receiveCount++) {
      await world.deliver(again(came, receiveCount));
      const handle = again(came, receiveCount).receiptHandle;
      const delaySeconds = world.queue.hidden.get(handle) ?? 0;
      delays.push(delaySeconds);
      world.nowMs += 1000 * delaySeconds;
    }

    expect(delays).toEqual([1, 2, 4, 7, 13]);
  });

  it("is sent nothing more", async () => {
    const world = new DeliverWorld({ maxConcurrentRequestsPerFeed: 1 });
    world.addTenant("acme", oneEventARequest());
    world.mparticle.answer(ACCEPTED, THROTTLED);
    const records = Array.from({ length: 6 }, () => record(message([track()])));

    const delivery = await world.deliver(...records);

    expect(world.mparticle.requests).toHaveLength(2);
    expect(delivery.records.filter((outcome) => outcome === "returned")).toHaveLength(5);
    expect(delivery.counted.delivered).toBe(1);
  });

  it("does not keep other feeds of the tenant or other tenants from theirs", async () => {
    const world = new DeliverWorld();
    world.addTenant("acme", [feed(), feed({ feedId: "ios" })]);
    world.addTenant("bolt");
    world.mparticle.respond = ({ apiKey }) => (apiKey === "key of acme/default" ? THROTTLED : undefined);

    const { records } = await world.deliver(
      record(message([track()])),
      record(message([track({ messageId: "a" })], { feedId: "ios" })),
      record(message([track({ messageId: "b" })], { tenantId: "bolt" })),
    );

    expect(records).toEqual(["returned", "done", "done"]);
    expect(world.mparticle.takenIds).toEqual(["a", "b"]);
  });

  it("delivers what went back, merged anew, when it comes again", async () => {
    const world = new DeliverWorld();
    world.mparticle.answer(THROTTLED);
    const came = record(message([track({ messageId: "a" })]));
    await world.deliver(came);
    world.nowMs += 2_000;

    const { records, counted } = await world.deliver(
      again(came),
      record(message([track({ messageId: "b" })])),
    );

    expect(records).toEqual(["done", "done"]);
    expect(counted.delivered).toBe(2);
    expect(world.mparticle.requests[1]?.batches).toHaveLength(1);
  });

  it("freezes the rest of a message that was delivered in part", async () => {
    const world = new DeliverWorld({ maxConcurrentRequestsPerFeed: 1 });
    world.addTenant("acme", oneEventARequest());
    world.mparticle.answer(ACCEPTED, { kind: "throttled", retryAfterSeconds: 12 });
    const events = ["a", "b", "c"].map((id) => track({ messageId: id, userId: id }));

    const first = await world.deliver(record(message(events)));
    const frozen = world.queue.sent.map(({ body }) => record(body));
    world.nowMs += 13_000;
    const second = await world.deliver(...frozen);

    expect(first.records).toEqual(["done"]);
    expect(first.counted.delivered).toBe(1);
    expect(world.queue.hidden.size).toBe(0);
    expect(world.queue.sent[0]).toMatchObject({ groupId: "acme", delaySeconds: 13 });
    expect(second.counted.delivered).toBe(2);
    expect(world.mparticle.takenIds).toEqual(["a", "b", "c"]);
  });

  it("holds what mParticle wants to wait for longer than a queue can", async () => {
    const world = new DeliverWorld();
    world.mparticle.answer({ kind: "throttled", retryAfterSeconds: 5_000 });

    const { counted } = await world.deliver(record(message([track(), { type: "row" }])));

    expect(counted.held).toEqual({ backlog: 1 });
    expect(world.queue.sent).toEqual([]);
  });

  it("holds what was received as often as is reasonable", async () => {
    const world = new DeliverWorld({ holdAfterReceives: 5 });
    world.mparticle.respond = () => THROTTLED;
    const event = track();

    const fourth = await world.deliver(record(message([event]), { receiveCount: 4 }));
    const fifth = await world.deliver(record(message([event]), { receiveCount: 5 }));

    expect(fourth.records).toEqual(["returned"]);
    expect(fifth.records).toEqual(["done"]);
    expect(fifth.counted.held).toEqual({ deferred_too_long: 1 });
    expect(world.parkedLines).toMatchObject([{ ending: "held", feedId: "default", content: { event } }]);
  });

  it("holds what has waited on the queue for a week, long before the queue would lose it", async () => {
    const world = new DeliverWorld();
    world.mparticle.respond = () => THROTTLED;
    const body = message([track()]);

    const younger = await world.deliver(record(body, { sentAtMs: NOW_MS - 7 * DAY_MS + 1 }));
    const older = await world.deliver(record(body, { sentAtMs: NOW_MS - 7 * DAY_MS }));

    expect(younger.records).toEqual(["returned"]);
    expect(older.records).toEqual(["done"]);
    expect(older.counted.held).toEqual({ deferred_too_long: 1 });
  });
});
