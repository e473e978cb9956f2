import { describe, expect, it } from "vitest";
import {
  attributesOf,
  contributionOf,
  convert,
  eventOf,
  identify,
  MOMENT,
  MOMENT_MS,
  noticed,
  type Setup,
  track,
} from "./support.ts";

const common = { messageId: "m-1", timestamp: MOMENT, userId: "u-1" };
const ANONYMOUS = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";

describe("a track call", () => {
  it("is one event of the user who is named", () => {
    expect(convert(track("Tea Brewed", { cups: 2 }, { anonymousId: "a-1" }))).toEqual({
      kind: "contribution",
      contribution: {
        messageId: "m-1",
        occurredAtMs: MOMENT_MS,
        envelope: { userIdentities: { customer_id: "u-1", other: "a-1" } },
        events: [
          {
            event_type: "custom_event",
            data: {
              timestamp_unixtime_ms: MOMENT_MS,
              source_message_id: "m-1",
              event_name: "Tea Brewed",
              custom_event_type: "other",
              custom_attributes: { cups: "2" },
            },
          },
        ],
      },
      findings: [],
    });
  });

  it("with a blank name is rejected", () => {
    expect(convert(track(" "))).toMatchObject({
      kind: "rejected",
      findings: [{ code: "event_invalid", path: "event" }],
    });
  });
});

describe("an identify call", () => {
  it("is a profile update without events", () => {
    expect(contributionOf(identify({ email: "jo@x.example", plan: "gold" }))).toEqual({
      messageId: "m-1",
      occurredAtMs: MOMENT_MS,
      envelope: { userIdentities: { customer_id: "u-1", email: "jo@x.example" } },
      userAttributes: { plan: "gold" },
      events: [],
    });
  });

  it("has an event where the feed names one", () => {
    const mapping = { rules: [{ type: "identify", eventType: "custom_event", name: "Attributes Updated" }] };

    expect(eventOf(identify({ plan: "gold" }), { mapping })).toEqual({
      event_type: "custom_event",
      event_name: "Attributes Updated",
      custom_event_type: "other",
    });
  });
});

describe("a page call", () => {
  it.each([
    [{ name: "Home", properties: { title: "Welcome" } }, "Welcome"],
    [{ name: "Home" }, "Home"],
    [{ name: "Home", category: "Docs" }, "Docs Home"],
    [{ context: { page: { title: "Welcome", path: "/" } } }, "Welcome"],
    [{ properties: { path: "/tea" } }, "/tea"],
    [{ context: { page: { path: "/tea" } } }, "/tea"],
    [{ properties: { title: " " }, name: "" }, "unknown"],
    [{ properties: { title: { en: "Welcome" } }, name: "Home" }, "Home"],
  ])("%j is a view of the screen %j", (event, screen_name) => {
    expect(eventOf({ type: "page", ...common, ...event })).toMatchObject({
      event_type: "screen_view",
      screen_name,
    });
  });

  it("keeps its properties, and what its screen's name does not say", () => {
    const page = {
      type: "page",
      ...common,
      name: "Home",
      category: "Docs",
      properties: { title: "Hi", url: "u" },
    };

    expect(attributesOf(page)).toEqual({ title: "Hi", url: "u", name: "Home", category: "Docs" });
    expect(attributesOf({ ...page, properties: {} })).toBeUndefined();
  });
});

describe("a screen call", () => {
  it.each([
    [{ name: "Home", properties: { name: "Other" } }, "Home"],
    [{ properties: { name: "Home" } }, "Home"],
    [{}, "unknown"],
  ])("%j is a view of the screen %j", (event, screen_name) => {
    expect(eventOf({ type: "screen", ...common, ...event })).toMatchObject({
      event_type: "screen_view",
      screen_name,
    });
  });
});

describe("a group call", () => {
  const group = { type: "group", ...common, groupId: "g-1", traits: { plan: "pro" } };

  it("is a profile update", () => {
    expect(contributionOf(group)).toMatchObject({
      userAttributes: { group_id: "g-1", group_plan: "pro" },
      events: [],
    });
  });

  it("is filtered where the feed takes no groups", () => {
    expect(convert(group, { mapping: { rules: [{ type: "group", ignore: true }] } })).toEqual({
      kind: "filtered",
      rule: "ignored",
      findings: [],
    });
  });
});

describe("an alias call", () => {
  it.each([
    [{ previousId: ANONYMOUS }, ANONYMOUS],
    [{ previousId: "p-1", anonymousId: "p-1" }, "p-1"],
    [{ previousId: "anon-3" }, "anon-3"],
    [{ anonymousId: "p-1" }, "p-1"],
  ])("%j joins the anonymous id to the user", (event, other) => {
    expect(contributionOf({ type: "alias", ...common, ...event })).toMatchObject({
      envelope: { userIdentities: { customer_id: "u-1", other } },
      events: [],
    });
  });

  it.each([
    [{ previousId: "jo@x.example" }],
    [{ previousId: "u-0", anonymousId: "a-1" }],
    [{ previousId: "u-1" }],
    [{ previousId: 17 }],
    [{}],
    [{ previousId: ANONYMOUS, userId: null }],
  ])("%j is filtered: no batch can express it", (event) => {
    expect(convert({ type: "alias", ...common, ...event })).toMatchObject({
      kind: "filtered",
      rule: "alias_unusable",
      findings: [{ code: "alias_unusable" }],
    });
  });
});

describe("an event is filtered", () => {
  it.each<[string, string, Record<string, unknown>, Setup]>([
    ["blocked", "by its name", track("Tea Brewed"), { tenant: { blockedEvents: ["tea brewed"] } }],
    ["blocked", "by its type", identify({}), { tenant: { blockedEvents: ["identify"] } }],
    ["integrations", "by mParticle: false", track("T", {}, { integrations: { mParticle: false } }), {}],
    ["integrations", "in the other spelling", track("T", {}, { integrations: { mparticle: false } }), {}],
    ["integrations", "by All: false", track("T", {}, { integrations: { All: false } }), {}],
    ["consent:marketing", "without consent", track("T"), { feed: { consent: { required: ["marketing"] } } }],
    [
      "consent:analytics",
      "with one category of two",
      track(
        "T",
        {},
        { context: { consent: { categoryPreferences: { marketing: true, analytics: "true" } } } },
      ),
      { feed: { consent: { required: ["marketing", "analytics"] } } },
    ],
    [
      "consent:constructor",
      "by a name of JavaScript's",
      track("T"),
      { feed: { consent: { required: ["constructor"] } } },
    ],
    ["unmapped", "where no rule names it", track("T"), { mapping: { unmapped: "drop" } }],
  ])("as %s %s", (rule, _how, event, setup) => {
    expect(convert(event, setup)).toEqual({ kind: "filtered", rule, findings: [] });
  });

  it.each<[string, Record<string, unknown>, Setup]>([
    [
      "mParticle is on where All is off",
      track("T", {}, { integrations: { All: false, mParticle: true } }),
      {},
    ],
    ["mParticle has options", track("T", {}, { integrations: { All: false, mParticle: { a: 1 } } }), {}],
    ["others are off", track("T", {}, { integrations: { Amplitude: false } }), {}],
    [
      "consent is given",
      track("T", {}, { context: { consent: { categoryPreferences: { marketing: true } } } }),
      { feed: { consent: { required: ["marketing"] } } },
    ],
    ["a rule names it", track("Signed Up"), { mapping: { unmapped: "drop" } }],
    ["a rule of the feed names it", track("T"), { mapping: { unmapped: "drop", rules: [{ event: "t" }] } }],
    ["it is no track event", identify({}), { mapping: { unmapped: "drop" } }],
    ["another one is blocked", track("T"), { tenant: { blockedEvents: ["Other", "page"] } }],
  ])("not where %s", (_when, event, setup) => {
    expect(convert(event, setup).kind).toBe("contribution");
  });

  it("by the first of several rules", () => {
    const event = track("T", {}, { integrations: { All: false } });
    const blocked = { tenant: { blockedEvents: ["T"] } };
    const unmapped = { mapping: { unmapped: "drop" }, feed: { consent: { required: ["a"] } } };

    expect(convert(event, { ...blocked, ...unmapped })).toMatchObject({ rule: "blocked" });
    expect(convert(event, unmapped)).toMatchObject({ rule: "integrations" });
    expect(convert(track("T"), unmapped)).toMatchObject({ rule: "consent:a" });
  });
});

describe("an empty list in place of an object", () => {
  it.each([
    ["properties", track("Tea Brewed", {}), { properties: [] }, "properties"],
    ["traits", identify({}), { traits: [] }, "traits"],
    ["a group's traits", { type: "group", ...common, groupId: "g-1", traits: {} }, { traits: [] }, "traits"],
    ["context", track("Tea Brewed", {}, { context: {} }), { context: [] }, "context"],
    [
      "a part of the context",
      track("Tea Brewed", {}, { context: { app: {} } }),
      { context: { app: [] } },
      "context.app",
    ],
  ])("is read as one without members, and noticed: %s", (_, event, empty, path) => {
    const asList = { ...event, ...empty };

    expect(contributionOf(asList)).toEqual(contributionOf(event));
    expect(noticed(asList)).toEqual([`empty_list_read ${path}`]);
  });

  it("objects to nothing as integrations", () => {
    expect(convert(track("Tea Brewed", {}, { integrations: [] })).kind).toBe("contribution");
  });
});

describe("the id of an event", () => {
  const idOf = (messageId: unknown, rest = {}) =>
    contributionOf({ ...track("T"), messageId, ...rest }).messageId;

  it.each([
    [" m-2 ", "m-2"],
    [17, "17"],
    ["m".repeat(256), "m".repeat(256)],
  ])("given as %j is %j", (given, expected) => {
    expect(idOf(given)).toBe(expected);
    expect(contributionOf({ ...track("T"), messageId: given }).events[0]?.data.source_message_id).toBe(
      expected,
    );
  });

  it.each([null, "", " ", 2 ** 60])("that is %j is a hash of the content", (given) => {
    const id = idOf(given);

    expect(id).toMatch(/^[\w-]{43}$/);
    expect(idOf(given)).toBe(id);
    expect(idOf(given, { userId: "u-2" })).not.toBe(id);
  });

  it("that is too long or broken is its own hash", () => {
    const long = "m".repeat(257);

    expect(idOf(long)).toMatch(/^[\w-]{43}$/);
    expect(idOf(long, { userId: "u-2" })).toBe(idOf(long));
    expect(idOf("\ud800")).not.toBe(idOf("\ud801"));
  });
});

describe("the limits of an event", () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, i]));
  const countOf = (event: Record<string, unknown>) => Object.keys(attributesOf(event) ?? {}).length;

  it("keep 99 attributes, the first ones", () => {
    const context = { timezone: "UTC" };

    expect(countOf(track("T", many(99)))).toBe(99);
    expect(noticed(track("T", many(99)))).toEqual([]);
    expect(attributesOf(track("T", many(101), { context }))).toEqual(
      Object.fromEntries(Object.entries(many(99)).map(([name, value]) => [name, String(value)])),
    );
    expect(noticed(track("T", many(101), { context }))).toEqual(["attributes_over_limit properties"]);
  });

  it("cut names to 256 characters and keep the first of equal ones", () => {
    const name = "n".repeat(256);
    const event = track("T", { [`${name}1`]: 1, [`${name}2`]: 2, [name]: 3 });
    const place = `properties.${"n".repeat(64)}…`;

    expect(attributesOf(event)).toEqual({ [name]: "1" });
    expect(noticed(event)).toEqual([
      `attribute_name_cut ${place}`,
      `attribute_name_cut ${place}`,
      `attribute_name_taken ${place}`,
      `attribute_name_taken ${place}`,
    ]);
    expect(noticed(track("T", { [name]: 1 }))).toEqual([]);
  });

  it("cut values to 4096 characters, never inside a character", () => {
    const fits = "v".repeat(4096);

    expect(attributesOf(track("T", { a: fits }))).toEqual({ a: fits });
    expect(attributesOf(track("T", { a: `${fits}v` }))).toEqual({ a: fits });
    expect(attributesOf(track("T", { a: `${"v".repeat(4095)}😀` }))).toEqual({ a: "v".repeat(4095) });
    expect(noticed(track("T", { a: `${fits}v` }))).toEqual(["attribute_value_cut properties.a"]);
  });

  it("cut names of events and screens to 256 characters", () => {
    const page = { type: "page", ...common, properties: { title: "p".repeat(257) } };

    expect(eventOf(track("e".repeat(257)))).toMatchObject({ event_name: "e".repeat(256) });
    expect(noticed(track("e".repeat(257)))).toEqual(["name_cut event"]);
    expect(noticed(track("e".repeat(256)))).toEqual([]);
    expect(eventOf(page)).toMatchObject({ screen_name: "p".repeat(256) });
    expect(noticed(page)).toContain("name_cut properties.title");
  });

  it("keep a hundred findings of an event with more", () => {
    const broken = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`t${i}`, "\ud800"]));

    expect(noticed(identify(broken))).toHaveLength(100);
  });
});

describe("an attribute of an event", () => {
  it.each([
    [
      { a: "x", b: 1.5, c: false, d: "" },
      { a: "x", b: "1.5", c: "false", d: "" },
    ],
    [
      { a: [1, { b: 2 }], b: { c: null } },
      { a: '[1,{"b":2}]', b: '{"c":null}' },
    ],
    [{ a: null }, undefined],
    [
      { constructor: 1, toString: 2 },
      { constructor: "1", toString: "2" },
    ],
    [{ "  ": 1, "": 2 }, undefined],
    [JSON.parse('{"__proto__":1,"a":2}'), { a: "2" }],
    [{ "a\ud800": "b\udc00" }, { "a\ufffd": "b\ufffd" }],
    [{ a: Number.NaN }, undefined],
  ])("of %j is text", (properties, expected) => {
    expect(attributesOf(track("T", properties))).toEqual(expected);
  });

  it("that nests deeper than JSON text can be written is left out", () => {
    const deep: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
    const event = track("T", { deep, a: 1 }, { messageId: null, traits: { deep } });

    expect(attributesOf(event)).toEqual({ a: "1" });
    expect(noticed(event)).toEqual([
      "attribute_value_invalid traits.deep",
      "attribute_value_invalid properties.deep",
    ]);
  });
});

describe("findings", () => {
  it("name places and never a value", () => {
    const secret = "s3cr3t";
    const event = {
      ...track("T", { currency: { secret }, ["k".repeat(300)]: secret }),
      timestamp: secret,
      anonymousId: " ",
      context: {
        ip: secret,
        device: { type: "ios", id: secret },
        timezone: secret,
        location: { latitude: secret },
      },
      traits: { $tier: secret, age: { secret } },
    };

    const { findings } = convert(event);

    expect(findings.length).toBeGreaterThan(6);
    expect(JSON.stringify(findings)).not.toContain(secret);
  });
});
