import { describe, expect, it, test } from "vitest";
import { batchOf, contributionOf, convert, MOMENT_MS, noticed, type Setup } from "../convert/support.ts";
import { attributes, batch, data, type Fields, modelled, row } from "./support.ts";

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
      left: "1",
    },
    events: [],
  });
});

it.each([
  [{ address: { street: "secret", zip: 1 } }],
  [{ ADDRESS: '{"street": "secret", "zip": 1}' }],
  [{ "address.street": "secret", address: { zip: 1 } }],
])("sends nothing of a field that is null, wherever its name comes from: %j", (columns) => {
  for (const eventType of ["user_attributes", "custom_event"]) {
    const fields = { customer_id: "ID", event_name: { value: "E" }, "address.street": null };
    const { event_name: _, ...ofUser } = fields;
    const model = { eventType, fields: eventType === "custom_event" ? fields : ofUser };

    const sent = JSON.stringify(batch({ ID: "c", ...columns }, model));

    expect(sent).not.toContain("secret");
    expect(sent.toLowerCase()).toContain('"address.zip":"1"');
  }
});

it("looks at long text for whether it is blank at no cost", () => {
  const names = Array.from({ length: 60 }, (_, i) => `a${i}`);
  const fields = Object.fromEntries(names.map((name, i) => [name, [`payload.x${i}`, `C${i}`]]));
  const columns = Object.fromEntries(names.map((name, i) => [`C${i}`, name]));
  const model = {
    eventType: "custom_event",
    fields: { customer_id: "ID", event_name: { value: "E" }, ...fields },
  };

  const sent = JSON.stringify(batch({ ID: "c", payload: "x".repeat(100_000), ...columns }, model));

  for (const name of names) expect(sent).toContain(`"${name}":"${name}"`);
});

it("makes no person of blank cells that are hashed", () => {
  const model = {
    eventType: "custom_event",
    fields: { customer_id: [{ key: "MAIL", convert: ["trim", "sha256"] }, "ID"], event_name: { value: "E" } },
  };

  expect(batch({ ID: "u", MAIL: "  " }, model)).toMatchObject({ user_identities: { customer_id: "u" } });
});

describe("where one of several columns is blank", () => {
  const event = {
    eventType: "custom_event",
    fields: { customer_id: ["CID", "UID"], event_name: ["A", "B"] },
  };

  it("takes the next", () => {
    expect(batch({ CID: "", UID: "u2", A: " ", B: "Seen" }, event)).toMatchObject({
      user_identities: { customer_id: "u2" },
      events: [{ data: { event_name: "Seen" } }],
    });
    expect(attributes({ NICK: "", NAME: "Ada" }, { fields: { first_name: ["NICK", "NAME"] } })).toEqual({
      $firstname: "Ada",
    });
  });

  it("takes the constant beside it", () => {
    const fields = { event_name: { key: "A", value: "Unnamed" } };

    expect(data({ A: "" }, { eventType: "custom_event", fields })).toMatchObject({ event_name: "Unnamed" });
  });

  it("names the one that counts", () => {
    const fields = { product_action: { value: "click" }, product_id: "ID", product_price: ["NET", "GROSS"] };
    const setup = modelled({ eventType: "commerce_event", fields });

    expect(noticed(row({ customer_id: "c", ID: "p", NET: "", GROSS: "cheap" }), setup)).toEqual([
      "row_value_invalid values.GROSS",
    ]);
  });
});

describe("what a model says is never sent", () => {
  test.each<[string, Fields, Fields, Fields | undefined]>([
    ["an identity", { email: null }, { email: "a@b.c", plan: "x" }, { plan: "x" }],
    ["its column in any case", { email: null }, { EMAIL: "a@b.c", Email: "b@b.c" }, undefined],
    ["a reserved attribute", { first_name: null }, { FIRST_NAME: "Ada" }, undefined],
    ["an attribute", { plan: null }, { Plan: "x" }, undefined],
    ["the column of a field by another case", { EMAIL: null }, { email: "a@b.c" }, undefined],
  ])("%s", (_, fields, values, expected) => {
    const made = batch({ customer_id: "c", ...values }, { eventType: "user_attributes", fields });

    expect(made["user_identities"]).toEqual({ customer_id: "c" });
    expect(made["user_attributes"]).toEqual(expected);
  });

  it("is left as it is by a sync that deletes", () => {
    const model = { eventType: "user_attributes", sync: "mirror", fields: { plan: null } };

    expect(batch({ customer_id: "c", PLAN: null }, model)).not.toHaveProperty("deleted_user_attributes");
  });

  it("can still be where another field comes from", () => {
    expect(attributes({ EMAIL: "a@b.c" }, { fields: { email: null, contact: "email" } })).toEqual({
      contact: "a@b.c",
    });
  });

  it("is no attribute of an event, whichever column holds it", () => {
    const fields = { event_name: { value: "A" }, email: null, secret: null };
    const values = { EMAIL: "a@b.c", Secret: "x", custom_attributes: { secret: "y", plan: "x" } };

    expect(data(values, { eventType: "custom_event", fields })["custom_attributes"]).toEqual({ plan: "x" });
  });

  it("may be the id that the message gives", () => {
    const setup = modelled({ eventType: "user_attributes", fields: { other: null } });
    const event = row({ customer_id: "c", other: "o" }, { anonymousId: "a-1" });

    expect(contributionOf(event, setup).envelope).toEqual({ userIdentities: { customer_id: "c" } });
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

it("reads columns of dangerous names as columns", () => {
  const values = JSON.parse('{"customer_id":"c","__proto__":{"a":1},"constructor":"x","":"blank"}');
  const setup = modelled({ eventType: "custom_event", fields: { event_name: { value: "A" } } });

  expect(batchOf(contributionOf(row(values), setup))["events"]).toMatchObject([
    { data: { custom_attributes: { constructor: "x" } } },
  ]);
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
