import { describe, expect, it, test } from "vitest";
import { checkBatch, parseFeed } from "../../../shared/core/validators.ts";
import {
  batchOf,
  contributionOf,
  convert,
  MOMENT,
  MOMENT_MS,
  noticed,
  SENT_AT_MS,
  type Setup,
} from "../convert/support.ts";

type Fields = Record<string, unknown>;

const modelled = (model: Fields, rest: Setup = {}): Setup => ({
  ...rest,
  feed: { ...rest.feed, rows: { m: model } },
});
const row = (values: Fields, over: Fields = {}) => ({ type: "row", model: "m", values, ...over });

/** What a row becomes, as it is sent. */
function batch(values: Fields, model: Fields, rest?: Setup): Fields {
  const made = batchOf(
    contributionOf(row(values, { messageId: "m-1", timestamp: MOMENT }), modelled(model, rest)),
  );
  const { isAlone: _, messageId: __, occurredAtMs: ___, environment: ____, ...sent } = made;
  const { userAttributes: _____, deletedUserAttributes: ______, ...wire } = sent;
  expect(checkBatch(wire)).toBeUndefined();
  return wire;
}
const attributes = (values: Fields, model: Fields = {}, rest?: Setup) =>
  batch({ customer_id: "c", ...values }, { eventType: "user_attributes", ...model }, rest)["user_attributes"];
const deleted = (values: Fields, model: Fields) =>
  batch({ customer_id: "c", ...values }, { eventType: "user_attributes", ...model })[
    "deleted_user_attributes"
  ];
const data = (values: Fields, model: Fields) => {
  const [event] = batch({ customer_id: "c", ...values }, model)["events"] as { data: Fields }[];
  const { timestamp_unixtime_ms, source_message_id, ...rest } = event?.data ?? {};
  return rest;
};

describe("the default fields of each event type", () => {
  it("user_attributes: identities, mParticle's own attributes, and the other columns", () => {
    const values = {
      customer_id: 17,
      email: " ada@example.com ",
      mobile_number: "+44 20 7946 0102",
      phone_number_2: "555-0100",
      first_name: "Ada",
      last_name: "Berg",
      age: 34,
      gender: "female",
      country: "GB",
      city: "Leeds",
      zip: "LS1",
      plan: "plus",
    };

    expect(batch(values, { eventType: "user_attributes" })).toEqual({
      user_identities: {
        customer_id: "17",
        email: "ada@example.com",
        mobile_number: "+442079460102",
        phone_number_2: "555-0100",
      },
      user_attributes: {
        $firstname: "Ada",
        $lastname: "Berg",
        $age: "34",
        $gender: "F",
        $country: "GB",
        $city: "Leeds",
        $zip: "LS1",
        plan: "plus",
      },
      events: [],
    });
  });

  it("custom_event: name, type, and properties that are flattened", () => {
    const values = {
      event_name: "Plan Changed",
      custom_event_type: "User Preference",
      custom_attributes: '{"plan":"plus","billing":{"period":"year"},"tags":["a","b"]}',
      source: "crm",
    };

    expect(data(values, { eventType: "custom_event" })).toEqual({
      event_name: "Plan Changed",
      custom_event_type: "user_preference",
      custom_attributes: { plan: "plus", "billing.period": "year", tags: '["a","b"]', source: "crm" },
    });
  });

  it("custom_event: of type other, where the row does not say", () => {
    expect(data({ event_name: "A" }, { eventType: "custom_event" })).toEqual({
      event_name: "A",
      custom_event_type: "other",
    });
  });

  it("commerce_event: an action with one product", () => {
    const values = {
      product_action: "Remove from wishlist",
      product_id: 1234,
      product_name: "Mug",
      product_price: "12.50",
      product_quantity: "2",
      currency_code: "nok",
      total_amount: "25.00",
      transaction_id: 99,
      is_non_interactive: "t",
      warehouse: "oslo",
    };

    expect(data(values, { eventType: "commerce_event" })).toEqual({
      product_action: {
        action: "remove_from_wish_list",
        transaction_id: "99",
        total_amount: 25,
        products: [{ id: "1234", name: "Mug", price: 12.5, quantity: 2, total_product_amount: 25 }],
      },
      currency_code: "NOK",
      is_non_interactive: true,
      custom_attributes: { warehouse: "oslo" },
    });
  });

  it("screen_view: name and activity type", () => {
    expect(
      data({ screen_name: "Home", activity_type: "activity_started" }, { eventType: "screen_view" }),
    ).toEqual({
      screen_name: "Home",
      activity_type: "activity_started",
    });
  });
});

it("takes columns whatever their case, as some warehouses shout", () => {
  expect(
    batch({ CUSTOMER_ID: "c", FIRST_NAME: "Ada", PLAN: "plus" }, { eventType: "user_attributes" }),
  ).toMatchObject({
    user_identities: { customer_id: "c" },
    user_attributes: { $firstname: "Ada", PLAN: "plus" },
  });
});

describe("columns that a model names are meant whatever their case", () => {
  const model = { eventType: "user_attributes", sync: "mirror", fields: { plan: "PLAN", tier: "sub.tier" } };

  test.each([
    [{ Plan: "plus", SUB: { tier: 1 } }, { plan: "plus", tier: "1" }, undefined],
    [{ PLAN: "exact", plan: "other" }, { plan: "exact" }, ["tier"]],
    [{ Plan: null, sub: { tier: 2 } }, { tier: "2" }, ["plan"]],
  ])("%j", (values, set, gone) => {
    const made = batch({ customer_id: "c", ...values }, { ...model, otherColumns: "drop" });

    expect(made["user_attributes"]).toEqual(set);
    expect(made["deleted_user_attributes"]).toEqual(gone);
  });

  it.each(["TAGS[0]", "TAGS.0"])("%s is nothing in an empty list", (place) => {
    const mirror = { eventType: "user_attributes", sync: "mirror", fields: { tag: place } };

    expect(batch({ customer_id: "c", tags: [] }, mirror)["deleted_user_attributes"]).toEqual(["tag"]);
    expect(batch({ customer_id: "c", tags: ["a"] }, mirror)["user_attributes"]).toEqual({ tag: "a" });
  });

  it("and are sent nowhere else", () => {
    expect(attributes({ Plan: "plus", Sub: { tier: 1 } }, model)).toEqual({ plan: "plus", tier: "1" });
  });

  it("findings name the column as the row has it", () => {
    const setup = modelled({ eventType: "commerce_event", fields: { product_price: "PRICE" } });
    const values = { customer_id: "c", product_action: "click", product_id: "p", Price: "cheap" };

    expect(noticed(row(values), setup)).toEqual(["row_value_invalid values.Price"]);
  });

  it("key and timestamp too", () => {
    const setup = modelled({ eventType: "custom_event", key: ["ID"], timestamp: "AT" });
    const made = (values: Fields) =>
      contributionOf(row({ customer_id: "c", event_name: "A", ...values }), setup);

    expect(made({ id: 1, at: MOMENT_MS }).occurredAtMs).toBe(MOMENT_MS);
    expect(made({ id: 1, x: 1 }).messageId).toBe(made({ Id: 1, x: 2 }).messageId);
    expect(made({ id: 1 }).messageId).not.toBe(made({ id: 2 }).messageId);
  });
});

it("takes fields from where the model says, and sends what those columns hold nowhere else", () => {
  const model = {
    eventType: "user_attributes",
    fields: {
      customer_id: "ID",
      other: "anon",
      first_name: ["NICK", "NAME"],
      plan: { key: "sub.plan", convert: "lower" },
      source: { value: "dwh" },
      email: null,
      $state: 'the state["a.b"]',
    },
  };
  const values = {
    ID: "c-1",
    anon: "a-1",
    NICK: null,
    NAME: "Ada",
    sub: { plan: "PLUS", since: 2020 },
    email: "ada@example.com",
    "the state": { "a.b": "Oslo" },
    left: 1,
  };

  expect(batch(values, model)).toEqual({
    user_identities: { customer_id: "c-1", other: "a-1" },
    user_attributes: {
      $firstname: "Ada",
      plan: "plus",
      source: "dwh",
      $state: "Oslo",
      email: "ada@example.com",
      left: "1",
    },
    events: [],
  });
});

it("drops columns that no field takes, where the model says so", () => {
  expect(attributes({ first_name: "Ada", secret: "x" }, { otherColumns: "drop" })).toEqual({
    $firstname: "Ada",
  });
});

it("puts the prefix of the model, else of the mapping, before custom names", () => {
  const setup = { mapping: { attributePrefix: "acme_" } };

  expect(attributes({ plan: "a", city: "Oslo" }, {}, setup)).toEqual({ acme_plan: "a", $city: "Oslo" });
  expect(attributes({ plan: "a" }, { attributePrefix: "dwh_" }, setup)).toEqual({ dwh_plan: "a" });
});

it("holds to the mapping's rules for e-mail, phone and names", () => {
  const setup = { mapping: { email: "hashed", denyUserAttributes: ["secret"] } };
  const made = batch(
    { customer_id: "c", email: "Ada@Example.com", secret: "x", plan: "a" },
    { eventType: "user_attributes" },
    setup,
  );

  expect(made).toMatchObject({ user_identities: { customer_id: "c" } });
  expect(made["user_identities"]).not.toHaveProperty("email");
  expect(Object.keys(made["user_attributes"] as Fields)).toEqual(["plan", "email_sha256"]);
});

it("names the user by its message, where the row does not", () => {
  const event = row({ plan: "a" }, { userId: "u-1", anonymousId: "a-1", partnerUserId: "p-1" });
  const { envelope } = contributionOf(event, {
    ...modelled({ eventType: "user_attributes" }),
    partnerIdentity: "Acme_id",
  });

  expect(envelope).toEqual({
    userIdentities: { customer_id: "u-1", other: "a-1" },
    partnerIdentities: { Acme_id: "p-1" },
  });
});

describe("consent", () => {
  const consent = { state: { gdpr: { ads: { consented: "values.ads_ok" } } } };
  const event = row({ customer_id: "c", ads_ok: "true" });
  const setup = (kind: string) => ({
    ...modelled({ eventType: "user_attributes" }, { feed: { kind, consent } }),
  });

  it("is said of a row's user by a custom feed", () => {
    expect(contributionOf(event, setup("custom")).envelope.consentState).toEqual({
      gdpr: { ads: { consented: true, timestamp_unixtime_ms: undefined } },
    });
  });

  it("is left out by a partner feed, which says so", () => {
    expect(contributionOf(event, setup("partner")).envelope).not.toHaveProperty("consentState");
    expect(noticed(event, setup("partner"))).toEqual(["consent_stripped consent.state"]);
  });
});

describe("what a null says", () => {
  const fields = { plan: "PLAN", city: "CITY" };

  test.each([
    ["insert", { PLAN: null, other: null, CITY: "Oslo" }, undefined],
    ["upsert", { PLAN: null, other: null, CITY: "Oslo" }, undefined],
    ["update", { PLAN: null, other: null, first_name: null, CITY: "Oslo" }, ["plan", "$firstname", "other"]],
    ["update", { CITY: "Oslo" }, undefined],
    ["mirror", { CITY: "Oslo" }, ["plan"]],
    ["mirror", { PLAN: null, CITY: null, x: null }, ["plan", "$city", "x"]],
    ["mirror", { PLAN: "a", CITY: "b" }, undefined],
  ])("%s of %j deletes %j", (sync, values, expected) => {
    expect(deleted(values, { fields, sync })).toEqual(expected);
  });

  test.each([
    ["update", { sub: { plan: null } }, ["plan"]],
    ["update", { sub: null }, ["plan"]],
    ["update", { sub: {} }, undefined],
    ["mirror", { sub: {} }, ["plan"]],
    ["mirror", { sub: '{"plan":"plus"}' }, undefined],
    ["mirror", { sub: [{ plan: "plus" }] }, undefined],
    ["upsert", { sub: { plan: null } }, undefined],
  ])("%s of the nested %j deletes %j", (sync, values, expected) => {
    expect(deleted(values, { fields: { plan: "sub.plan" }, sync })).toEqual(expected);
  });

  it("deletes nothing for a value that cannot be converted", () => {
    const model = { sync: "mirror", fields: { score: { key: "SCORE", convert: "number" } } };

    expect(deleted({ SCORE: "high" }, model)).toBeUndefined();
  });
});

describe("types of warehouses", () => {
  test.each([
    ["decimal text", "12.340", "12.340"],
    ["a boolean", false, "false"],
    ["digits beyond a number", "123456789012345678901", "123456789012345678901"],
    ["a date", "2026-11-24", "2026-11-24"],
    ["a BigQuery date", { value: "2026-11-24" }, "2026-11-24"],
    ["a list", ["a", 1, null, true], ["a", "1", "true"]],
    ["JSON text of a list", '["a","b"]', ["a", "b"]],
    ["text in brackets that is no JSON", "[draft]", "[draft]"],
    ["blank text", "", ""],
  ])("an attribute of %s", (_, value, expected) => {
    expect(attributes({ it: value })).toEqual({ it: expected });
  });

  it("an attribute of an object, or of JSON text of one, is flattened", () => {
    expect(attributes({ it: { a: { b: 1 } }, text: '{"a":true}' })).toEqual({
      "it.a.b": "1",
      "text.a": "true",
    });
  });

  it("an attribute of JSON text keeps all digits of its numbers", () => {
    expect(
      attributes({
        it: '{"id":12345678901234567890,"small":1.50,"ids":[-9007199254740993,1]}',
        ids: "[9007199254740993]",
        large: '{"x":1e300}',
      }),
    ).toEqual({
      "it.id": "12345678901234567890",
      "it.small": "1.5",
      "it.ids": ["-9007199254740993", "1"],
      ids: ["9007199254740993"],
      "large.x": "1e+300",
    });
  });

  it("JSON text stays text where the model says so", () => {
    expect(attributes({ it: "[1]" }, { fields: { it: { key: "it", convert: "string" } } })).toEqual({
      it: "[1]",
    });
  });

  test.each([
    [0, false],
    [1, true],
    ["0", false],
    ["F", false],
    ["true", true],
    ["yes", true],
    [true, true],
  ])("a boolean of %j", (value, expected) => {
    const values = { product_action: "click", product_id: "p", is_non_interactive: value };

    expect(data(values, { eventType: "commerce_event" })).toMatchObject({ is_non_interactive: expected });
  });

  test.each([
    ["a date", "2024-01-29", "2024-01-29T00:00:00.000Z", true],
    ["a time without zone", "2024-01-29 14:53:20.123456", "2024-01-29T14:53:20.123Z", true],
    ["with T", "2024-01-29T14:53:20", "2024-01-29T14:53:20.000Z", true],
    ["an offset", "2024-01-29 14:53:20.000 +0200", "2024-01-29T12:53:20.000Z", false],
    ["a short offset", "2024-01-29 14:53:20-01", "2024-01-29T15:53:20.000Z", false],
    ["an offset with its zone", "2024-01-29T15:53:20+01:00[Europe/Oslo]", MOMENT, false],
    ["UTC in words", "2024-01-29 14:53:20 UTC", "2024-01-29T14:53:20.000Z", false],
    ["BigQuery's object", { value: "2024-01-29T14:53:20.5Z" }, "2024-01-29T14:53:20.500Z", false],
    ["epoch milliseconds", MOMENT_MS, MOMENT, false],
    ["epoch microseconds", MOMENT_MS * 1000, MOMENT, false],
    ["epoch nanoseconds in text", `${MOMENT_MS}000000`, MOMENT, false],
  ])("a timestamp as %s", (_, value, expected, isWithoutZone) => {
    const setup = modelled({ eventType: "user_attributes", timestamp: "AT" });
    const event = row({ customer_id: "c", AT: value });

    expect(new Date(contributionOf(event, setup).occurredAtMs).toISOString()).toBe(expected);
    expect(noticed(event, setup)).toEqual(isWithoutZone ? ["timestamp_without_zone values.AT"] : []);
  });

  it.each([[{}], [{ AT: null }]])("a timestamp that is absent is told: %j", (values) => {
    const setup = modelled({ eventType: "user_attributes", timestamp: "AT" });
    const event = row({ customer_id: "c", ...values }, { timestamp: MOMENT });

    expect(contributionOf(event, setup).occurredAtMs).toBe(MOMENT_MS);
    expect(noticed(event, setup)).toEqual(["row_timestamp_missing values.AT"]);
  });

  it("a timestamp that cannot be read is not the row's time", () => {
    const setup = modelled({ eventType: "user_attributes", timestamp: "AT" });
    const event = row({ customer_id: "c", AT: "soon" }, { timestamp: MOMENT });

    expect(contributionOf(event, setup).occurredAtMs).toBe(MOMENT_MS);
    expect(noticed(event, setup)).toEqual(["timestamp_invalid values.AT"]);
  });
});

describe("a row that lacks what its event type needs is rejected, by field, column and type", () => {
  test.each([
    ["user_attributes", {}, {}, "customer_id, from column customer_id, is absent"],
    ["user_attributes", { ID: null }, { customer_id: "ID" }, "customer_id, from column ID, is null"],
    ["user_attributes", { customer_id: " " }, {}, "customer_id, from column customer_id, is blank text"],
    ["user_attributes", { customer_id: {} }, {}, "customer_id, from column customer_id, is an object"],
    [
      "user_attributes",
      { customer_id: 2 ** 60 },
      {},
      "customer_id, from column customer_id, is a number that lost digits (send it as text)",
    ],
    ["custom_event", { customer_id: 1 }, {}, "event_name, from column event_name, is absent"],
    [
      "custom_event",
      { customer_id: 1, EVENT_NAME: ["a"] },
      {},
      "event_name, from column EVENT_NAME, must be text and is a list",
    ],
    ["screen_view", { customer_id: 1 }, {}, "screen_name, from column screen_name, is absent"],
    [
      "commerce_event",
      { customer_id: 1, product_action: "buy" },
      {},
      "product_action, from column product_action, must be one of add_to_cart, remove_from_cart, checkout, checkout_option, click, view_detail, purchase, refund, add_to_wishlist, remove_from_wish_list and is text",
    ],
  ])("%s of %j", (eventType, values, fields, message) => {
    const conversion = convert(row(values), modelled({ eventType, fields }));

    expect(conversion.kind).toBe("rejected");
    expect(conversion.findings[0]).toMatchObject({
      code: "row_field_missing",
      message: `The row's field ${message}; a row of ${eventType} needs it.`,
    });
  });

  it("names no value", () => {
    const { findings } = convert(
      row({ customer_id: 1, product_action: "SECRET", product_price: "SECRET" }),
      modelled({ eventType: "commerce_event" }),
    );

    expect(JSON.stringify(findings)).not.toContain("SECRET");
  });
});

it("takes an age as a number, in text too, and nothing else for one", () => {
  const setup = modelled({ eventType: "user_attributes" });

  expect(attributes({ age: "34" })).toEqual({ $age: "34" });
  expect(attributes({ age: "thirty", plan: "plus" })).toEqual({ plan: "plus" });
  expect(noticed(row({ customer_id: "c", age: "thirty" }), setup)).toEqual(["row_value_invalid values.age"]);
  expect(noticed(row({ customer_id: "c", age: "" }), setup)).toEqual([]);
});

it("leaves out what is of another type, and names field, column and type", () => {
  const setup = modelled({ eventType: "commerce_event", fields: { product_price: "PRICE" } });
  const values = {
    customer_id: "c",
    product_action: "purchase",
    product_id: ["p"],
    PRICE: "cheap",
    total_amount: {},
    currency_code: "euro",
    checkout_step: 1.5,
    is_non_interactive: "maybe",
    custom_attributes: "none",
    custom_event_type: "x",
  };
  const { findings } = convert(row(values, { timestamp: MOMENT }), setup);

  expect(findings.map(({ code, path }) => `${code} ${path}`)).toEqual([
    "row_value_invalid values.custom_attributes",
    "row_value_invalid values.currency_code",
    "row_value_invalid values.is_non_interactive",
    "row_value_invalid values.product_id",
    "row_product_missing values",
    "row_value_invalid values.total_amount",
    "row_value_invalid values.checkout_step",
  ]);
  expect(findings[1]?.message).toBe(
    "The row's field currency_code, from column currency_code, must be three letters and is text.",
  );
});

describe("a list or an object where a row needs a word", () => {
  let deep: unknown = "purchase";
  for (let i = 0; i < 10_000; i++) deep = [deep];
  const words = [["purchase"], { toString: null }, deep];

  test.each([
    ["commerce_event", "product_action"],
    ["custom_event", "event_name"],
    ["screen_view", "screen_name"],
  ])("%s is rejected for its %s", (eventType, field) => {
    for (const word of words) {
      const conversion = convert(row({ customer_id: "c", [field]: word }), modelled({ eventType }));

      expect(conversion.kind).toBe("rejected");
      expect(conversion.findings[0]).toMatchObject({ code: "row_field_missing", path: `values.${field}` });
    }
  });

  test.each([
    ["custom_event", { event_name: "A" }, "custom_event_type"],
    ["commerce_event", { product_action: "click", product_id: "p" }, "currency_code"],
    ["commerce_event", { product_action: "click", product_id: "p" }, "affiliation"],
  ])("%s with %j is sent without its %s", (eventType, values, field) => {
    for (const word of words)
      expect(noticed(row({ customer_id: "c", ...values, [field]: word }), modelled({ eventType }))).toEqual([
        `row_value_invalid values.${field}`,
      ]);
  });
});

it("rejects a row of a model that the feed does not have", () => {
  for (const model of ["n", "constructor", "__proto__"])
    expect(noticed({ ...row({}), model }, modelled({ eventType: "user_attributes" }))).toEqual([
      "row_model_unknown model",
    ]);
});

it("reads columns of dangerous names as columns", () => {
  const values = JSON.parse('{"customer_id":"c","__proto__":{"a":1},"constructor":"x","":"blank"}');
  const setup = modelled({ eventType: "custom_event", fields: { event_name: { value: "A" } } });

  expect(batchOf(contributionOf(row(values), setup))["events"]).toMatchObject([
    { data: { custom_attributes: { constructor: "x" } } },
  ]);
});

describe("the id of a row without one", () => {
  const idOf = (values: Fields, model: Fields, over: Fields = {}) =>
    contributionOf(row({ customer_id: "c", event_name: "A", ...values }, over), modelled(model)).messageId;
  const event = { eventType: "custom_event" };

  it("is the event's key", () => {
    const model = { ...event, key: ["id"] };

    expect(idOf({ id: 1, x: 1 }, model)).toBe(idOf({ x: 2, id: 1 }, model));
    expect(idOf({ id: 1 }, model)).not.toBe(idOf({ id: 2 }, model));
  });

  it("is all of the event's values where there is no key, or one with holes", () => {
    expect(idOf({ x: 1, y: 2 }, event)).toBe(idOf({ y: 2, x: 1 }, event));
    expect(idOf({ x: 1 }, event)).not.toBe(idOf({ x: 2 }, event));
    expect(idOf({ id: null, x: 1 }, { ...event, key: ["id"] })).not.toBe(
      idOf({ id: null, x: 2 }, { ...event, key: ["id"] }),
    );
  });

  it("is of a user's row and its time, so that a value that comes back is no repetition", () => {
    const model = { eventType: "user_attributes" };

    expect(idOf({ plan: "a" }, model, { timestamp: MOMENT })).toBe(
      idOf({ plan: "a" }, model, { timestamp: MOMENT }),
    );
    expect(idOf({ plan: "a" }, model, { timestamp: MOMENT })).not.toBe(
      idOf({ plan: "a" }, model, { timestamp: MOMENT_MS + 1 }),
    );
  });

  it("is not needed where the message has one", () => {
    expect(idOf({}, event, { messageId: "m-9" })).toBe("m-9");
  });
});

test("a row of which no time is known happened when its message was sent", () => {
  expect(
    contributionOf(row({ customer_id: "c" }), modelled({ eventType: "user_attributes" })).occurredAtMs,
  ).toBe(SENT_AT_MS);
});

describe("a model that cannot work is refused when it is stored, with its place", () => {
  test.each<[Fields, string]>([
    [
      { eventType: "page" },
      "rows.m.eventType is not one of user_attributes, custom_event, commerce_event, screen_view",
    ],
    [{}, "rows.m.eventType is required"],
    [{ eventType: "custom_event", colour: 1 }, "rows.m.colour is not a known field"],
    [
      { eventType: "custom_event", sync: "update" },
      "rows.m.sync must be insert or upsert: an event cannot be changed by update",
    ],
    [
      { eventType: "custom_event", sync: "mirror" },
      "rows.m.sync must be insert or upsert: an event cannot be changed by mirror",
    ],
    [
      { eventType: "user_attributes", key: ["id"] },
      "rows.m.key is for events: a user's row is news whenever one of its values is",
    ],
    [
      { eventType: "custom_event", fields: { event_name: null } },
      "rows.m.fields.event_name must not be null: a row of custom_event needs it",
    ],
    [
      { eventType: "screen_view", fields: { screen_name: { value: " " } } },
      "rows.m.fields.screen_name.value must not be blank: a row of screen_view needs it",
    ],
    [
      { eventType: "screen_view", fields: { customer_id: null } },
      "rows.m.fields.customer_id must not be null: a row of screen_view needs it",
    ],
    [
      { eventType: "custom_event", fields: { custom_event_type: { value: "x" } } },
      "rows.m.fields.custom_event_type.value must be one of navigation, location, search, transaction, user_content, user_preference, social, other, media",
    ],
    [
      { eventType: "custom_event", fields: { x: { fn: "a" } } },
      "rows.m.fields.x.fn would be code, which a document cannot hold",
    ],
    [
      { eventType: "custom_event", fields: { x: "a..b" } },
      "rows.m.fields.x must be a place such as properties.total or properties.products[0].name",
    ],
    [
      { eventType: "custom_event", fields: { event_name: { value: { toString: 1 } } } },
      "rows.m.fields.event_name.value must be text, a number, true, false or null",
    ],
    [
      { eventType: "commerce_event", fields: { product_action: { value: { toString: 1 } } } },
      "rows.m.fields.product_action.value must be text, a number, true, false or null",
    ],
    [
      { eventType: "custom_event", timestamp: { key: 1 } },
      "rows.m.timestamp.key must be a place in the event",
    ],
  ])("%j", (model, message) => {
    expect(() => parseFeed({ feedId: "default", rows: { m: model } })).toThrow(message);
  });
});

test.each<[string, Fields, Setup, string]>([
  ["that is not for mParticle", { integrations: { mParticle: false } }, {}, "integrations"],
  ["of a tenant that sends none", {}, { tenant: { blockedEvents: ["row"] } }, "blocked"],
  ["without consent", {}, { feed: { consent: { required: ["ads"] } } }, "consent:ads"],
])("a row %s is filtered", (_, over, setup, rule) => {
  const conversion = convert(
    row({ customer_id: "c" }, over),
    modelled({ eventType: "user_attributes" }, setup),
  );

  expect(conversion).toMatchObject({ kind: "filtered", rule });
});

test("a row is sent where the mapping drops or refuses events that it does not name", () => {
  for (const unmapped of ["drop", "reject"])
    expect(attributes({ plan: "a" }, {}, { mapping: { unmapped } })).toEqual({ plan: "a" });
});
