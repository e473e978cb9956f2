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

describe("identity", () => {
  test.each([
    ["none", {}],
    ["an empty one", { user_identities: { email: "" } }],
    ["null", { user_identities: { email: null } }],
    [
      "the id of a device that refuses tracking",
      { device_info: { ios_advertising_id: "00000000-0000-0000-0000-000000000000" } },
    ],
    ["a partner identity alone", { partner_identities: { Acme_Member: "p-1" } }],
  ])("%s: the batch is accepted and dropped", async (_, identity) => {
    const server = await standIn();

    const answer = await post(server, batch({ user_identities: null, ...identity }), { path: SINGLE });

    expect(answer.status).toBe(202);
    expect(server.counts().total).toMatchObject({
      batchesTaken: 0,
      eventsDropped: 1,
      dropReasons: { no_identity: 1 },
    });
  });

  test.each([
    ["a user identity", { user_identities: { other: "anon" } }],
    ["a device identity", { device_info: { android_uuid: "a1" } }],
    ["a device stamp", { mp_deviceid: "0e8400e2-9b44-41d4-a716-446655440000" }],
    ["an mParticle id", { mpid: 77 }],
  ])("%s is enough", async (_, identity) => {
    const server = await standIn();

    await post(server, [batch({ user_identities: null, ...identity })]);

    expect(server.counts().total.batchesTaken).toBe(1);
  });
});

describe("what a kind of feed may send", () => {
  test("a partner feed its registered partner identity", async () => {
    const server = await standIn();

    await post(server, [batch({ partner_identities: { Acme_Member: "p-1" } })]);

    expect(server.counts().total.batchesTaken).toBe(1);
  });

  test.each([
    [
      "a partner feed's unregistered partner identity",
      PARTNER,
      LIVE,
      { partner_identities: { Other_Id: "p" } },
    ],
    ["a custom feed's partner identity", CUSTOM, CUSTOM_LIVE, { partner_identities: { Acme_Member: "p" } }],
    ["a custom feed's partner identity in the old field", CUSTOM, CUSTOM_LIVE, { partner_identity: "p" }],
  ])("%s fails the request for all of its batches", async (_, feed, path, fields) => {
    const server = await standIn();

    const answer = await post(server, [batch(), batch(fields)], { feed, path });

    expect(answer.status).toBe(400);
    expect(server.counts().total.batchesTaken).toBe(0);
  });

  test.each([
    [PARTNER, LIVE, { consent_state_ignored: 1 }],
    [CUSTOM, CUSTOM_LIVE, {}],
  ])(
    "consent state of $kind feeds counts as ignored where it is not supported",
    async (feed, path, violations) => {
      const server = await standIn();
      const consent_state = { gdpr: { marketing: { consented: true, timestamp_unixtime_ms: NOW_MS } } };

      await post(server, [batch({ consent_state })], { feed, path });

      expect(server.counts().total).toMatchObject({ batchesTaken: 1, violations });
      expect(server.counts().total.violations).toEqual(violations);
    },
  );
});

describe("age", () => {
  const at = (ageHours: number) =>
    event(`age-${ageHours}`, { timestamp_unixtime_ms: NOW_MS - ageHours * HOUR_MS });

  test.each([
    ["no events", "historical_without_events", []],
    [
      "an event without a time",
      "historical_without_timestamp",
      [at(80), event("m", { timestamp_unixtime_ms: null })],
    ],
    ["an event younger than 72 hours", "historical_too_young", [at(80), at(71.999)]],
  ])("a historical batch with %s is accepted and not processed", async (_, reason, events) => {
    const server = await standIn();

    const answer = await post(server, [batch({ events })], { path: HISTORICAL });

    expect(answer.status).toBe(202);
    const { historical, live } = server.counts().feeds.get(PARTNER.apiKey) ?? {};
    expect(historical).toMatchObject({ batchesTaken: 0, batchesDropped: 1, dropReasons: { [reason]: 1 } });
    expect(live).toMatchObject({ batchesDropped: 0 });
  });

  test("a historical batch whose events are 72 hours old is taken, apart from the live ones", async () => {
    const server = await standIn();

    await post(server, [batch({ events: [at(72), at(2000)] })], { path: HISTORICAL });
    await post(server, [batch()]);

    const { historical, live } = server.counts().feeds.get(PARTNER.apiKey) ?? {};
    expect(historical).toMatchObject({ batchesTaken: 1, eventsTaken: 2 });
    expect(live).toMatchObject({ batchesTaken: 1, eventsTaken: 1 });
  });

  test("a live event over 30 days old is taken against the documentation's advice", async () => {
    const server = await standIn();

    await post(server, [batch({ events: [at(30 * 24), at(30 * 24 + 1)] })]);

    expect(server.counts().total).toMatchObject({ eventsTaken: 2, violations: { live_event_too_old: 1 } });
  });
});
