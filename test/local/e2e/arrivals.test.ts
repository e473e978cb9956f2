import { describe, expect, it } from "vitest";
import { arrivalsOf, differingAttributes } from "../../../local/e2e/arrivals.ts";

const NOW_MS = Date.parse("2026-03-01T12:00:00Z");

function event(id: string, timestampMs = NOW_MS - 1000) {
  return { event_type: "custom_event", data: { source_message_id: id, timestamp_unixtime_ms: timestampMs } };
}

function accepted(...batches: object[]) {
  const user = { environment: "production", user_identities: { customer_id: "1" } };
  return {
    apiKey: "key",
    path: "/s2s/v2/bulkevents",
    status: 202,
    body: batches.map((batch) => ({ ...user, ...batch })),
  };
}

describe("arrivals", () => {
  it("are the same however events were grouped into batches and requests", () => {
    const together = [accepted({ events: [event("a"), event("b")] })];
    const apart = [accepted({ events: [event("b")] }), accepted({ events: [event("a")] })];

    expect(arrivalsOf(apart, NOW_MS).events).toEqual(arrivalsOf(together, NOW_MS).events);
  });

  it("differ when an event arrived for another user", () => {
    const one = arrivalsOf([accepted({ events: [event("a")] })], NOW_MS);
    const other = arrivalsOf(
      [accepted({ events: [event("a")], user_identities: { customer_id: "2" } })],
      NOW_MS,
    );

    expect(other.events).not.toEqual(one.events);
  });

  it("leave out what was not accepted", () => {
    const refused = { ...accepted({ events: [event("a")] }), status: 429 };

    expect(arrivalsOf([refused], NOW_MS).events).toEqual({});
  });

  it("take any time from the run's beginning on for the time of sending", () => {
    const one = arrivalsOf([accepted({ events: [event("a", NOW_MS)] })], NOW_MS);
    const later = arrivalsOf([accepted({ events: [event("a", NOW_MS + 60_000)] })], NOW_MS);

    expect(later.events).toEqual(one.events);
  });
});

describe("user attributes of two runs", () => {
  const setting = (...values: object[]) =>
    arrivalsOf([accepted(...values.map((user_attributes) => ({ user_attributes })))], NOW_MS);

  it("agree when one run merged away an earlier value", () => {
    expect(differingAttributes(setting({ points: "1" }, { points: "2" }), setting({ points: "2" }))).toEqual(
      [],
    );
  });

  it.each([
    ["is missing", setting({})],
    ["has another value", setting({ points: "3" })],
    ["was deleted", arrivalsOf([accepted({ deleted_user_attributes: ["points"] })], NOW_MS)],
  ])("differ when one %s", (_, other) => {
    const names = differingAttributes(setting({ points: "1" }), other);

    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/points$/);
  });
});
