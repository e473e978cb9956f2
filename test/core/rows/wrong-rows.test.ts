import { describe, expect, it, test } from "vitest";
import { convert, MOMENT, noticed } from "../convert/support.ts";
import { attributes, type Fields, modelled, row } from "./support.ts";

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

  it("names all columns that it may come from where none of them has it", () => {
    const messageOf = (values: Fields, customer_id: unknown) =>
      convert(row(values), modelled({ eventType: "user_attributes", fields: { customer_id } })).findings[0]
        ?.message;
    const many = Array.from({ length: 12 }, (_, i) => `C${i}`);

    expect(messageOf({ B: null }, ["A", "B"])).toBe(
      "The row's field customer_id, from columns A, B, is null; a row of user_attributes needs it.",
    );
    expect(messageOf({ a: "", B: null }, ["A", { key: "B" }])).toContain("from column a, is blank text");
    expect(messageOf({ a: "", B: 2 ** 60 }, ["A", { key: "B" }])).toContain("from column B, is a number");
    expect(messageOf({}, many)).toContain("from columns C0, C1, C2, C3, C4, C5, C6, C7, 4 others, is absent");
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

it("names the column that holds what is wrong, where several may", () => {
  const fields = { product_price: ["PRICE", "LIST_PRICE"] };
  const setup = modelled({ eventType: "commerce_event", fields });
  const values = {
    customer_id: "c",
    product_action: "click",
    product_id: "p",
    PRICE: null,
    LIST_PRICE: "cheap",
  };
  const [found] = convert(row(values), setup).findings;

  expect(found).toMatchObject({
    path: "values.LIST_PRICE",
    message: "The row's field product_price, from column LIST_PRICE, must be a number and is text.",
  });
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
