import { describe, expect, it } from "vitest";
import { again, feed, message, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";
import {
  ACCEPTED,
  MALFORMED,
  TAKEN_YET_UNAVAILABLE,
  THROTTLED,
  UNAVAILABLE,
} from "../../support/fake-mparticle.ts";

/** What the queue hands out next: the frozen messages that it was sent. */
const thaw = (world: DeliverWorld) => world.queue.sent.splice(0).map(({ body }) => record(body));

describe("an unavailable mParticle", () => {
  it("is sent the identical bytes again after growing pauses", async () => {
    const world = new DeliverWorld();
    world.mparticle.answer(UNAVAILABLE, TAKEN_YET_UNAVAILABLE);

    const { records, counted, reports } = await world.deliver(record(message([track({ messageId: "a" })])));

    expect(records).toEqual(["done"]);
    expect(counted.delivered).toBe(1);
    expect(new Set(world.mparticle.requests.map(({ body }) => body)).size).toBe(1);
    expect(reports).toMatchObject([{ requests: 3, retried: 2, batches: 1, live: 1 }]);
    expect(world.slept).toEqual([200, 400]);
    expect(world.mparticle.takenIds).toEqual(["a"]);
  });

  it("ends the feed's sending after its attempts, and freezes what was tried", async () => {
    const world = new DeliverWorld({ maxAttempts: 3 });
    world.mparticle.respond = () => TAKEN_YET_UNAVAILABLE;

    const { records, counted, reports } = await world.deliver(record(message([track(), track()])));

    const [tried] = world.mparticle.requests;
    expect(world.mparticle.requests).toHaveLength(3);
    expect(records).toEqual(["done"]);
    expect(counted).toMatchObject({ received: 2, delivered: 0, held: {} });
    expect(reports).toMatchObject([{ frozen: 1, deferred: 0 }]);
    expect(world.queue.sent.map(({ body, ...rest }) => ({ ...rest, body: JSON.parse(body) }))).toEqual([
      {
        groupId: "acme",
        // The circuit opened: the first probe is a second away, and a message waits 3 seconds more at the least.
        delaySeconds: 4,
        body: {
          version: 1,
          tenantId: "acme",
          feedId: "default",
          frozen: {
            route: "live",
            batches: [{ body: tried?.body.slice(1, -1), hours: { "2026-03-01T11": 2 } }],
          },
        },
      },
    ]);
  });

  it("takes a frozen message as it was built, with the same ids, and counts its events once", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    world.mparticle.answer(TAKEN_YET_UNAVAILABLE);
    await world.deliver(
      record(message([track({ messageId: "a" }), track({ messageId: "b", userId: "u-2" })])),
    );

    // What is fresh must not be merged into what is frozen.
    const fresh = record(message([track({ messageId: "c" })]));
    const { records, counted } = await world.deliver(...thaw(world), fresh);

    expect(records).toEqual(["done", "done"]);
    expect(counted).toMatchObject({ received: 1, delivered: 3 });
    const [first, second] = world.mparticle.requests.map(({ body }) => body.slice(1, -1));
    expect(second).toContain(first);
    expect(world.mparticle.requests[1]?.batches).toHaveLength(3);
    expect(world.mparticle.takenIds).toEqual(["a", "b", "c"]);
  });

  it("gives a frozen message that meets it again back as it is", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    world.mparticle.answer(UNAVAILABLE, UNAVAILABLE);
    await world.deliver(record(message([track({ messageId: "a" })])));
    const [frozen = record("")] = thaw(world);

    const second = await world.deliver({ ...frozen, receiveCount: 2 });
    const third = await world.deliver(again(frozen, 3));

    expect(second.records).toEqual(["returned"]);
    expect(world.queue.sent).toEqual([]);
    expect(third.counted).toMatchObject({ received: 0, delivered: 1 });
    expect(new Set(world.mparticle.requests.map(({ body }) => body)).size).toBe(1);
  });

  it("freezes again only what is open of a frozen message", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    const events = ["a", "b"].map((id) => track({ messageId: id, userId: id }));
    world.mparticle.answer(TAKEN_YET_UNAVAILABLE, MALFORMED, ACCEPTED, THROTTLED);
    await world.deliver(record(message(events)));

    const { records, counted } = await world.deliver(...thaw(world));
    world.nowMs += 2_000;
    const rest = await world.deliver(...thaw(world));

    expect(records).toEqual(["done"]);
    expect([counted.delivered, rest.counted.delivered]).toEqual([1, 1]);
    expect(world.mparticle.takenIds).toEqual(["a", "b"]);
  });

  it("makes an untried part of a message frozen too, since the message cannot go back", async () => {
    const world = new DeliverWorld({ maxAttempts: 1, maxConcurrentRequestsPerFeed: 1 });
    world.addTenant("acme", [feed({ limits: { eventsPerRequest: 1 } })]);
    world.mparticle.answer(TAKEN_YET_UNAVAILABLE);
    const events = ["a", "b"].map((id) => track({ messageId: id, userId: id }));
    const other = record(message([track({ messageId: "c", userId: "c" })]));

    const first = await world.deliver(record(message(events)), other);
    const second = await world.deliver(...thaw(world), again(other));

    expect(first.records).toEqual(["done", "returned"]);
    expect(second.counted.delivered).toBe(3);
    expect(world.mparticle.takenIds).toEqual(["a", "b", "c"]);
  });

  it("freezes messages that share a batch together", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    world.mparticle.answer(TAKEN_YET_UNAVAILABLE);

    const { records } = await world.deliver(
      record(message([track({ messageId: "a" })])),
      record(message([track({ messageId: "b" })])),
    );

    expect(records).toEqual(["done", "done"]);
    expect(world.queue.sent.map(({ body }) => JSON.parse(body).frozen.batches)).toMatchObject([
      [{ hours: { "2026-03-01T11": 2 } }],
    ]);
  });

  it("leaves other tenants alone", async () => {
    const world = new DeliverWorld();
    world.addTenant("bolt");
    world.mparticle.respond = ({ apiKey }) => (apiKey === "key of acme/default" ? UNAVAILABLE : undefined);

    const { counted } = await world.deliver(
      record(message([track()])),
      record(message([track({ messageId: "b" })], { tenantId: "bolt" })),
    );

    expect(counted.delivered).toBe(1);
    expect(world.mparticle.takenIds).toEqual(["b"]);
  });

  it("holds what the queue does not take, as it was built", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    world.mparticle.answer(UNAVAILABLE);
    world.queue.isDown = true;
    const [first, second] = [record(message([track()])), record(message([track()]))];

    const { records, counted, reports } = await world.deliver(first, second);

    expect(records).toEqual(["done", "done"]);
    expect(counted).toMatchObject({ delivered: 0, held: { queue_refused: 2 } });
    expect(reports).toMatchObject([{ frozen: 0, deferred: 0 }]);
    expect(world.queue.hidden.size).toBe(0);
    expect(world.parkedLines).toMatchObject([
      {
        ending: "held",
        cause: "queue_refused",
        tenantId: "acme",
        feedId: "default",
        sqsMessageId: first.messageId,
        events: 2,
        hours: { "2026-03-01T11": 2 },
        content: { batch: world.mparticle.requests[0]?.body.slice(1, -1), route: "live" },
      },
    ]);
  });

  it("holds only those frozen messages that the queue does not take", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    world.addTenant("bolt");
    world.mparticle.respond = () => TAKEN_YET_UNAVAILABLE;
    world.queue.refuses = ({ groupId }) => groupId === "bolt";

    const { records, counted, reports } = await world.deliver(
      record(message([track()])),
      record(message([track()], { tenantId: "bolt" })),
    );

    expect(records).toEqual(["done", "done"]);
    expect(counted.held).toEqual({ queue_refused: 1 });
    expect(reports.map(({ tenantId, frozen }) => [tenantId, frozen])).toEqual([
      ["acme", 1],
      ["bolt", 0],
    ]);
    expect(world.parkedLines.map(({ tenantId }) => tenantId)).toEqual(["bolt"]);
  });

  it("sends the records back when neither queue nor bucket takes what is frozen", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    world.mparticle.answer(UNAVAILABLE);
    world.queue.isDown = true;
    world.parked.isDown = () => true;
    const came = record(message([track({ messageId: "a" })]));

    const first = await world.deliver(came);
    const second = await world.deliver(again(came));

    expect(first.records).toEqual(["returned"]);
    expect(first.counted).toMatchObject({ delivered: 0, held: {} });
    expect(first.reports).toMatchObject([{ frozen: 0, deferred: 1, parkingFailed: 10 }]);
    expect([...world.queue.hidden]).toEqual([[came.receiptHandle, 1]]);
    expect(second.counted.delivered).toBe(1);
  });

  it("tries queue and bucket again and again before it sends the records back", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    world.mparticle.answer(TAKEN_YET_UNAVAILABLE);
    world.queue.isDown = true;
    let writes = 0;
    world.parked.isDown = () => ++writes < 4;

    const { records, counted } = await world.deliver(record(message([track()])));

    expect(records).toEqual(["done"]);
    expect(counted.held).toEqual({ queue_refused: 1 });
    expect(world.parkedLines).toHaveLength(1);
    expect(world.slept).toEqual([500, 1_000, 2_000]);
  });

  it("takes no longer for it than settling the rest leaves time for", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    world.mparticle.answer(UNAVAILABLE);
    let leftMs = 60_000;
    world.remainingMs = () => leftMs - world.slept.reduce((sum, ms) => sum + ms, 0);
    world.queue.refuses = () => {
      leftMs = 20_000;
      return true;
    };
    world.parked.isDown = () => true;

    await world.deliver(record(message([track()])));

    expect(world.slept).toEqual([500, 1_000]);
  });

  it("sends the records back when there is no time left to hold what the queue did not take", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    world.mparticle.answer(UNAVAILABLE);
    let leftMs = 60_000;
    world.remainingMs = () => leftMs;
    world.queue.refuses = () => {
      leftMs = 8_000;
      return true;
    };

    const { records } = await world.deliver(record(message([track()])));

    expect(records).toEqual(["returned"]);
    expect(world.parkedLines).toEqual([]);
    expect(world.queue.hidden.size).toBe(1);
  });

  it("parks what waited too long as it was built, since its id alone tells whether it was taken", async () => {
    const world = new DeliverWorld({ maxAttempts: 1, holdAfterReceives: 3 });
    world.mparticle.respond = () => TAKEN_YET_UNAVAILABLE;

    const { records, counted } = await world.deliver(
      record(message([track(), track()]), { receiveCount: 3 }),
    );

    expect(records).toEqual(["done"]);
    expect(counted.held).toEqual({ deferred_too_long: 2 });
    expect(world.parkedLines).toMatchObject([
      { ending: "held", events: 2, content: { batch: world.mparticle.requests[0]?.body.slice(1, -1) } },
    ]);
  });

  it("keeps text that a queue refuses, byte for byte, in a frozen message", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    world.mparticle.answer(TAKEN_YET_UNAVAILABLE);
    const odd = 'quote " slash \\ \u0000 \u001f \ufffe\uffff \u2028 😀';
    await world.deliver(record(message([track({ properties: { odd } })])));

    const [{ body } = { body: "" }] = world.queue.sent;
    await world.deliver(...thaw(world));

    // Of these SQS takes no control characters but tab and line ends, nor the two noncharacters.
    expect(body).not.toMatch(/[^\t\n\r\u0020-\uFFFD]/);
    expect(world.mparticle.requests[1]?.body).toBe(world.mparticle.requests[0]?.body);
    expect(world.mparticle.requests[1]?.batches[0]?.events?.[0]?.data["custom_attributes"]).toEqual({ odd });
  });
});
