import { describe, expect, it } from "vitest";
import { fieldErrors, pointer } from "../../../functions/onboarding-api/field-errors.ts";
import { FeedSettingsSchema } from "../../../shared/api/feed.schema.ts";
import { ConfigError } from "../../../shared/core/config-error.ts";
import { parseFeed } from "../../../shared/core/validators.ts";

let deep: unknown = "userId";
for (let i = 0; i < 20; i++) deep = [deep];

/** Each with the place of the one thing that is wrong, as the API tells it. */
const WRONG: readonly (readonly [string, unknown, string])[] = [
  ["another version", { version: 2 }, "/version"],
  ["no such preset", { preset: "amplitude" }, "/preset"],
  ["no such field", { rulez: [] }, "/rulez"],
  ["an unknown way with unmapped events", { unmapped: "keep" }, "/unmapped"],
  ["rules that are no list", { rules: {} }, "/rules"],
  ["a rule that is no object", { rules: ["Order Completed"] }, "/rules/0"],
  ["a rule with an unknown field", { rules: [{ event: "A", evenType: "x" }] }, "/rules/0/evenType"],
  ["an unknown event type", { rules: [{ event: "A", eventType: "purchase" }] }, "/rules/0/eventType"],
  ["an unknown custom event type", { rules: [{ customEventType: "commerce" }] }, "/rules/0/customEventType"],
  ["an unknown action", { rules: [{}, { action: "buy" }] }, "/rules/1/action"],
  [
    "an identity that mParticle does not know",
    { userIdentities: { customerid: "userId" } },
    "/userIdentities/customerid",
  ],
  ["a device field that mParticle does not know", { deviceInfo: { model: "a" } }, "/deviceInfo/model"],
  ["a value that is a number", { userAttributes: { age: 7 } }, "/userAttributes/age"],
  ["a value of an unknown form", { userAttributes: { age: { path: "a" } } }, "/userAttributes/age/path"],
  ["a value of two sources", { userAttributes: { age: { key: "a", map: {} } } }, "/userAttributes/age"],
  ["a value that is code", { userAttributes: { age: { fn: "e => e" } } }, "/userAttributes/age/fn"],
  ["an empty list of values", { ip: [] }, "/ip"],
  ["a place with an empty step", { ip: "context..ip" }, "/ip"],
  ["a place that reaches for inheritance", { ip: "a.__proto__.b" }, "/ip"],
  [
    "a name that reaches for inheritance",
    { userAttributes: { constructor: "a" } },
    "/userAttributes/constructor",
  ],
  [
    "a wrong value deep inside",
    { customAttributes: { a: { map: { b: { loop: ["x", { map: { c: { kee: "d" } } }] } } } } },
    "/customAttributes/a/map/b/loop/1/map/c/kee",
  ],
  ["an unknown conversion", { ip: { key: "a", convert: "upper" } }, "/ip/convert"],
  [
    "a wrong conversion in a list",
    { ip: { key: "a", convert: ["lower", { join: 1 }] } },
    "/ip/convert/1/join",
  ],
  ["a loop without its value", { ip: { loop: ["a"] } }, "/ip/loop"],
  ["a condition without a place", { rules: [{ when: [{ equals: 1 }] }] }, "/rules/0/when/0/key"],
  ["a condition that compares nothing", { rules: [{ when: [{ key: "a" }] }] }, "/rules/0/when/0"],
  ["an unknown comparison", { rules: [{ when: [{ key: "a", matches: "x" }] }] }, "/rules/0/when/0/matches"],
  [
    "a comparison with the wrong type",
    { rules: [{ when: [{ key: "a", above: "7" }] }] },
    "/rules/0/when/0/above",
  ],
  ["an empty choice of conditions", { rules: [{ when: [{ anyOf: [] }] }] }, "/rules/0/when/0/anyOf"],
  ["a name and a beginning at once", { rules: [{ event: { prefix: "a", pattern: "b" } }] }, "/rules/0/event"],
  ["a blank name", { rules: [{ event: " " }] }, "/rules/0/event"],
  ["an unknown event of the Segment spec", { rules: [{ as: "Order Done" }] }, "/rules/0/as"],
  ["two things that an event becomes", { rules: [{ as: "Signed Up", eventType: "profile" }] }, "/rules/0/as"],
  [
    "fields of two event types",
    { rules: [{ action: "purchase", transition: "application_exit" }] },
    "/rules/0/transition",
  ],
  [
    "fields of another event type",
    { rules: [{ eventType: "screen_view", action: "purchase" }] },
    "/rules/0/action",
  ],
  ["two kinds of commerce", { rules: [{ action: "purchase", promotion: "view" }] }, "/rules/0"],
  ["a commerce event of nothing", { rules: [{ eventType: "commerce_event" }] }, "/rules/0"],
  [
    "a transition that is not named",
    { rules: [{ eventType: "application_state_transition" }] },
    "/rules/0/transition",
  ],
  [
    "a rest that names an object where fields are fixed",
    { deviceInfo: { "*": "context.device" } },
    "/deviceInfo/*",
  ],
  ["a prefix that is too long", { attributePrefix: "x".repeat(65) }, "/attributePrefix"],
  ["too many rules", { rules: Array.from({ length: 501 }, () => ({})) }, "/rules"],
  ["too much of everything", { denyUserAttributes: Array.from({ length: 500 }, () => "x".repeat(250)) }, ""],
  ["values that nest too deep", { ip: deep }, "/ip"],
  ["a name with dots and a wrong value", { userAttributes: { "a.b": 7 } }, "/userAttributes/a.b"],
  ["a name with dots and a wrong place", { userAttributes: { "a.b": "x..y" } }, "/userAttributes/a.b"],
  ["a name that is a list of places", { rules: [{ event: "A", name: ["b"] }] }, "/rules/0/name"],
  [
    "an event that is ignored and becomes something",
    { rules: [{ ignore: true, eventType: "profile" }] },
    "/rules/0/ignore",
  ],
  ["a name for what has none", { rules: [{ eventType: "uninstall", name: "x" }] }, "/rules/0/name"],
  ["a blank beginning", { rules: [{ event: { prefix: " " } }] }, "/rules/0/event"],
  ["a place with a wildcard", { ip: "items.*.ip" }, "/ip"],
  ["a place that is code", { ip: "process.exit()" }, "/ip"],
  ["a place that begins with a dot", { ip: ".a" }, "/ip"],
  ["no conversions", { ip: { key: "a", convert: [] } }, "/ip/convert"],
  ["a star inside of a name", { denyUserAttributes: ["a", "b*c"] }, "/denyUserAttributes/1"],
  ["a source request id that is always the same", { sourceRequestId: { value: "x" } }, "/sourceRequestId"],
  [
    "too many fields",
    { userAttributes: Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`a${i}`, "b"])) },
    "/userAttributes",
  ],
  [
    "too many fields for its rules",
    {
      userAttributes: Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`a${i}`, "b"])),
      rules: Array.from({ length: 60 }, (_, i) => ({ event: `e${i}`, userAttributes: { x: "y" } })),
    },
    "/rules",
  ],
];

const product = (fields: object) => ({
  product_action: { map: { products: { loop: ["this", { map: fields }] } } },
});
const action = (fields: object) => ({ product_action: { map: fields } });

/** Of what a rule's `commerce` gives: what is known when the document is stored, and by events at the latest. */
const WRONG_COMMERCE: readonly (readonly [string, unknown, string])[] = [
  ["no such field of a commerce event", { map: { currency: { value: "EUR" } } }, "/map/currency"],
  ["text for a commerce event", { value: "purchase" }, ""],
  ["a list for a commerce event", { set: ["properties"] }, ""],
  ["a wrong alternative", ["properties", { map: { totals: "a" } }], "/1/map/totals"],
  ["no such field of a product action", { map: action({ orderId: "a" }) }, "/map/product_action/map/orderId"],
  ["no such action", { map: action({ action: { value: "buy" } }) }, "/map/product_action/map/action/value"],
  [
    "no such action for want of one in the event",
    { map: action({ action: { key: "properties.action", value: "buy" } }) },
    "/map/product_action/map/action/value",
  ],
  [
    "a total in words",
    { map: action({ total_amount: { value: "ten" } }) },
    "/map/product_action/map/total_amount/value",
  ],
  [
    "half a step",
    { map: action({ checkout_step: { value: 1.5 } }) },
    "/map/product_action/map/checkout_step/value",
  ],
  [
    "a list where text is meant",
    { map: action({ transaction_id: { set: ["a"] } }) },
    "/map/product_action/map/transaction_id",
  ],
  [
    "one product for a list",
    { map: action({ products: { map: { id: "a" } } }) },
    "/map/product_action/map/products",
  ],
  [
    "text for a product",
    { map: action({ products: { loop: ["properties.items", { value: "a" }] } }) },
    "/map/product_action/map/products/loop/1",
  ],
  [
    "no such field of a product",
    { map: product({ id: "id", amount: "n" }) },
    "/map/product_action/map/products/loop/1/map/amount",
  ],
  [
    "a product that nothing tells",
    { map: product({ price: "price" }) },
    "/map/product_action/map/products/loop/1/map",
  ],
  [
    "attributes of a product that are none",
    { map: product({ id: "id", custom_attributes: { value: "a" } }) },
    "/map/product_action/map/products/loop/1/map/custom_attributes",
  ],
  [
    "no such action of a promotion",
    { map: { promotion_action: { map: { action: { value: "show" } } } } },
    "/map/promotion_action/map/action/value",
  ],
  [
    "a promotion action without its action",
    { map: { promotion_action: { map: { promotions: "properties.promotions" } } } },
    "/map/promotion_action/map",
  ],
  [
    "no such field of a promotion",
    {
      map: {
        promotion_action: {
          map: { action: { value: "view" }, promotions: { set: [{ map: { title: "a" } }] } },
        },
      },
    },
    "/map/promotion_action/map/promotions/set/0/map/title",
  ],
  [
    "no such field of an impression",
    { map: { product_impressions: { set: [{ map: { list: "a" } }] } } },
    "/map/product_impressions/set/0/map/list",
  ],
  ["no such currency", { map: { currency_code: { value: "Euro" } } }, "/map/currency_code/value"],
  ["a flag that is none", { map: { is_non_interactive: { value: "no" } } }, "/map/is_non_interactive/value"],
];

function errorsOf(mapping: unknown): (string | undefined)[] {
  const given = { mapping };
  const result = FeedSettingsSchema.safeParse(given);
  const errors = fieldErrors(result.error?.issues ?? [], given, (path) => ({ pointer: pointer(path) }));
  return errors.map((error) => error.pointer);
}

describe("a wrong mapping document", () => {
  it.each(WRONG_COMMERCE)("with %s gets an error that names the place", (_, commerce, place) => {
    expect(errorsOf({ rules: [{}, { event: "A", commerce }] })).toEqual([
      `/mapping/rules/1/commerce${place}`,
    ]);
  });

  it.each(WRONG)("with %s gets an error that names the place", (_, mapping, place) => {
    expect(errorsOf(mapping)).toEqual([expect.stringContaining(`/mapping${place}`)]);
  });

  it.each(WRONG.filter(([, mapping]) => !("denyUserAttributes" in (mapping as object))))(
    "with %s is refused by the functions too",
    (_, mapping) => {
      expect(() => parseFeed({ feedId: "a", mapping })).toThrow(ConfigError);
    },
  );

  it.each([
    ["a place", { map: action({ action: "properties.action", products: "properties.items" }) }],
    ["a conversion", { map: action({ action: { value: "PURCHASE", convert: "lower" } }) }],
    ["nothing", { map: action({ action: { value: null }, total_amount: { value: "" } }) }],
    ["what senders write otherwise", { map: action({ action: { value: "remove_from_wishlist" } }) }],
  ])("is not one whose commerce comes from %s", (_, commerce) => {
    expect(errorsOf({ rules: [{ event: "A", commerce }] })).toEqual([]);
  });
});
