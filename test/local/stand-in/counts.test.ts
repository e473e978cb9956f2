import { describe, expect, test } from "vitest";
import {
  batch,
  CUSTOM,
  CUSTOM_LIVE,
  event,
  HISTORICAL,
  HOUR_MS,
  LIVE,
  NOW_MS,
  PARTNER,
  post,
  SINGLE,
  standIn,
} from "./support.ts";

const DAY_MS = 24 * HOUR_MS;

describe("de-duplication", () => {
  test("a source request id is taken once per key, on whatever path and in whatever request it comes", async () => {
    const server = await standIn();
    const same = batch({ source_request_id: "same", events: [event("m-1"), event("m-2")] });

    await post(server, [same, same]);
    await post(server, same, { path: SINGLE });
    await post(server, [same], { path: CUSTOM_LIVE, feed: CUSTOM });

    const { feeds, duplicates } = server.counts();
    expect(duplicates).toBe(0);
    expect(feeds.get(PARTNER.apiKey)).toMatchObject({
      live: { batchesTaken: 1, eventsTaken: 2, batchesDeduplicated: 2, eventsDeduplicated: 4 },
      eventIds: new Map([
        ["m-1", 1],
        ["m-2", 1],
      ]),
      deduplicatedEventIds: new Map([
        ["m-1", 2],
        ["m-2", 2],
      ]),
      requestIds: new Map([["same", NOW_MS]]),
    });
    expect(feeds.get(CUSTOM.apiKey)).toMatchObject({ live: { batchesTaken: 1, batchesDeduplicated: 0 } });
  });

  test.each([
    [30 * DAY_MS - 1, 1],
    [30 * DAY_MS, 2],
  ])("%i ms later the same id has been taken %i times", async (laterMs, times) => {
    let nowMs = NOW_MS;
    const server = await standIn({ clock: { nowMs: () => nowMs, monotonicMs: () => 0 } });
    const same = batch();

    await post(server, [same]);
    nowMs += laterMs;
    await post(server, [same]);

    expect(server.counts().total.batchesTaken).toBe(times);
  });

  test("batches without an id are all taken", async () => {
    const server = await standIn();
    const anonymous = batch({ source_request_id: undefined });

    await post(server, [anonymous, anonymous]);

    expect(server.counts().total.batchesTaken).toBe(2);
  });

  test("a dropped batch does not use up its id", async () => {
    const server = await standIn();

    await post(server, [batch({ source_request_id: "same", user_identities: null })]);
    await post(server, [batch({ source_request_id: "same" })]);

    expect(server.counts().total).toMatchObject({ batchesDropped: 1, batchesTaken: 1 });
  });
});

describe("counts", () => {
  test("an event that comes in two batches of different ids is a duplicate, on the historical path too", async () => {
    const server = await standIn();
    const old = event("m-1", { timestamp_unixtime_ms: NOW_MS - 4 * DAY_MS });

    await post(server, [batch({ events: [old, event("m-2")] }), batch({ events: [old] })]);
    await post(server, [batch({ events: [old] })], { path: HISTORICAL });

    const { duplicates, feeds } = server.counts();
    expect(duplicates).toBe(2);
    expect(feeds.get(PARTNER.apiKey)?.eventIds).toEqual(
      new Map([
        ["m-1", 3],
        ["m-2", 1],
      ]),
    );
  });

  test("the same event id of two feeds is no duplicate", async () => {
    const server = await standIn();

    await post(server, [batch({ events: [event("m-1")] })]);
    await post(server, [batch({ events: [event("m-1")] })], { path: CUSTOM_LIVE, feed: CUSTOM });

    expect(server.counts().duplicates).toBe(0);
  });

  test("batches without events are counted by their source request id", async () => {
    const server = await standIn();
    const profile = batch({ source_request_id: "profile", events: undefined });

    await post(server, [profile, batch()]);
    await post(server, [profile]);

    expect(server.counts().feeds.get(PARTNER.apiKey)).toMatchObject({
      live: { batchesTaken: 2, profileBatchesTaken: 1, eventsTaken: 1, batchesDeduplicated: 1 },
      profileIds: new Map([["profile", 1]]),
      deduplicatedProfileIds: new Map([["profile", 1]]),
    });
  });

  test("requests are counted by result and path", async () => {
    const server = await standIn();

    await post(server, [batch()]);
    await post(server, "[");
    await post(server, batch(), { path: SINGLE, headers: {} });
    await post(server, batch(), { path: "/elsewhere" });

    expect(server.counts().requests).toEqual({
      total: 4,
      byResult: { "202": 1, "400": 1, "401": 1, "404": 1 },
      byPath: { [LIVE]: 2, [SINGLE]: 1, other: 1 },
    });
  });

  test("the total sums all feeds and paths", async () => {
    const server = await standIn();

    await post(server, [batch(), batch({ user_identities: null })]);
    await post(server, [batch({ user_identities: null })], { path: CUSTOM_LIVE, feed: CUSTOM });
    await post(server, [batch()], { path: HISTORICAL });

    expect(server.counts().total).toEqual({
      batchesTaken: 1,
      profileBatchesTaken: 0,
      eventsTaken: 1,
      batchesDeduplicated: 0,
      eventsDeduplicated: 0,
      batchesDropped: 3,
      eventsDropped: 3,
      dropReasons: { no_identity: 2, historical_too_young: 1 },
      violations: {},
    });
  });
});
