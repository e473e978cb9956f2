import { describe, expect, it } from "vitest";
import {
  batchOf,
  contributionOf,
  convert,
  MOMENT,
  MOMENT_MS,
  noticed,
  SENT_AT_MS,
  type Setup,
} from "./support.ts";

const UUID = "6D92078A-8246-4BA4-AE5B-76104861E7DC";
const stamp = { timestamp_unixtime_ms: MOMENT_MS, source_message_id: "e-1" };

/** A batch of a known user in mParticle's own format, as an event of the message contract. */
const message = (batch: Record<string, unknown>, rest: Record<string, unknown> = {}) => ({
  type: "batch",
  messageId: "m-1",
  batch: { user_identities: { customer_id: "u-1" }, ...batch },
  ...rest,
});
const custom = (data: Record<string, unknown> = {}) => ({
  event_type: "custom_event",
  data: { event_name: "Tea Brewed", custom_event_type: "other", ...stamp, ...data },
});
const commerce = (data: Record<string, unknown>) => ({
  event_type: "commerce_event",
  data: { ...stamp, ...data },
});

/** The data of the first event of a batch. */
function firstData(event: Record<string, unknown>): unknown {
  return contributionOf(event).events[0]?.data;
}

describe("a batch in mParticle's own format", () => {
  it("is taken over as it is where nothing is wrong with it", () => {
    const batch = {
      user_identities: { customer_id: "u-1", email: "jo@x.example" },
      user_attributes: { $city: "Oslo", tags: ["a", "b"] },
      deleted_user_attributes: ["plan"],
      device_info: { platform: "web", http_header_user_agent: "UA" },
      application_info: { application_name: "Tea" },
      ip: "203.0.113.50",
      context: { data_plan: { plan_id: "p", plan_version: 2 } },
      integration_attributes: { "12": { id: "x" } },
      events: [
        custom({ custom_attributes: { cups: "2" } }),
        commerce({ product_action: { action: "purchase", products: [{ id: "p-1", price: 1 }] } }),
        { event_type: "screen_view", data: { screen_name: "Home", ...stamp } },
      ],
    };

    expect(convert(message(batch), { feed: { environment: "production" } })).toMatchObject({
      kind: "contribution",
      findings: [],
    });
    expect(batchOf(contributionOf(message(batch)))).toEqual({ environment: "production", ...batch });
  });

  it("is never merged with another event, and keeps its mParticle id as digits", () => {
    expect(contributionOf(message({ mpid: "-7346244611012968789" }))).toEqual({
      messageId: "m-1",
      occurredAtMs: SENT_AT_MS,
      envelope: { userIdentities: { customer_id: "u-1" } },
      events: [],
      own: {},
      mpid: "-7346244611012968789",
    });
  });

  it.each([
    [42, "42"],
    ["9223372036854775807", "9223372036854775807"],
    ["9223372036854775808", undefined],
    [2 ** 60, undefined],
    [0, undefined],
    ["12a", undefined],
    [{}, undefined],
  ])("has the mParticle id %j as %j", (mpid, expected) => {
    const event = message({ mpid });

    expect(contributionOf(event).mpid).toBe(expected);
    expect(noticed(event)).toEqual(expected === undefined ? ["field_invalid batch.mpid"] : []);
  });

  it.each([
    "schema_version",
    "timestamp_unixtime_ms",
    "batch_id",
    "source_info",
    "api_key",
    "api_keys",
    "partner_identity",
    "mp_deviceid",
    "origin_mpid",
    "sdk_version",
    "job_id",
    "attribution_info",
    "system_notifications",
    "unique_id",
  ])("loses %s, which is not for senders to set", (field) => {
    const event = message({ [field]: 2 });

    expect(contributionOf(event).own).toEqual({});
    expect(noticed(event)).toEqual([`field_set_by_mparticle batch.${field}`]);
  });

  it("goes to its feed's environment, whatever it asks for", () => {
    const event = message({ environment: "development", source_request_id: "r-1" });

    expect(contributionOf(event).own).toEqual({});
    expect(noticed(event)).toEqual(["environment_overruled batch.environment"]);
    expect(noticed(event, { feed: { environment: "development" } })).toEqual([]);
  });

  it("has the same meaning with null as without", () => {
    const nothing = {
      events: null,
      user_attributes: null,
      device_info: null,
      ip: null,
      mpid: null,
      context: null,
    };

    expect(contributionOf(message(nothing))).toEqual(contributionOf(message({})));
    expect(noticed(message(nothing))).toEqual([]);
  });

  it("keeps consent state on a custom feed only", () => {
    const consent_state = { gdpr: { marketing: { consented: true, timestamp_unixtime_ms: MOMENT_MS } } };
    const event = message({ consent_state });

    expect(contributionOf(event, { feed: { kind: "custom" } }).own).toEqual({ consent_state });
    expect(contributionOf(event).own).toEqual({});
    expect(noticed(event)).toEqual(["consent_stripped batch.consent_state"]);
  });

  it("is filtered by consent, which its own consent state can give", () => {
    const setup = { feed: { consent: { required: ["marketing"] } } };
    const gdpr = { marketing: { consented: true, timestamp_unixtime_ms: MOMENT_MS } };

    expect(convert(message({}), setup)).toMatchObject({ kind: "filtered", rule: "consent:marketing" });
    expect(convert(message({ consent_state: { gdpr } }), setup).kind).toBe("contribution");
  });

  it.each<[Setup, Record<string, unknown> | undefined, string[]]>([
    [
      { partnerIdentity: "Acme_Id" },
      { Acme_Id: "a" },
      ["partner_identities_stripped batch.partner_identities"],
    ],
    [{}, undefined, ["partner_identities_stripped batch.partner_identities"]],
    [
      { partnerIdentity: "Acme_Id", feed: { kind: "custom" } },
      undefined,
      ["partner_identities_stripped batch.partner_identities"],
    ],
  ])("keeps the registered partner identity of a partner feed: %j", (setup, expected, findings) => {
    const event = message({ partner_identities: { Acme_Id: " a ", Other_Id: "b" } });

    expect(contributionOf(event, setup).envelope.partnerIdentities).toEqual(expected);
    expect(noticed(event, setup)).toEqual(findings);
  });

  it("has identities as trimmed text under the schema's names", () => {
    const user_identities = {
      customerid: 17,
      other: " o ",
      other2: "o2",
      email: "",
      google: true,
      facebook: null,
    };
    const event = message({ user_identities });

    expect(contributionOf(event).envelope.userIdentities).toEqual({
      customer_id: "17",
      other: "o",
      other_id_2: "o2",
    });
    expect(noticed(event)).toEqual(["identity_invalid batch.user_identities.google"]);
    expect(
      contributionOf(message({ user_identities: { customerid: "a", customer_id: "b" } })).envelope,
    ).toEqual({
      userIdentities: { customer_id: "b" },
    });
  });

  it("has user attributes as text and lists of text", () => {
    const user_attributes = {
      score: 7,
      tags: [1, "a", {}],
      prefs: { lang: "no" },
      $Age: 33,
      $own: "x",
      tag: null,
    };
    const event = message({ user_attributes });

    expect(contributionOf(event, { mapping: { attributePrefix: "acme_" } }).userAttributes).toEqual({
      score: "7",
      tags: ["1", "a"],
      "prefs.lang": "no",
      $age: "33",
      own: "x",
    });
    expect(noticed(event)).toEqual([
      "list_entry_dropped batch.user_attributes.tags",
      "attribute_name_recased batch.user_attributes.$Age",
      "attribute_name_reserved batch.user_attributes.$own",
      "attribute_value_invalid batch.user_attributes.tag",
    ]);
  });

  it("loses device ids that would fail it, and an address that says nothing", () => {
    const device_info = {
      platform: null,
      ios_idfv: "abc",
      android_advertising_id: "00000000-0000-0000-0000-000000000000",
      fire_advertising_id: UUID,
      roku_publisher_id: "abc",
    };

    expect(contributionOf(message({ device_info, ip: "10.0.0.1" })).envelope).toEqual({
      userIdentities: { customer_id: "u-1" },
      deviceInfo: { fire_advertising_id: UUID },
    });
  });
});

describe("an event of such a batch", () => {
  it("gets an id and a time where it has none", () => {
    const bare = { event_type: "custom_event", data: { event_name: "T", custom_event_type: "other" } };
    const event = message({ events: [bare, bare] }, { timestamp: MOMENT });

    const [first, second] = contributionOf(event).events;

    expect(first?.data.source_message_id).toMatch(/^[\w-]{43}$/);
    expect(second?.data.source_message_id).not.toBe(first?.data.source_message_id);
    expect(contributionOf(event).events[0]).toEqual(first);
    expect(first?.data.timestamp_unixtime_ms).toBe(MOMENT_MS);
    expect(contributionOf(message({ events: [bare] })).events[0]?.data.timestamp_unixtime_ms).toBe(
      SENT_AT_MS,
    );
  });

  it.each([
    [{ source_message_id: 17 }, { source_message_id: "17" }],
    [{ timestamp_unixtime_ms: MOMENT_MS / 1000 }, {}],
    [{ timestamp_unixtime_ms: MOMENT }, {}],
    [{ timestamp_unixtime_ms: "never" }, { timestamp_unixtime_ms: SENT_AT_MS }],
    [{ session_id: 1, event_num: 2, message_type: "x" }, {}],
    [{ session_uuid: "abc" }, {}],
    [{ location: { latitude: 91, longitude: 0 } }, {}],
    [{ location: { latitude: null, longitude: 0 } }, {}],
    [{ location: { latitude: 59, longitude: 10 } }, { location: { latitude: 59, longitude: 10 } }],
    [{ custom_event_type: "attribution" }, { custom_event_type: "other" }],
    [{ event_name: "n".repeat(300) }, { event_name: "n".repeat(256) }],
    [
      { custom_attributes: { a: 1, b: { c: true }, d: null, e: "v".repeat(5000) } },
      { custom_attributes: { a: "1", b: '{"c":true}', e: "v".repeat(4096) } },
    ],
    [{ custom_attributes: {} }, {}],
  ])("with %j is mended", (data, expected) => {
    expect(firstData(message({ events: [custom(data)] }))).toEqual({ ...custom().data, ...expected });
  });

  it("keeps 99 attributes", () => {
    const custom_attributes = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`a${i}`, i]));
    const event = message({ events: [custom({ custom_attributes })] });

    expect(noticed(event)).toEqual(["attributes_over_limit batch.events[0].data.custom_attributes"]);
  });

  it("of commerce has the action's right spelling and products' attributes as text", () => {
    const products = [{ id: "p-1", custom_attributes: { size: 4 } }];
    const data = { custom_event_type: "remove_from_wishlist", promotion_action: null };

    expect(
      firstData(
        message({
          events: [commerce({ ...data, product_action: { action: "remove_from_wishlist", products } })],
        }),
      ),
    ).toEqual({
      ...stamp,
      product_action: {
        action: "remove_from_wish_list",
        products: [{ id: "p-1", custom_attributes: { size: "4" } }],
      },
    });
    expect(
      firstData(
        message({
          events: [commerce({ product_impressions: [{ product_impression_list: "l", products }] })],
        }),
      ),
    ).toMatchObject({ product_impressions: [{ products: [{ custom_attributes: { size: "4" } }] }] });
  });

  it("decides when its batch happened, unless the message does", () => {
    const later = custom({ timestamp_unixtime_ms: MOMENT_MS + 1000 });

    expect(contributionOf(message({ events: [later, custom()] })).occurredAtMs).toBe(MOMENT_MS + 1000);
    expect(contributionOf(message({ events: [later] }, { timestamp: MOMENT })).occurredAtMs).toBe(MOMENT_MS);
  });
});

describe("such a batch is rejected", () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    ["of an unknown field", { user_atributes: {} }, "batch_invalid", "batch.user_atributes"],
    [
      "of an unknown event",
      { events: [{ event_type: "tea", data: {} }] },
      "batch_invalid",
      "batch.events[0].event_type",
    ],
    [
      "without an event's data",
      { events: [{ event_type: "custom_event" }] },
      "batch_invalid",
      "batch.events[0].data",
    ],
    [
      "of a wrong type inside",
      { events: [commerce({ product_action: { action: "purchase", products: [{ id: 7 }] } })] },
      "batch_invalid",
      "batch.events[0].data.product_action.products[0].id",
    ],
    ["of events that are no list", { events: "none" }, "batch_invalid", "batch.events"],
    [
      "of an unknown identity",
      { user_identities: { passport: "x" } },
      "batch_invalid",
      "batch.user_identities.passport",
    ],
    [
      "of identities that are no object",
      { user_identities: "u-1" },
      "batch_invalid",
      "batch.user_identities",
    ],
    ["of commerce of no kind", { events: [commerce({})] }, "batch_invalid", "batch.events[0].data"],
    [
      "of commerce of two kinds",
      { events: [commerce({ product_action: { action: "click" }, promotion_action: { action: "view" } })] },
      "batch_invalid",
      "batch.events[0].data",
    ],
    ["of nobody", { user_identities: null, device_info: { platform: "web" } }, "identity_missing", "batch"],
    [
      "of a long identity",
      { user_identities: { other: "o".repeat(257) } },
      "identity_too_long",
      "batch.user_identities.other",
    ],
  ])("because %s", (_why, batch, code, path) => {
    const { kind, findings } = convert(message(batch));

    expect(kind).toBe("rejected");
    expect(findings[0]).toMatchObject({ code, path, severity: "error" });
  });

  it("because it nests deeper than the format", () => {
    const deep: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));

    expect(convert(message({ context: { deep } }))).toMatchObject({
      kind: "rejected",
      findings: [{ code: "batch_invalid" }],
    });
  });

  it("not where a device or an mParticle id says whom it is about", () => {
    const nobody = { user_identities: null };

    expect(convert(message({ ...nobody, mpid: 7 })).kind).toBe("contribution");
    expect(convert(message({ ...nobody, device_info: { amp_id: "amp-1" } })).kind).toBe("contribution");
  });

  it("and what it says of the reason has no value in it", () => {
    const secret = "s3cr3t";
    const { findings } = convert(
      message({ device_info: { platform: secret }, user_attributes: { a: null } }),
    );

    expect(JSON.stringify(findings)).not.toContain(secret);
  });
});
