import { describe, expect, it } from "vitest";
import { DAY_MS, identify, message, NOW_MS, ownBatch, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";
import { idsIn } from "../../support/fake-mparticle.ts";

describe("reading messages", () => {
  it("does nothing without records", async () => {
    const world = new DeliverWorld();

    expect(await world.deliver()).toMatchObject({ records: [], reports: [] });
    expect(world.mparticle.requests).toEqual([]);
  });

  it.each([
    { what: "no JSON", body: "{cut off", code: "body_not_json", tenantId: undefined },
    { what: "an empty body", body: "", code: "body_not_json", tenantId: undefined },
    { what: "null", body: "null", code: "message_invalid", tenantId: undefined },
    { what: "a list", body: "[]", code: "message_invalid", tenantId: undefined },
    { what: "text", body: '"text"', code: "message_invalid", tenantId: undefined },
    {
      what: "another version",
      body: message([track()], { version: 2 }),
      code: "message_invalid",
      tenantId: "acme",
    },
    { what: "no events", body: message([]), code: "message_invalid", tenantId: "acme" },
    {
      what: "events that are no list",
      body: message([], { events: {} }),
      code: "message_invalid",
      tenantId: "acme",
    },
    {
      what: "a tenant id that could be a path",
      body: message([track()], { tenantId: "a/../b" }),
      code: "message_invalid",
      tenantId: undefined,
    },
    {
      what: "an unknown mode",
      body: message([track()], { mode: "soon" }),
      code: "message_invalid",
      tenantId: "acme",
    },
    {
      what: "a built request without batches",
      body: message([], { feedId: "default", frozen: { route: "live", batches: [] } }),
      code: "message_invalid",
      tenantId: "acme",
    },
    {
      what: "a built request whose events came at no hour",
      body: message([], {
        events: undefined,
        feedId: "default",
        frozen: { route: "live", batches: [{ body: "{}", hours: { "2026-03-01T25": 1 } }] },
      }),
      code: "message_invalid",
      tenantId: "acme",
    },
  ])("rejects $what as one event and keeps the body as it came", async ({ body, code, tenantId }) => {
    const world = new DeliverWorld();

    const { records, counted } = await world.deliver(record(body, { messageId: "bad" }));

    expect(records).toEqual(["done"]);
    expect(counted).toMatchObject({ received: 1, delivered: 0, rejected: { [code]: 1 } });
    expect(world.parkedLines).toMatchObject([
      {
        ending: "rejected",
        ...(tenantId && { tenantId }),
        sqsMessageId: "bad",
        reasons: [expect.objectContaining({ code })],
        content: { body },
        events: 1,
      },
    ]);
  });

  it.each([
    { what: "without a type", event: { userId: "u-1" }, code: "event_type_unknown" },
    { what: "of an unknown type", event: { type: "trck" }, code: "event_type_unknown" },
    { what: "that is null", event: null, code: "event_type_unknown" },
    { what: "that is a list", event: [], code: "event_type_unknown" },
    { what: "that is a row without its model", event: { type: "row" }, code: "event_invalid" },
    { what: "that is an audience without action", event: { type: "audience" }, code: "event_invalid" },
    { what: "without a name", event: { type: "track", userId: "u" }, code: "event_invalid" },
    { what: "with properties that are text", event: track({ properties: "no" }), code: "event_invalid" },
    { what: "without any id", event: track({ userId: null }), code: "identity_missing" },
    { what: "with a giant identity", event: track({ userId: "x".repeat(257) }), code: "identity_too_long" },
    {
      what: "too large for a batch",
      event: track({
        properties: Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`p${i}`, "x".repeat(4000)])),
      }),
      code: "event_too_large",
    },
    {
      what: "with an mParticle batch of a wrong shape",
      event: ownBatch({ user_identities: { customer_id: "u" }, events: "none" }),
      code: "batch_invalid",
    },
  ])("rejects an event $what and delivers its neighbours", async ({ event, code }) => {
    const world = new DeliverWorld();

    const { records, counted } = await world.deliver(
      record(message([track({ messageId: "a" }), event, track({ messageId: "b" })])),
      record(message([track({ messageId: "c" })])),
    );

    expect(records).toEqual(["done", "done"]);
    expect(counted).toMatchObject({ received: 4, delivered: 3, rejected: { [code]: 1 }, held: {} });
    expect(world.mparticle.takenIds).toEqual(["a", "b", "c"]);
    expect(world.parkedLines).toMatchObject([
      { ending: "rejected", tenantId: "acme", index: 1, reasons: [{ code }], content: { event }, events: 1 },
    ]);
  });

  it("rejects an event older than 30 days of a message that forbids the historical path", async () => {
    const world = new DeliverWorld();
    const events = [track({ timestamp: NOW_MS - 31 * DAY_MS }), track({ messageId: "young" })];

    const { counted } = await world.deliver(record(message(events, { mode: "live" })));

    expect(counted).toMatchObject({ delivered: 1, rejected: { too_old_for_live: 1 } });
    expect(world.mparticle.takenIds).toEqual(["young"]);
  });

  it.each([
    { mode: "auto", ageDays: 29, route: "live" },
    { mode: "auto", ageDays: 31, route: "historical" },
    { mode: "historical", ageDays: 2, route: "live" },
    { mode: "historical", ageDays: 4, route: "historical" },
    { mode: "live", ageDays: 29, route: "live" },
    { mode: undefined, ageDays: 31, route: "historical" },
  ])(
    "sends an event of $ageDays days in mode $mode down the $route path",
    async ({ mode, ageDays, route }) => {
      const world = new DeliverWorld();

      await world.deliver(record(message([track({ timestamp: NOW_MS - ageDays * DAY_MS })], { mode })));

      expect(world.mparticle.requests.map((request) => request.route)).toEqual([route]);
    },
  );

  it("sends live events before historical ones", async () => {
    const world = new DeliverWorld({ maxConcurrentRequestsPerFeed: 1 });
    const old = track({ timestamp: NOW_MS - 40 * DAY_MS });

    await world.deliver(record(message([old])), record(message([track()])));

    expect(world.mparticle.requests.map(({ route }) => route)).toEqual(["live", "historical"]);
  });

  it("filters by rule, counts the rule and keeps nothing", async () => {
    const world = new DeliverWorld();
    const events = [
      track({ integrations: { mParticle: false } }),
      track({ integrations: { All: false } }),
      { type: "alias", userId: "u-1", previousId: "u-2" },
      track({ messageId: "sent" }),
    ];

    const { records, counted } = await world.deliver(record(message(events)));

    expect(records).toEqual(["done"]);
    expect(counted).toMatchObject({ delivered: 1, filtered: { integrations: 2, alias_unusable: 1 } });
    expect(world.parked.objects).toEqual([]);
  });

  it("filters the later copies of a message id, within a message and over messages", async () => {
    const world = new DeliverWorld();
    const event = track({ messageId: "same" });

    const { records, counted } = await world.deliver(
      record(message([event, event])),
      record(message([event])),
    );

    expect(records).toEqual(["done", "done"]);
    expect(counted).toMatchObject({ received: 3, delivered: 1, filtered: { duplicate: 2 } });
    expect(world.mparticle.takenIds).toEqual(["same"]);
  });

  it("keeps equal message ids of two tenants apart", async () => {
    const world = new DeliverWorld();
    world.addTenant("bolt");
    const events = [track({ messageId: "same" })];

    const { counted } = await world.deliver(
      record(message(events)),
      record(message(events, { tenantId: "bolt" })),
    );

    expect(counted).toMatchObject({ delivered: 2, filtered: {} });
  });

  it("gives the copies of a message that is handed out twice at once one ending", async () => {
    const world = new DeliverWorld();
    const body = message([track({ messageId: "a" }), { type: "row" }]);
    const copy = record(body, { messageId: "twin" });

    const { records, counted } = await world.deliver(copy, record(message([track()])), copy);

    expect(records).toEqual(["done", "done", "done"]);
    expect(counted).toMatchObject({
      delivered: 2,
      filtered: {},
      rejected: { event_invalid: 1 },
    });
    expect(world.parkedLines).toHaveLength(1);
  });

  it("gives all copies of a message back when one goes back", async () => {
    const world = new DeliverWorld();
    world.mparticle.answer({ kind: "throttled" });
    const copy = record(message([track()]), { messageId: "twin" });

    const { records } = await world.deliver(copy, copy);

    expect(records).toEqual(["returned", "returned"]);
  });

  it("delivers a message of 10,000 events, merged by user and within a request's limits", async () => {
    const world = new DeliverWorld();
    const events = Array.from({ length: 10_000 }, (_, i) =>
      track({ messageId: `e${i}`, userId: `u${i % 500}` }),
    );

    const { records, counted } = await world.deliver(record(message(events)));

    expect(records).toEqual(["done"]);
    expect(counted).toMatchObject({ received: 10_000, delivered: 10_000 });
    expect(world.mparticle.taken.size).toBe(10_000);
    expect(world.mparticle.requests.flatMap(({ batches }) => batches)).toHaveLength(500);
    expect(Math.max(...world.mparticle.requests.map(({ batches }) => batches.length))).toBeLessThanOrEqual(
      100,
    );
    expect(
      Math.max(...world.mparticle.requests.map(({ body }) => Buffer.byteLength(body))),
    ).toBeLessThanOrEqual(250_000);
  });

  it("delivers a body of 1 MiB", async () => {
    const world = new DeliverWorld();
    const pad = (events: object[]) => 1_048_576 - Buffer.byteLength(message(events));
    const events = Array.from({ length: 250 }, (_, i) =>
      track({ messageId: `e${i}`, properties: { note: "å".repeat(1_900), rest: "" } }),
    );
    const last = { type: "row", filling: "x".repeat(pad([...events, { type: "row", filling: "" }])) };
    const body = message([...events, last]);

    const { counted } = await world.deliver(record(body));

    expect(Buffer.byteLength(body)).toBe(1_048_576);
    expect(counted).toMatchObject({ delivered: 250, rejected: { event_invalid: 1 } });
    expect(world.mparticle.taken.size).toBe(250);
  });

  it("ignores keys that the contract does not name", async () => {
    const world = new DeliverWorld();

    const { counted } = await world.deliver(record(message([track({ extra: [1] })], { priority: "high" })));

    expect(counted.delivered).toBe(1);
  });

  it("takes the queue's time for an event without one", async () => {
    const world = new DeliverWorld();

    await world.deliver(record(message([track({ timestamp: undefined })]), { sentAtMs: NOW_MS - 4_242 }));

    const [batch] = world.mparticle.requests[0]?.batches ?? [];
    expect(batch?.events?.[0]?.data["timestamp_unixtime_ms"]).toBe(NOW_MS - 4_242);
  });

  it("builds the same batch with the same id from the same message whenever it comes", async () => {
    const [first, second] = [new DeliverWorld(), new DeliverWorld()];
    const came = record(message([track(), identify({ plan: "gold" })]));

    await first.deliver(came);
    second.nowMs += DAY_MS;
    await second.deliver({ ...came, receiveCount: 3 });

    expect(second.mparticle.requests[0]?.body).toBe(first.mparticle.requests[0]?.body);
    expect(idsIn(first.mparticle.requests[0] ?? { batches: [] })).toHaveLength(1);
  });

  it("sends the partner's id of the user under the registered name only", async () => {
    const world = new DeliverWorld({ partnerIdentity: "Acme_Member" });

    await world.deliver(record(message([track({ partnerUserId: 77 })])));

    expect(world.mparticle.requests[0]?.batches[0]).toMatchObject({
      partner_identities: { Acme_Member: "77" },
    });
  });
});
