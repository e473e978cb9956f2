import { describe, expect, it } from "vitest";
import {
  customEvent,
  DAY_MS,
  feed,
  HOUR_MS,
  identify,
  NOW_MS,
  ownBatch,
  track,
} from "../../support/builders.ts";
import { assembled, idsOf } from "./support.ts";

const at = (hoursAgo: number) => ({ timestamp: NOW_MS - hoursAgo * HOUR_MS });

describe("merging", () => {
  it("puts events of one user into one batch, oldest first, whatever their order", () => {
    const events = [
      track({ messageId: "b", ...at(2) }),
      track({ messageId: "c", ...at(1) }),
      track({ messageId: "a", ...at(3) }),
    ];

    const { batches, refused } = assembled(events);

    expect(batches.map(idsOf)).toEqual([["a", "b", "c"]]);
    expect(batches).toMatchObject([{ route: "live", eventCount: 3, sources: [0, 1, 2] }]);
    expect(refused).toEqual([]);
  });

  it("orders events of one instant by their ids", () => {
    const events = ["c", "a", "b"].map((messageId) => track({ messageId, ...at(1) }));

    expect(assembled(events).batches.map(idsOf)).toEqual([["a", "b", "c"]]);
  });

  it("assembles nothing from nothing", () => {
    expect(assembled([])).toEqual({ batches: [], refused: [] });
  });

  it.each([
    { what: "user ids", over: { userId: "u-2" } },
    { what: "sets of identities", over: { anonymousId: "anon-1" } },
    { what: "e-mail addresses", over: { context: { traits: { email: "a@example.com" } } } },
    { what: "ids at the partner", over: { partnerUserId: "p-1" } },
    {
      what: "devices",
      over: { context: { device: { type: "ios", id: "7B0A7B1E-33D5-4A4F-9A3B-0123456789AB" } } },
    },
    { what: "systems", over: { context: { os: { name: "iOS", version: "18.1" } } } },
    { what: "apps", over: { context: { app: { name: "Shop", version: "2" } } } },
    { what: "addresses", over: { context: { ip: "198.51.100.7" } } },
  ])("never merges events of different $what", ({ over }) => {
    const { batches } = assembled([track(), track(over), track()], { partnerIdentity: "Acme_Member" });

    expect(batches.map(({ sources }) => sources).sort()).toEqual([[0, 2], [1]]);
  });

  it("merges events whose page or campaign differ, since those are the event's own", () => {
    const events = ["/a", "/b"].map((path) =>
      track({ context: { page: { path }, campaign: { name: path } } }),
    );

    expect(assembled(events).batches).toHaveLength(1);
  });

  it("never mixes up ids that only look alike when joined", () => {
    const events = [
      track({ userId: "a b", anonymousId: undefined }),
      track({ userId: "a", anonymousId: "b" }),
      track({ userId: undefined, anonymousId: "a b" }),
      track({ userId: "undefined", anonymousId: undefined }),
    ];

    expect(assembled(events).batches).toHaveLength(4);
  });

  it("never merges a batch in mParticle's own format, not even with its like", () => {
    const batch = { user_identities: { customer_id: "u-1" }, events: [customEvent()] };

    const { batches } = assembled([ownBatch(batch), track(), ownBatch(batch)]);

    expect(batches.map(({ sources }) => sources).sort()).toEqual([[0], [1], [2]]);
  });

  it("keeps every digit of an mParticle id", () => {
    const batch = { mpid: "-7346244611012968789", events: [customEvent()] };

    const { batches } = assembled([ownBatch(batch)]);

    expect(batches.map(({ body }) => /"mpid":([^,}]*)/.exec(body)?.[1])).toEqual(["-7346244611012968789"]);
  });

  it("keeps all that a batch in mParticle's own format says", () => {
    const batch = {
      user_identities: { customer_id: "u-1" },
      user_attributes: { plan: "gold" },
      consent_state: { gdpr: { analytics: { consented: true, timestamp_unixtime_ms: NOW_MS } } },
      integration_attributes: { "128": { amp: "x" } },
      context: { data_plan: { plan_id: "plan", plan_version: 2 } },
      events: [customEvent({ source_message_id: "own" })],
    };

    const { batches } = assembled([ownBatch(batch)], { feed: feed({ kind: "custom" }) });

    expect(batches[0]?.batch).toMatchObject({ ...batch, environment: "development" });
  });
});

describe("merging attributes", () => {
  it.each([
    { order: "as they happened", indexes: [0, 1, 2] },
    { order: "backwards", indexes: [2, 1, 0] },
    { order: "mixed", indexes: [1, 2, 0] },
  ])("lets the later one win, handed in $order", ({ indexes }) => {
    const events = [
      identify({ plan: "free", tier: "basic" }, { messageId: "c", ...at(3) }),
      identify({ plan: "silver" }, { messageId: "b", ...at(2) }),
      identify({ plan: "gold" }, { messageId: "a", ...at(1) }),
    ];

    const { batches } = assembled(indexes.map((index) => events[index]));

    expect(batches.map(({ batch }) => batch.user_attributes)).toEqual([{ plan: "gold", tier: "basic" }]);
    expect(batches[0]?.sources).toEqual([0, 1, 2]);
  });

  it.each([
    { what: "set, then deleted", earlier: "gold", later: null, set: undefined, deleted: ["plan"] },
    { what: "deleted, then set", earlier: null, later: "gold", set: { plan: "gold" }, deleted: undefined },
  ])("says the last that was said of an attribute that is $what", ({ earlier, later, set, deleted }) => {
    const events = [identify({ plan: earlier }, at(2)), identify({ plan: later }, at(1))];

    const { batches } = assembled(events, { feed: feed({ mapping: { nullTraits: "delete" } }) });

    expect(batches.map(({ batch }) => [batch.user_attributes, batch.deleted_user_attributes])).toEqual([
      [set, deleted],
    ]);
  });

  it("sends attributes along with the user's events", () => {
    const { batches } = assembled([identify({ plan: "gold" }), track({ messageId: "a" })]);

    expect(batches.map(idsOf)).toEqual([["a"]]);
    expect(batches[0]?.batch.user_attributes).toEqual({ plan: "gold" });
    expect(batches[0]?.sources).toEqual([0, 1]);
  });

  it("sends a user who is known by nothing but identities", () => {
    const { batches } = assembled([identify()]);

    expect(batches).toMatchObject([{ route: "live", eventCount: 0, sources: [0] }]);
    expect(batches[0]?.batch).not.toHaveProperty("events");
    expect(batches[0]?.batch).not.toHaveProperty("user_attributes");
  });
});

describe("routes", () => {
  const old = (over = {}) => track({ timestamp: NOW_MS - 40 * DAY_MS, ...over });

  it("splits one user's events by age; attributes ride the newer batch alone", () => {
    const { batches } = assembled([
      old({ messageId: "old" }),
      track({ messageId: "new" }),
      identify({ plan: "gold" }),
    ]);

    const byRoute = Object.fromEntries(batches.map((batch) => [batch.route, batch]));
    expect(batches).toHaveLength(2);
    expect(byRoute["historical"] && idsOf(byRoute["historical"])).toEqual(["old"]);
    expect(byRoute["live"] && idsOf(byRoute["live"])).toEqual(["new"]);
    expect(byRoute["live"]?.batch.user_attributes).toEqual({ plan: "gold" });
    expect(byRoute["historical"]?.batch).not.toHaveProperty("user_attributes");
    expect(byRoute["historical"]?.sources).toEqual([0]);
  });

  it("lets attributes ride the historical batch of a user without newer events", () => {
    const { batches } = assembled([old({ context: { traits: { plan: "gold" } } })]);

    expect(batches).toMatchObject([{ route: "historical", batch: { user_attributes: { plan: "gold" } } }]);
  });

  it("sends a profile without events live, however old it is", () => {
    const { batches } = assembled([identify({ plan: "gold" }, { timestamp: NOW_MS - 400 * DAY_MS })], {
      mode: "historical",
    });

    expect(batches.map(({ route }) => route)).toEqual(["live"]);
  });

  it("judges age at the time of sending", () => {
    const event = track({ timestamp: NOW_MS - 29 * DAY_MS });

    const routes = [0, 2].map(
      (days) => assembled([event], { nowMs: NOW_MS + days * DAY_MS }).batches[0]?.route,
    );

    expect(routes).toEqual(["live", "historical"]);
  });

  it("follows the feed's own boundary", () => {
    const event = track({ timestamp: NOW_MS - 8 * DAY_MS });

    const { batches } = assembled([event], { feed: feed({ historicalAfterDays: 7 }) });

    expect(batches.map(({ route }) => route)).toEqual(["historical"]);
  });

  it("refuses only what is too old when the historical path is forbidden", () => {
    const { batches, refused } = assembled([old(), track({ messageId: "new" })], { mode: "live" });

    expect(refused).toEqual([{ source: 0, code: "too_old_for_live" }]);
    expect(batches.map(idsOf)).toEqual([["new"]]);
  });

  it("takes each event of a batch in mParticle's own format down its own path", () => {
    const events = [1, 40].map((days) =>
      customEvent({ source_message_id: `${days}`, timestamp_unixtime_ms: NOW_MS - days * DAY_MS }),
    );
    const batch = { user_identities: { customer_id: "u" }, user_attributes: { plan: "gold" }, events };

    const { batches } = assembled([ownBatch(batch)]);

    expect(batches.map((built) => [built.route, idsOf(built), built.batch.user_attributes]).sort()).toEqual([
      ["historical", ["40"], undefined],
      ["live", ["1"], { plan: "gold" }],
    ]);
    expect(batches.map(({ sources }) => sources)).toEqual([[0], [0]]);
  });
});

it("keeps rows of one user in batches of their own, and lets their audiences share one", () => {
  const rows = { feedId: "default", rows: { m: { eventType: "user_attributes" } } };
  const row = (messageId: string) => ({
    type: "row",
    messageId,
    model: "m",
    values: { customer_id: "u", x: messageId },
  });
  const audience = (messageId: string, audience: string) => ({
    type: "audience",
    messageId,
    userId: "u",
    action: "add",
    audience,
  });

  const { batches } = assembled([row("a"), row("b"), audience("c", "A"), audience("d", "B")], {
    feed: feed(rows),
  });

  expect(batches.map(({ sources }) => sources)).toEqual([[0], [1], [2, 3]]);
});
