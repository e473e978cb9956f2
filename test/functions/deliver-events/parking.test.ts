import { describe, expect, it } from "vitest";
import { imbalanceOf } from "../../../shared/core/ledger.ts";
import { again, DAY_MS, feed, message, NOW_MS, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";
import { MALFORMED, TAKEN_YET_UNAVAILABLE, THROTTLED, UNAUTHORIZED } from "../../support/fake-mparticle.ts";

const ROW = { type: "row", model: "customers" };

describe("parking", () => {
  it("writes one object for each ending, tenant and feed", async () => {
    const world = new DeliverWorld();
    world.addTenant("acme", [feed(), feed({ feedId: "ios" })]);
    world.mparticle.respond = ({ apiKey }) => (apiKey === "key of acme/ios" ? UNAUTHORIZED : undefined);

    await world.deliver(
      record(message([ROW, ROW])),
      record(message([ROW])),
      record(message([track()], { feedId: "ios" })),
      record("no json"),
    );

    const objects = world.parked.objects.map(({ events, ...object }) => ({
      ...object,
      count: events.length,
    }));
    expect(objects).toHaveLength(3);
    const lane = "live";
    expect(objects).toContainEqual({ ending: "rejected", lane, tenantId: "acme", count: 3 });
    expect(objects).toContainEqual({ ending: "rejected", lane, count: 1 });
    const owner = { tenantId: "acme", feedId: "ios" };
    expect(objects).toContainEqual({
      ending: "held",
      lane,
      ...owner,
      cause: "credentials_refused",
      count: 1,
    });
  });

  it("that fails before sending sends the record back whole, with nothing of it sent", async () => {
    const world = new DeliverWorld();
    world.parked.isDown = () => true;
    const mixed = record(message([track({ messageId: "a" }), ROW]));
    const clean = record(message([track({ messageId: "b" })]));

    const { records, counted, reports } = await world.deliver(mixed, clean);

    expect(records).toEqual(["returned", "done"]);
    expect(counted).toMatchObject({ delivered: 1, rejected: {} });
    expect(reports.reduce((sum, { parkingFailed }) => sum + parkingFailed, 0)).toBe(1);
    expect(world.mparticle.takenIds).toEqual(["b"]);
    expect([...world.queue.hidden]).toEqual([[mixed.receiptHandle, 7]]);
  });

  it("that fails loses and doubles nothing once it works again", async () => {
    const world = new DeliverWorld();
    world.parked.isDown = () => true;
    const came = record(message([track({ messageId: "a" }), ROW]));
    await world.deliver(came);
    world.parked.isDown = () => false;

    const { records, counted } = await world.deliver(again(came));

    expect(records).toEqual(["done"]);
    expect(counted).toMatchObject({ delivered: 1, rejected: { event_invalid: 1 } });
    expect(world.mparticle.takenIds).toEqual(["a"]);
    expect(world.parkedLines).toHaveLength(1);
  });

  describe("of a message's events in one object and not in the other", () => {
    const ios = { context: { device: { type: "ios" } } };
    const paused = (status = "paused") => [
      feed({ feedId: "web", platforms: ["web"], status }),
      feed({ feedId: "ios", platforms: ["iOS"], status }),
    ];
    const web = { context: { device: { type: "web" } } };

    /** One event for each of two paused feeds, one rejected, one filtered and one that no feed takes; ios cannot be parked. */
    async function split() {
      const world = new DeliverWorld();
      world.addTenant("acme", paused());
      world.parked.isDown = ({ feedId }) => feedId === "ios";
      const events = [
        track({ messageId: "w", ...web }),
        track({ messageId: "i", timestamp: undefined, ...ios }),
        ROW,
        track({ messageId: "none" }),
      ];
      const came = record(message(events, { mode: "live" }), { sentAtMs: NOW_MS - 2 * 3_600_000 });
      return { world, came, first: await world.deliver(came) };
    }

    it("puts only what is not parked on the queue, with its time and mode, and is done with the message", async () => {
      const { world, came, first } = await split();

      expect(first.records).toEqual(["done"]);
      expect(first.counted).toMatchObject({
        held: { feed_paused: 1, unknown_feed: 1 },
        rejected: { event_invalid: 1 },
      });
      expect(world.queue.hidden.size).toBe(0);
      expect(world.queue.sent.map(({ body, ...rest }) => ({ ...rest, body: JSON.parse(body) }))).toEqual([
        {
          groupId: "acme",
          delaySeconds: 7,
          body: {
            version: 1,
            tenantId: "acme",
            feedId: "ios",
            mode: "live",
            events: [expect.objectContaining({ messageId: "i" })],
            requeued: { sentAtMs: [came.sentAtMs], counted: true },
          },
        },
      ]);
    });

    it("parks each event once when it works again, and the ledger adds up", async () => {
      const { world } = await split();
      world.parked.isDown = () => false;

      await world.deliver(...world.queue.sent.splice(0).map(({ body }) => record(body)));

      expect(world.parkedLines).toHaveLength(4);
      expect(world.parkedIds).toEqual(["i", "none", "w"]);
      expect(world.ledger.columns).toMatchObject({ first: 4, again: 1, returned: 1, held: 3, rejected: 1 });
      for (const account of world.ledger.accounts)
        expect(imbalanceOf(account, { mayBeInProgress: false })).toBeUndefined();
    });

    it("does not send what is not parked, though it could be delivered", async () => {
      const world = new DeliverWorld();
      world.addTenant("acme", [feed(), ...paused()]);
      world.parked.isDown = ({ feedId }) => feedId === "ios";
      const events = [
        track({ messageId: "a" }),
        track({ messageId: "w", ...web }),
        track({ messageId: "i", ...ios }),
      ];

      await world.deliver(record(message(events)));
      const before = world.mparticle.takenIds.length;
      world.parked.isDown = () => false;
      await world.deliver(...world.queue.sent.splice(0).map(({ body }) => record(body)));

      expect(before).toBe(0);
      expect(world.mparticle.takenIds).toEqual(["a"]);
      expect(world.parkedIds).toEqual(["i", "w"]);
    });

    it("receives once, later, what no feed was told for yet", async () => {
      const world = new DeliverWorld();
      world.parked.isDown = ({ cause }) => cause === "unknown_feed";
      world.addTenant("acme", paused());
      await world.deliver(record(message([track({ messageId: "w", ...web }), track({ messageId: "none" })])));
      world.parked.isDown = () => false;
      world.addTenant("acme");

      const { counted } = await world.deliver(...world.queue.sent.splice(0).map(({ body }) => record(body)));

      expect(counted).toMatchObject({ received: 1, delivered: 1 });
      expect(world.ledger.columns).toMatchObject({ first: 2, again: 0, returned: 0, held: 1, delivered: 1 });
    });

    it("tries again and again to put the rest on a queue that refuses as well", async () => {
      const world = new DeliverWorld();
      world.addTenant("acme", paused());
      world.parked.isDown = ({ feedId }) => feedId === "ios";
      let sends = 0;
      world.queue.refuses = () => ++sends < 3;

      const { records } = await world.deliver(record(message([track(web), track(ios)])));

      expect(records).toEqual(["done"]);
      expect(world.queue.sent).toHaveLength(1);
      expect(world.parkedLines).toHaveLength(1);
    });

    it("sends the whole message back when the queue refuses as well", async () => {
      const world = new DeliverWorld();
      world.addTenant("acme", paused());
      world.parked.isDown = ({ feedId }) => feedId === "ios";
      world.queue.isDown = true;

      const came = record(message([track(web), track(ios)]));
      const { records, counted } = await world.deliver(came);

      expect(records).toEqual(["returned"]);
      expect(counted.held).toEqual({});
      expect([...world.queue.hidden]).toEqual([[came.receiptHandle, 7]]);
    });

    it("sends the whole message back when the rest of it is too large for one of its own", async () => {
      const world = new DeliverWorld();
      world.addTenant("acme", paused());
      world.parked.isDown = ({ feedId }) => feedId === "ios";
      const large = track({ properties: { text: "x".repeat(1_048_400) }, ...ios });

      const { records } = await world.deliver(record(message([track(web), large])));

      expect(records).toEqual(["returned"]);
      expect(world.queue.sent).toEqual([]);
    });
  });

  it("that fails for one tenant does not touch another", async () => {
    const world = new DeliverWorld();
    world.addTenant("bolt");
    world.parked.isDown = ({ tenantId }) => tenantId === "acme";
    const bolt = { tenantId: "bolt" };

    const { records, counted } = await world.deliver(
      record(message([ROW, track()])),
      record(message([ROW, track({ messageId: "b" })], bolt)),
    );

    expect(records).toEqual(["returned", "done"]);
    expect(counted).toMatchObject({ delivered: 1, rejected: { event_invalid: 1 } });
    expect(world.mparticle.takenIds).toEqual(["b"]);
  });

  it.each([
    { what: "mParticle refused", answer: MALFORMED },
    { what: "a refused key holds up", answer: UNAUTHORIZED },
  ])("that fails for what $what sends the record back", async ({ answer }) => {
    const world = new DeliverWorld();
    world.mparticle.respond = () => answer;
    world.parked.isDown = () => true;
    const came = record(message([track({ messageId: "a" })]));

    const { records, counted } = await world.deliver(came);

    expect(records).toEqual(["returned"]);
    expect(counted).toMatchObject({ delivered: 0, rejected: {}, held: {} });
    expect(world.queue.sent).toEqual([]);
  });

  it("that fails for the refused part of a message freezes that part alone", async () => {
    const world = new DeliverWorld();
    world.parked.isDown = () => true;
    world.mparticle.answer(MALFORMED, { kind: "accepted" }, MALFORMED);
    const events = ["a", "b"].map((id) => track({ messageId: id, userId: id }));

    const first = await world.deliver(record(message(events)));
    world.parked.isDown = () => false;
    world.mparticle.answer(MALFORMED);
    const second = await world.deliver(...world.queue.sent.map(({ body }) => record(body)));

    expect(first.records).toEqual(["done"]);
    expect(first.counted).toMatchObject({ delivered: 1, rejected: {} });
    expect(second.counted).toMatchObject({ delivered: 0, rejected: { refused_by_mparticle: 1 } });
    expect([...world.mparticle.takenIds, ...world.parkedIds].sort()).toEqual(["a", "b"]);
  });

  it("that fails for what mParticle may have taken freezes it", async () => {
    const world = new DeliverWorld();
    world.parked.isDown = () => true;
    world.mparticle.answer(TAKEN_YET_UNAVAILABLE, UNAUTHORIZED);

    const { records } = await world.deliver(record(message([track({ messageId: "a" })])));
    await world.deliver(...world.queue.sent.map(({ body }) => record(body)));

    expect(records).toEqual(["done"]);
    expect(world.mparticle.takenIds).toEqual(["a"]);
  });

  it("parks an event that takes two paths once, whole, when both are refused", async () => {
    const world = new DeliverWorld();
    world.mparticle.respond = () => UNAUTHORIZED;
    const events = [1, 40].map((days) => ({
      event_type: "custom_event",
      data: {
        event_name: "Seen",
        custom_event_type: "other",
        timestamp_unixtime_ms: NOW_MS - days * DAY_MS,
      },
    }));
    const event = {
      type: "batch",
      messageId: "both",
      batch: { user_identities: { customer_id: "u" }, events },
    };

    const { counted } = await world.deliver(record(message([event])));

    expect(counted).toMatchObject({ received: 1, held: { credentials_refused: 1 } });
    expect(world.parkedLines).toMatchObject([{ ending: "held", content: { event }, events: 1 }]);
  });

  it("counts what it parked of a message whose rest is frozen, once", async () => {
    const world = new DeliverWorld();
    world.mparticle.answer(THROTTLED);

    const first = await world.deliver(record(message([ROW, track({ messageId: "a" })])));
    world.nowMs += 2_000;
    const second = await world.deliver(...world.queue.sent.map(({ body }) => record(body)));

    expect(first.records).toEqual(["done"]);
    expect(first.counted).toMatchObject({ received: 2, rejected: { event_invalid: 1 } });
    expect(second.counted).toMatchObject({ received: 0, delivered: 1, rejected: {} });
    expect(world.parkedLines).toHaveLength(1);
  });

  it("keeps the text of an event that nests too deep to be written, and its neighbours as they came", async () => {
    const world = new DeliverWorld();
    const deep = `{"type":"nobody knows","value":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    const body = `{"version":1,"tenantId":"acme","events":[${deep},${JSON.stringify(ROW)}]}`;

    const { records, counted } = await world.deliver(record(body));

    expect(records).toEqual(["done"]);
    expect(counted.rejected).toEqual({ event_type_unknown: 1, event_invalid: 1 });
    expect(world.parkedLines.map(({ content }) => content)).toEqual([{ eventText: deep }, { event: ROW }]);
  });

  it("delivers an event with a property that nests too deep to be written", async () => {
    const world = new DeliverWorld();
    const deep = JSON.stringify(track({ messageId: "a", properties: { deep: "HERE" } })).replace(
      '"HERE"',
      "[".repeat(20_000) + "]".repeat(20_000),
    );

    const { counted } = await world.deliver(record(`{"version":1,"tenantId":"acme","events":[${deep}]}`));

    expect(counted.delivered).toBe(1);
    expect(world.mparticle.takenIds).toEqual(["a"]);
  });
});
