import { expect, test } from "vitest";
import { checkBody } from "../../../functions/onboarding-api/check-body.ts";
import { FeedSettingsSchema } from "../../../shared/api/feed.schema.ts";
import { parseFeed } from "../../../shared/core/validators.ts";

/** Place and sentence of all that the API says of a feed's settings. */
function errorsOf(settings: unknown): (readonly [string | undefined, string])[] {
  const checked = checkBody(FeedSettingsSchema, settings);
  return "errors" in checked ? checked.errors.map(({ pointer, message }) => [pointer, message] as const) : [];
}

const order = (fields: object, rest: object = {}) => ({
  rows: { orders: { eventType: "commerce_event", fields, ...rest } },
});
const purpose = (fields: object) => ({
  consent: { state: { gdpr: { ads: { consented: "a", ...fields } } } },
});

const INSTANT = "must be a time: ISO 8601, or epoch milliseconds since 2001";

const WRONG: [string, object, string, string][] = [
  ["a platform twice", { platforms: ["iOS", "iOS"] }, "/platforms", "must not name a platform twice"],
  [
    "a currency of a row",
    order({ currency_code: { value: "EURO" } }),
    "/rows/orders/fields/currency_code/value",
    "must be a currency's three letters, as EUR",
  ],
  [
    "a total of a row",
    order({ total_amount: { key: "TOTAL", value: "abc" } }),
    "/rows/orders/fields/total_amount/value",
    "must be a number",
  ],
  [
    "half a step of a row",
    order({ checkout_step: ["STEP", { value: 1.5 }] }),
    "/rows/orders/fields/checkout_step/1/value",
    "must be a whole number",
  ],
  [
    "a list for a row's customer",
    order({ customer_id: { set: ["A", "B"] } }),
    "/rows/orders/fields/customer_id",
    "must be one value, text or a number",
  ],
  [
    "a currency for want of one",
    order({ currency_code: { key: "CURRENCY", value: "Euro", convert: "trim" } }),
    "/rows/orders/fields/currency_code/value",
    "must be a currency's three letters, as EUR",
  ],
  [
    "one customer for all rows of users",
    { rows: { people: { eventType: "user_attributes", fields: { customer_id: { value: "acme" } } } } },
    "/rows/people/fields/customer_id/value",
    "must come from the row: all users who have it would be one person",
  ],
  ["a row's time", order({}, { timestamp: { value: "soon" } }), "/rows/orders/timestamp/value", INSTANT],
  [
    "an age of a row",
    { rows: { people: { eventType: "user_attributes", fields: { age: { value: "old" } } } } },
    "/rows/people/fields/age/value",
    "must be a number",
  ],
  [
    "a consent",
    purpose({ consented: { value: "maybe" } }),
    "/consent/state/gdpr/ads/consented/value",
    "must be true or false",
  ],
  [
    "a consent that is an object",
    purpose({ consented: { map: { a: "b" } } }),
    "/consent/state/gdpr/ads/consented",
    "must be true or false",
  ],
  [
    "a consent to the sale of data",
    { consent: { state: { ccpa: { data_sale_opt_out: { consented: { key: "a", value: 1 } } } } } },
    "/consent/state/ccpa/data_sale_opt_out/consented/value",
    "must be true or false",
  ],
  [
    "a consent's time",
    purpose({ timestamp: { value: 12 } }),
    "/consent/state/gdpr/ads/timestamp/value",
    INSTANT,
  ],
];

test.each<[string, object, string, string]>([
  [
    "an identity of a row",
    order({ email: "A.*.B" }),
    "/rows/orders/fields/email",
    "must be a place without *: that of one element is A[0].B",
  ],
  [
    "an attribute of a row",
    order({ tags: "A.*.B" }),
    "/rows/orders/fields/tags",
    'must be a place without *: for that of each element write {"loop": ["A", "B"]}',
  ],
  [
    "the consents of an event",
    { consent: { path: "a.*.b" } },
    "/consent/path",
    "must be a place without *: that of one element is a[0].b",
  ],
])("%s with a wildcard is told what to write", (_, settings, place, message) => {
  expect(errorsOf(settings)).toEqual([[place, message]]);
});

test.each(WRONG)("%s that can never be right is refused, with its place", (_, settings, place, message) => {
  expect(errorsOf(settings)).toEqual([[place, message]]);
});

test.each(WRONG)("%s that can never be right is delivered by where it is stored already", (_, settings) => {
  expect(() => parseFeed({ feedId: "a", ...settings })).not.toThrow();
});

test.each<[string, object]>([
  ["currency in lower case", order({ currency_code: { value: "eur" } })],
  ["number as text", order({ total_amount: { value: "9.50" } })],
  ["flag as warehouses write it", order({ is_non_interactive: { value: "t" } })],
  ["attribute of any kind", order({ tags: { set: ["A", { value: "b" }] } })],
  ["consent as text", purpose({ consented: { value: "true" }, document: { value: "terms-4" } })],
])("a constant may be a %s", (_, settings) => {
  expect(errorsOf(settings)).toEqual([]);
});
