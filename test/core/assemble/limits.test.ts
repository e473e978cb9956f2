import { describe, expect, it } from "vitest";
import { checkBatch } from "../../../shared/core/validators.ts";
import { customEvent, feed, HOUR_MS, identify, NOW_MS, ownBatch, track } from "../../support/builders.ts";
import { type Assembled, assembled, idsOf } from "./support.ts";

const named = (count: number, value: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`name-${String(i).padStart(3, "0")}`, value]));
const bytesOf = ({ body }: Assembled) => Buffer.byteLength(body);
const attributesOf = ({ batch }: Assembled) => Object.keys(batch.user_attributes ?? {});

/** An event too large for any batch: mParticle allows it its attributes, but not their sum. */
const giant = (over = {}) => track({ properties: named(90, "å".repeat(2_000)), ...over });

describe("limits of a batch", () => {
  it.each([
    { count: 100, batches: 1 },
    { count: 101, batches: 2 },
    { count: 250, batches: 3 },
    // As many as a message has room for: cutting them must not take longer the more there are to come.
    { count: 90_000, batches: 900 },
  ])(
    "spreads $count user attributes over $batches batches of at most 100",
    ({ count, batches: expected }) => {
      const { batches } = assembled([identify(named(count, "x"))]);

      expect(batches).toHaveLength(expected);
      expect(Math.max(...batches.map((batch) => attributesOf(batch).length))).toBeLessThanOrEqual(100);
      expect(batches.flatMap(attributesOf).sort()).toEqual(Object.keys(named(count, "x")).sort());
      expect(new Set(batches.map(({ route, sources }) => `${route} ${sources}`))).toEqual(
        new Set(["live 0"]),
      );
    },
  );

  it("counts the attributes of all that is merged", () => {
    const events = [
      identify(named(60, "x")),
      identify(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`other-${i}`, "y"]))),
    ];

    const { batches } = assembled(events);

    expect(batches.map((batch) => attributesOf(batch).length).sort()).toEqual([100, 20].sort());
  });

  it("sends an event once, with as many of its user's attributes as fit beside it", () => {
    const { batches } = assembled([track({ messageId: "a", context: { traits: named(150, "x") } })]);

    expect(batches.flatMap(idsOf)).toEqual(["a"]);
    expect(batches.flatMap(attributesOf)).toHaveLength(150);
  });

  it("splits a user's events over batches of at most 125,000 bytes, in order", () => {
    const events = Array.from({ length: 200 }, (_, i) =>
      track({
        messageId: `m${String(i).padStart(3, "0")}`,
        timestamp: NOW_MS - HOUR_MS + i,
        properties: { text: "å".repeat(1_000) },
      }),
    );

    const { batches, refused } = assembled([...events, identify({ plan: "gold" })]);

    expect(refused).toEqual([]);
    expect(batches.flatMap(idsOf)).toEqual(events.map(({ messageId }) => messageId));
    expect(Math.max(...batches.map(bytesOf))).toBeLessThanOrEqual(125_000);
    // At least 450,000 bytes of events: more than twice as many batches as need be would be a waste.
    expect(batches.length).toBeLessThanOrEqual(8);
    const [newest] = batches.slice(-1);
    expect(batches.filter(({ batch }) => batch.user_attributes).map(({ body }) => body)).toEqual([
      newest?.body,
    ]);
  });

  it("splits attributes that are too large together", () => {
    const { batches, refused } = assembled([
      track({ messageId: "a" }),
      identify(named(80, "å".repeat(4_000))),
    ]);

    expect(refused).toEqual([]);
    expect(Math.max(...batches.map(bytesOf))).toBeLessThanOrEqual(125_000);
    expect(batches.flatMap(idsOf)).toEqual(["a"]);
    expect(batches.flatMap(attributesOf).sort()).toEqual(Object.keys(named(80, "")));
  });

  it("splits deleted attributes that are too large together", () => {
    const traits = Object.fromEntries(
      Array.from({ length: 800 }, (_, i) => [`${String(i).padStart(3, "0")}${"x".repeat(240)}`, null]),
    );

    const { batches } = assembled([identify(traits)], { feed: feed({ mapping: { nullTraits: "delete" } }) });

    expect(Math.max(...batches.map(bytesOf))).toBeLessThanOrEqual(125_000);
    expect(batches.flatMap(({ batch }) => batch.deleted_user_attributes ?? []).sort()).toEqual(
      Object.keys(traits),
    );
  });

  it("refuses an event that alone is too large, and sends its user's others", () => {
    const { batches, refused } = assembled([
      track({ messageId: "a" }),
      giant(),
      track({ messageId: "b" }),
      identify({ plan: "gold" }),
    ]);

    expect(refused).toEqual([{ source: 1, code: "event_too_large" }]);
    expect(batches.flatMap(idsOf)).toEqual(["a", "b"]);
    expect(batches.map(({ batch }) => batch.user_attributes)).toEqual([{ plan: "gold" }]);
  });

  it("refuses a batch in mParticle's own format whole when one of its events is too large", () => {
    const big = customEvent({ custom_attributes: named(90, "å".repeat(2_000)) });
    const batch = { user_identities: { customer_id: "u-1" }, events: [customEvent(), big] };

    const { batches, refused } = assembled([ownBatch(batch), track({ messageId: "a" })]);

    expect(refused).toEqual([{ source: 0, code: "event_too_large" }]);
    expect(batches.map(idsOf)).toEqual([["a"]]);
  });

  it("splits a large batch in mParticle's own format", () => {
    const events = Array.from({ length: 100 }, (_, i) =>
      customEvent({ source_message_id: `e${i}`, custom_attributes: { text: "x".repeat(4_000) } }),
    );

    const { batches } = assembled([ownBatch({ user_identities: { customer_id: "u-1" }, events })]);

    expect(Math.max(...batches.map(bytesOf))).toBeLessThanOrEqual(125_000);
    expect(batches.flatMap(idsOf).sort()).toEqual(
      events.map(({ data }) => Object(data).source_message_id).sort(),
    );
    expect(new Set(batches.map(({ batch }) => batch.source_request_id)).size).toBe(batches.length);
  });

  it("respects a feed's limit on events", () => {
    const events = Array.from({ length: 250 }, () => track());

    const { batches } = assembled(events, { feed: feed({ limits: { eventsPerRequest: 100 } }) });

    expect(Math.max(...batches.map(({ eventCount }) => eventCount))).toBeLessThanOrEqual(100);
    expect(batches.reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(250);
  });

  it("sends an event that makes a batch of 125,000 bytes, and refuses one of a byte more", () => {
    const event = (length: number) =>
      track({ messageId: "m", properties: { ...named(40, "x".repeat(3_010)), last: "y".repeat(length) } });
    const [least] = assembled([event(1)]).batches;
    const fitting = 125_001 - (least ? bytesOf(least) : 0);

    const [at, past] = [assembled([event(fitting)]), assembled([event(fitting + 1)])];

    expect(at.batches.map(bytesOf)).toEqual([125_000]);
    expect(past).toEqual({ batches: [], refused: [{ source: 0, code: "event_too_large" }] });
  });

  it("builds only what mParticle's schema accepts", () => {
    const events = [
      track({ properties: { list: [1, "a"], deep: { a: { b: [] } } } }),
      identify({ ...named(120, "x"), tags: ["a", 1, true] }),
      track({ context: { app: { name: "Shop" }, device: { type: "android" }, ip: "198.51.100.7" } }),
      track({
        event: "Order Completed",
        properties: { order_id: "o", total: 12.5, products: [{ product_id: "p" }] },
      }),
    ];

    expect(assembled(events).batches.map(({ batch }) => checkBatch(batch))).not.toContainEqual(
      expect.anything(),
    );
  });
});
