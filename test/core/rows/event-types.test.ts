import { describe, expect, it, test } from "vitest";
import { ruleLabelOf } from "../../../shared/core/convert/convert-event.ts";
import type { PartnerEvent } from "../../../shared/core/message.schema.ts";
import { contributionOf, convert, convertContext, noticed } from "../convert/support.ts";
import { attributes, batch, data, modelled, row } from "./support.ts";

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

it("rejects a row of a model that the feed does not have, which nothing maps then, and tells which it has", () => {
  const setup = modelled({ eventType: "user_attributes" });
  const labelOf = (model: string) =>
    ruleLabelOf({ ...row({}), model } as unknown as PartnerEvent, convertContext(setup).feed);

  for (const model of ["n", "constructor", "__proto__"]) {
    expect(noticed({ ...row({}), model }, setup)).toEqual(["row_model_unknown model"]);
    expect(labelOf(model)).toBeUndefined();
  }
  expect(labelOf("m")).toBe("row model m");
  const many = Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [`m${i}`, { eventType: "user_attributes" }]),
  );
  for (const [rows, known] of [
    [setup.feed?.["rows"], "it has m"],
    [{}, "it has none"],
    [many, "it has m0, m1, m2, m3, m4, m5, m6, m7, and 2 others"],
  ] as const)
    expect(convert({ ...row({}), model: "n" }, { feed: { rows } }).findings[0]?.message).toBe(
      `The feed has no row model of this name: ${known}.`,
    );
});

test("a row is sent where the mapping drops or refuses events that it does not name", () => {
  for (const unmapped of ["drop", "reject"])
    expect(attributes({ plan: "a" }, {}, { mapping: { unmapped } })).toEqual({ plan: "a" });
});
