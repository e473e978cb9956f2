import { describe, expect, it, test } from "vitest";
import { contributionOf, MOMENT, MOMENT_MS, SENT_AT_MS } from "../convert/support.ts";
import { deleted, type Fields, modelled, row } from "./support.ts";

describe("what a null says", () => {
  const fields = { plan: "PLAN", city: "CITY" };

  test.each([
    ["insert", { PLAN: null, other: null, CITY: "Oslo" }, undefined],
    ["upsert", { PLAN: null, other: null, CITY: "Oslo" }, undefined],
    ["update", { PLAN: null, other: null, first_name: null, CITY: "Oslo" }, ["plan", "$firstname", "other"]],
    ["update", { CITY: "Oslo" }, undefined],
    ["mirror", { CITY: "Oslo" }, ["plan"]],
    ["mirror", { PLAN: null, CITY: null, x: null }, ["plan", "$city", "x"]],
    ["mirror", { PLAN: "a", CITY: "b" }, undefined],
  ])("%s of %j deletes %j", (sync, values, expected) => {
    expect(deleted(values, { fields, sync })).toEqual(expected);
  });

  test.each([
    ["update", { sub: { plan: null } }, ["plan"]],
    ["update", { sub: null }, ["plan"]],
    ["update", { sub: {} }, undefined],
    ["mirror", { sub: {} }, ["plan"]],
    ["mirror", { sub: '{"plan":"plus"}' }, undefined],
    ["mirror", { sub: [{ plan: "plus" }] }, undefined],
    ["upsert", { sub: { plan: null } }, undefined],
  ])("%s of the nested %j deletes %j", (sync, values, expected) => {
    expect(deleted(values, { fields: { plan: "sub.plan" }, sync })).toEqual(expected);
  });

  it("deletes nothing for a value that cannot be converted", () => {
    const model = { sync: "mirror", fields: { score: { key: "SCORE", convert: "number" } } };

    expect(deleted({ SCORE: "high" }, model)).toBeUndefined();
  });
});

describe("the id of a row without one", () => {
  const idOf = (values: Fields, model: Fields, over: Fields = {}) =>
    contributionOf(row({ customer_id: "c", event_name: "A", ...values }, over), modelled(model)).messageId;
  const event = { eventType: "custom_event" };

  it("is the event's key", () => {
    const model = { ...event, key: ["id"] };

    expect(idOf({ id: 1, x: 1 }, model)).toBe(idOf({ x: 2, id: 1 }, model));
    expect(idOf({ id: 1 }, model)).not.toBe(idOf({ id: 2 }, model));
  });

  it("is all of the event's values where there is no key, or one with holes", () => {
    expect(idOf({ x: 1, y: 2 }, event)).toBe(idOf({ y: 2, x: 1 }, event));
    expect(idOf({ x: 1 }, event)).not.toBe(idOf({ x: 2 }, event));
    expect(idOf({ id: null, x: 1 }, { ...event, key: ["id"] })).not.toBe(
      idOf({ id: null, x: 2 }, { ...event, key: ["id"] }),
    );
  });

  it("is of a user's row and its time, so that a value that comes back is no repetition", () => {
    const model = { eventType: "user_attributes" };

    expect(idOf({ plan: "a" }, model, { timestamp: MOMENT })).toBe(
      idOf({ plan: "a" }, model, { timestamp: MOMENT }),
    );
    expect(idOf({ plan: "a" }, model, { timestamp: MOMENT })).not.toBe(
      idOf({ plan: "a" }, model, { timestamp: MOMENT_MS + 1 }),
    );
  });

  it("is of a user's row and its place, where rows of one message have one time", () => {
    const model = { eventType: "user_attributes", sync: "update" };
    const [a, gone, again] = ["a", null, "a"].map((plan, position) => idOf({ plan }, model, { position }));

    expect(new Set([a, gone, again]).size).toBe(3);
    expect(idOf({ plan: "a" }, model, { position: 2 })).toBe(again);
  });

  it("is of its place too where the row tells its time, which may be no more than the day", () => {
    const model = { eventType: "user_attributes", timestamp: "at" };
    const at = "2024-01-29";
    const [a, b, again] = ["a", "b", "a"].map((plan, position) => idOf({ at, plan }, model, { position }));

    expect(new Set([a, b, again]).size).toBe(3);
    expect(idOf({ at, plan: "a" }, model, { position: 2 })).toBe(again);
    expect(idOf({ at, plan: "a" }, model, { position: null })).toBe(idOf({ at, plan: "a" }, model));
  });

  it("is no place of an event, which is the same wherever it stands", () => {
    expect(idOf({ x: 1 }, event, { position: 1 })).toBe(idOf({ x: 1 }, event, { position: 2 }));
  });

  it("is not needed where the message has one", () => {
    expect(idOf({}, event, { messageId: "m-9" })).toBe("m-9");
  });
});

test("a row of which no time is known happened when its message was sent", () => {
  expect(
    contributionOf(row({ customer_id: "c" }), modelled({ eventType: "user_attributes" })).occurredAtMs,
  ).toBe(SENT_AT_MS);
});
