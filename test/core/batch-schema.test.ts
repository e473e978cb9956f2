import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BatchSchema } from "../../shared/core/batch.schema.ts";
import { checkBatch } from "../../shared/core/validators.ts";
import { COMMON_DATA, FULL_BATCH, LEAST_DATA } from "../support/batch-examples.ts";
import { mutationsOf } from "../support/mutations.ts";

const types = Object.keys(LEAST_DATA) as (keyof typeof LEAST_DATA)[];

const custom = (data: object, envelope: object = {}) => ({
  events: [{ event_type: "custom_event", data: { ...LEAST_DATA.custom_event, ...data }, ...envelope }],
});
const commerce = (data: object) => ({ events: [{ event_type: "commerce_event", data }] });
const products = (product: object) =>
  commerce({ product_action: { action: "purchase", products: [{}, product] } });

describe("what mParticle takes", () => {
  it("has 17 types of event", () => {
    expect(types).toHaveLength(17);
  });

  it.each(types)("includes the least %s", (type) => {
    const batch = { events: [{ event_type: type, data: LEAST_DATA[type] }] };

    expect(checkBatch(batch)).toBeUndefined();
  });

  it.each(types)("includes a %s with all that events have in common", (type) => {
    const batch = { events: [{ event_type: type, data: { ...COMMON_DATA, ...LEAST_DATA[type] } }] };

    expect(checkBatch(batch)).toBeUndefined();
  });

  it.each([
    ["an empty batch", {}],
    ["nearly every kind of field at once", FULL_BATCH],
    [
      "null for lists and objects",
      { events: null, user_identities: null, device_info: null, consent_state: null },
    ],
    ["an IPv6 address", { ip: "2001:db8::ff00:42:8329" }],
    ["an IPv6 address that ends in an IPv4 one", { ip: "::ffff:192.0.2.128" }],
    [
      "an integer with a decimal point",
      JSON.parse('{"events":[{"event_type":"session_end","data":{"session_duration_ms":1.0}}]}'),
    ],
    ["an integer beyond the safe ones", { mpid: 2 ** 63 }],
    ["a list for a user attribute", { user_attributes: { tags: ["a", true, null] } }],
    ["unknown fields of a product", products({ size: ["XL"] })],
    [
      "unknown fields of a screen view's envelope",
      { events: [{ event_type: "screen_view", data: { screen_name: "a" }, extra: 1 }] },
    ],
    [
      "several commerce actions at once",
      commerce({ product_action: { action: "click" }, promotion_action: { action: "view" } }),
    ],
  ])("includes %s", (_, batch) => {
    expect(checkBatch(batch)).toBeUndefined();
  });
});

describe("what mParticle refuses", () => {
  it.each<[string, unknown, string, string]>([
    ["no batch", "x", "", "must be object"],
    ["a list of batches", [{}], "", "must be object"],
    ["an unknown top-level field", { user_id: "1" }, "user_id", "is not a known field"],
    ["schema_version", { schema_version: 2 }, "schema_version", "is not a known field"],
    [
      "another environment",
      { environment: "unknown" },
      "environment",
      "is not one of production, development",
    ],
    ["a null environment", { environment: null }, "environment", "is not one of production, development"],
    ["a null ip", { ip: null }, "ip", "must be string"],
    ["a host name for an ip", { ip: "localhost" }, "ip", "is not a valid ip-address"],
    ["an ip out of range", { ip: "198.51.100.256" }, "ip", "is not a valid ip-address"],
    ["an ip with a zone", { ip: "fe80::1%eth0" }, "ip", "is not a valid ip-address"],
    [
      "IDSync's spelling of an identity",
      { user_identities: { customerid: "1" } },
      "user_identities.customerid",
      "is not a known field",
    ],
    ["a list of identities", { user_identities: [] }, "user_identities", "must be object or null"],
    [
      "an object for a user attribute",
      { user_attributes: { address: { city: "Oslo" } } },
      "user_attributes.address",
      "must be string or number or boolean or null or array",
    ],
    [
      "a list in a list attribute",
      { user_attributes: { tags: ["a", ["b"]] } },
      "user_attributes.tags[1]",
      "must be string or number or boolean or null",
    ],
    [
      "a null name to forget",
      { deleted_user_attributes: ["a", null] },
      "deleted_user_attributes[1]",
      "must be string",
    ],
    [
      "a desktop device",
      { device_info: { platform: "desktop" } },
      "device_info.platform",
      "is not one of iOS, Android, web, tvOS, roku, out_of_band, alexa, smart_tv, fire_tv, xbox",
    ],
    [
      "a fractional time zone",
      { device_info: { timezone_offset: 5.5 } },
      "device_info.timezone_offset",
      "must be integer or null",
    ],
    [
      "an advertising id without dashes",
      { device_info: { ios_idfv: "5f3c2a10" } },
      "device_info.ios_idfv",
      "is not a valid guid",
    ],
    [
      "consent without a time",
      { consent_state: { gdpr: { analytics: { consented: true } } } },
      "consent_state.gdpr.analytics.timestamp_unixtime_ms",
      "is required",
    ],
    [
      "consent of any other law",
      { consent_state: { lgpd: {} } },
      "consent_state.lgpd",
      "is not a known field",
    ],
    ["a data plan without an id", { context: { data_plan: {} } }, "context.data_plan.plan_id", "is required"],
    ["events in an object", { events: {} }, "events", "must be array or null"],
    ["an event without a type", { events: [{ data: {} }] }, "events[0].event_type", "is required"],
    [
      "pre_attribution events",
      { events: [{ event_type: "pre_attribution", data: {} }] },
      "events[0].event_type",
      "is not a known type",
    ],
    [
      "push_reaction events",
      { events: [{ event_type: "push_reaction", data: {} }] },
      "events[0].event_type",
      "is not a known type",
    ],
    ["an event without data", { events: [{ event_type: "first_run" }] }, "events[0].data", "is required"],
    [
      "null for data",
      { events: [{ event_type: "first_run", data: null }] },
      "events[0].data",
      "must be object",
    ],
    [
      "unknown fields of a custom event's envelope",
      custom({}, { message_id: "1" }),
      "events[0].message_id",
      "is not a known field",
    ],
    [
      "a custom event of type attribution",
      custom({ custom_event_type: "attribution" }),
      "events[0].data.custom_event_type",
      "is not one of navigation, location, search, transaction, user_content, user_preference, social, other, media",
    ],
    [
      "a timestamp in text",
      custom({ timestamp_unixtime_ms: "1790000000000" }),
      "events[0].data.timestamp_unixtime_ms",
      "must be integer or null",
    ],
    [
      "a null message id",
      custom({ source_message_id: null }),
      "events[0].data.source_message_id",
      "must be string",
    ],
    [
      "an object for an event attribute",
      custom({ custom_attributes: { a: {} } }),
      "events[0].data.custom_attributes.a",
      "must be string or number or boolean or null",
    ],
    [
      "a place without coordinates",
      custom({ location: { city_name: "Oslo" } }),
      "events[0].data.location.latitude",
      "is required",
    ],
    [
      "a numeric product id",
      products({ id: 12 }),
      "events[0].data.product_action.products[1].id",
      "must be string",
    ],
    [
      "a price in text",
      products({ price: "99.5" }),
      "events[0].data.product_action.products[1].price",
      "must be number or null",
    ],
    [
      "a number among a product's attributes",
      products({ custom_attributes: { a: 1 } }),
      "events[0].data.product_action.products[1].custom_attributes.a",
      "must be string",
    ],
    [
      "remove_from_wishlist as an action",
      commerce({ product_action: { action: "remove_from_wishlist" } }),
      "events[0].data.product_action.action",
      "is not one of add_to_cart, remove_from_cart, checkout, checkout_option, click, view_detail, purchase, refund, add_to_wishlist, remove_from_wish_list",
    ],
    [
      "an action without its name",
      commerce({ product_action: {} }),
      "events[0].data.product_action.action",
      "is required",
    ],
    [
      "an impression without a list",
      commerce({ product_impressions: [{ products: [] }] }),
      "events[0].data.product_impressions[0].product_impression_list",
      "is required",
    ],
  ])("includes %s", (_, batch, path, problem) => {
    expect(checkBatch(batch)).toEqual({ path, problem });
  });

  it("includes text where the published schema forgets to ask for an object", () => {
    expect(checkBatch({ device_info: "phone" })).toEqual({
      path: "device_info",
      problem: "must be object or null",
    });
  });
});

describe("the compiled check", () => {
  it("accepts exactly what the schema accepts", () => {
    const examples = types.map((type) => ({
      events: [{ event_type: type, data: { ...COMMON_DATA, ...LEAST_DATA[type] } }],
    }));

    fc.assert(
      fc.property(fc.oneof(...[FULL_BATCH, ...examples].map(mutationsOf)), (batch) => {
        expect(checkBatch(batch) === undefined).toBe(BatchSchema.safeParse(batch).success);
      }),
      { numRuns: 2_000 },
    );
  });
});
