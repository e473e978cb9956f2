import { describe, expect, it } from "vitest";
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
    expect(counted).toMatchObject({ delivered: 1, rejected: { event_type_unsupported: 1 } });
    expect(world.mparticle.takenIds).toEqual(["a"]);
    expect(world.parkedLines).toHaveLength(1);
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
    expect(counted).toMatchObject({ delivered: 1, rejected: { event_type_unsupported: 1 } });
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
    expect(first.counted).toMatchObject({ received: 2, rejected: { event_type_unsupported: 1 } });
    expect(second.counted).toMatchObject({ received: 0, delivered: 1, rejected: {} });
    expect(world.parkedLines).toHaveLength(1);
  });

  it("keeps the text of an event that nests too deep to be written, and its neighbours as they came", async () => {
    const world = new DeliverWorld();
    const deep = `{"type":"nobody knows","value":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    const body = `{"version":1,"tenantId":"acme","events":[${deep},${JSON.stringify(ROW)}]}`;

    const { records, counted } = await world.deliver(record(body));

    expect(records).toEqual(["done"]);
    expect(counted.rejected).toEqual({ event_type_unknown: 1, event_type_unsupported: 1 });
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
