import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Conversion } from "../../../shared/core/contribution.ts";
import { convertEvent } from "../../../shared/core/convert/convert-event.ts";
import { trackRule } from "../../../shared/core/convert/event-table.ts";
import type { PartnerEvent } from "../../../shared/core/message.schema.ts";
import { checkBatch, checkEvent } from "../../../shared/core/validators.ts";
import { batchOf, convertContext, SENT_AT_MS, type Setup } from "./support.ts";

const NAMES = [
  "Products Searched",
  "Product List Viewed",
  "Promotion Clicked",
  "Product Added",
  "Checkout Step Completed",
  "Order Completed",
  "Order Refunded",
  "Order Cancelled",
  "Signed Up",
  "Application Installed",
  "Application Opened",
  "Application Uninstalled",
  "Application Crashed",
  "Install Attributed",
  "Push Notification Tapped",
  "Tea Brewed",
];

/** Keys that conversion looks for, so that junk meets them. */
const KEYS = [
  ..."email phone firstName address street city company name gender age zip $city $own plan tags traits group".split(
    " ",
  ),
  ..."products product_id sku price quantity position category brand order_id total revenue tax currency".split(
    " ",
  ),
  ..."promotion_id list_id step url title path from_background payload message campaign source action".split(
    " ",
  ),
  ..."device type id advertisingId adTrackingEnabled manufacturer token os version app build network wifi".split(
    " ",
  ),
  ..."cellular screen width density location latitude longitude country region page referrer ip locale".split(
    " ",
  ),
  ..."timezone sessionId groupId userAgent event_type data custom_attributes source_message_id event_name".split(
    " ",
  ),
  ..."custom_event_type user_identities user_attributes device_info events mpid customer_id".split(" "),
  ..."timestamp_unixtime_ms product_action promotion_action context __proto__ constructor toString".split(
    " ",
  ),
  "",
];

const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KEYS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 1, arbitrary: fc.constant("k".repeat(300)) },
);

const scalar = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "\ud800",
    "v".repeat(5000),
    "😀".repeat(2100),
    "6D92078A-8246-4BA4-AE5B-76104861E7DC",
    "ios",
  ),
  fc.constantFrom(
    "12",
    "1e400",
    "-0",
    "2024-01-29T14:53:20Z",
    "1706540000",
    "Europe/Oslo",
    "203.0.113.50",
    "USD",
    "purchase",
  ),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60, -0, 1e300, 1706540000000, 91),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
);

const { junk } = fc.letrec((tie) => ({
  junk: fc.oneof({ depthSize: "small", withCrossShrink: true }, scalar, tie("object"), tie("list")),
  // JSON.parse makes `__proto__` a field like any other, which plain assignment would not.
  object: fc
    .array(fc.tuple(key, tie("junk")), { maxLength: 8 })
    .map((entries) => Object.fromEntries(entries)),
  list: fc.array(tie("junk"), { maxLength: 4 }),
}));

const bag = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.array(fc.tuple(key, junk), { maxLength: 12 }).map((entries) => Object.fromEntries(entries)),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);
const id = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.integer(),
  fc.constantFrom("u-1", "", " ", null, "i".repeat(300)),
);

const event = fc.record(
  {
    type: fc.constantFrom("track", "track", "track", "identify", "page", "screen", "group", "alias", "batch"),
    event: fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: "binary", minLength: 1 })),
    name: fc.oneof(fc.string({ unit: "binary" }), fc.constant("n".repeat(300)), fc.constant(null)),
    category: fc.string({ unit: "binary" }),
    messageId: id,
    timestamp: fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constant("2024-01-29"),
    ),
    userId: id,
    anonymousId: id,
    partnerUserId: id,
    previousId: id,
    groupId: id,
    properties: bag,
    traits: bag,
    context: bag,
    batch: bag.map((values) => values ?? {}),
  },
  { requiredKeys: ["type", "event", "userId", "batch"] },
);

const setup: fc.Arbitrary<Setup> = fc.record({
  partnerIdentity: fc.constant("Acme_Id"),
  feed: fc.record({ kind: fc.constantFrom("partner", "custom") }),
  mapping: fc.record(
    {
      preset: fc.constantFrom("segment", "datafly"),
      unmapped: fc.constant("custom_event"),
      attributePrefix: fc.constantFrom("", "acme_", "$", "__proto__"),
      phoneAsIdentity: fc.boolean(),
      nullTraits: fc.constantFrom("ignore", "delete"),
      email: fc.constantFrom("raw", "hashed", "omitted"),
      denyUserAttributes: fc.constantFrom([], ["plan*"]),
      rules: fc.constantFrom(
        [],
        [{ type: "identify", eventType: "custom_event", name: "Updated" }],
        [{ type: "any", eventType: "screen_view", name: { key: "event" }, activityType: "properties" }],
      ),
    },
    { requiredKeys: [] },
  ),
});

const converted = fc.tuple(event, setup).filter(([given]) => checkEvent(given) === undefined);

/** Every text in a value, names of fields included. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return [...Object.keys(value), ...Object.values(value).flatMap(textsIn)];
}

function convert(given: Record<string, unknown>, with_: Setup): Conversion {
  return convertEvent(given as PartnerEvent, convertContext(with_));
}

describe("any event of the message contract", () => {
  it("is converted to what mParticle's schema and limits accept, or ends with a reason", () => {
    fc.assert(
      fc.property(converted, ([given, with_]) => {
        const conversion = convert(given, with_);

        if (conversion.kind === "rejected") expect(conversion.findings[0].severity).toBe("error");
        if (conversion.kind !== "contribution") return;
        const { contribution } = conversion;
        expect(checkBatch(batchOf(contribution))).toBeUndefined();
        for (const value of Object.values(contribution.envelope.userIdentities ?? {})) {
          expect(typeof value === "string" && value === value.trim() && value !== "").toBe(true);
        }
        for (const [name, value] of Object.entries(contribution.userAttributes ?? {})) {
          expect(name.length).toBeLessThan(257);
          for (const text of [value].flat()) expect(typeof text).toBe("string");
          if (typeof value === "string") expect(value.length).toBeLessThan(4097);
        }
        for (const { event_type, data } of contribution.events) {
          expect(Number.isSafeInteger(data.timestamp_unixtime_ms)).toBe(true);
          expect(data.timestamp_unixtime_ms).toBeGreaterThan(1e12 - 1);
          expect(data.timestamp_unixtime_ms).toBeLessThan(SENT_AT_MS + 86_400_001);
          expect(data.source_message_id).toMatch(/\S/);
          const attributes = Object.entries(data.custom_attributes ?? {});
          expect(attributes.length).toBeLessThan(100);
          for (const [name, value] of attributes) {
            expect(name.length).toBeLessThan(257);
            expect(typeof value === "string" && value.length < 4097).toBe(true);
          }
          if (event_type === "commerce_event") {
            const { product_action, promotion_action, product_impressions } = data;
            expect(
              [product_action, promotion_action, product_impressions].filter((kind) => kind != null),
            ).toHaveLength(1);
          }
        }
        for (const text of textsIn(contribution)) expect(text.isWellFormed()).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("is converted alike every time and left as it was", () => {
    fc.assert(
      fc.property(converted, ([given, with_]) => {
        const before = structuredClone(given);

        const first = convert(given, with_);

        expect(given).toEqual(before);
        expect(convert(structuredClone(given), with_)).toEqual(first);
      }),
      { numRuns: 200 },
    );
  });

  it("leaves the prototypes of all objects as they were", () => {
    const given = JSON.parse(`{
      "type": "track", "event": "Order Completed", "userId": "u-1",
      "properties": {"__proto__": {"polluted": 1}, "products": [{"product_id": "p", "__proto__": {"polluted": 1}}]},
      "traits": {"__proto__": {"polluted": 1}, "a": {"__proto__": {"polluted": 1}}, "address": {"__proto__": "x"}},
      "context": {"__proto__": {"polluted": 1}, "traits": {"__proto__": 1}, "referrer": {"__proto__": 1}}
    }`);

    const conversion = convert(given, {});

    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(JSON.stringify(conversion)).not.toContain("polluted");
  });
});

describe("the names of this test", () => {
  it("are names of the event table, but for one", () => {
    expect(NAMES.filter((name) => !trackRule(name))).toEqual(["Tea Brewed"]);
  });
});
