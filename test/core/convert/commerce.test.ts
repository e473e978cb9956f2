import { describe, expect, it } from "vitest";
import { attributesOf, eventOf, noticed, type Setup, track } from "./support.ts";

/** The first product of an event's action. */
function productOf(event: Record<string, unknown>, setup?: Setup): unknown {
  const action = eventOf(event, setup)["product_action"] as { products: unknown[] };
  return action.products[0];
}

const orderWith = (product: Record<string, unknown>) => track("Order Completed", { products: [product] });

describe("a product", () => {
  it.each([
    [
      { product_id: "p-1", sku: "S-1", name: "Mug", brand: "B", category: "C", variant: "V", coupon: "X" },
      {
        id: "p-1",
        name: "Mug",
        brand: "B",
        category: "C",
        variant: "V",
        coupon_code: "X",
        custom_attributes: { sku: "S-1" },
      },
    ],
    [{ sku: "S-1" }, { id: "S-1" }],
    [{ id: "i-1" }, { id: "i-1" }],
    [
      { productId: "p-1", sku: "S-1" },
      { id: "p-1", custom_attributes: { sku: "S-1" } },
    ],
    [
      { product_id: "p-1", id: "i-1" },
      { id: "p-1", custom_attributes: { id: "i-1" } },
    ],
    [
      { product_id: 507, name: 8 },
      { id: "507", name: "8" },
    ],
    [
      { product_id: " ", sku: "S-1" },
      { id: "S-1", custom_attributes: { product_id: " " } },
    ],
    [{ name: "Mug" }, { name: "Mug" }],
    [
      { product_id: "p-1", price: "19.90", quantity: 3, position: "2" },
      { id: "p-1", price: 19.9, quantity: 3, position: 2, total_product_amount: 59.7 },
    ],
    [
      { product_id: "p-1", price: 19 },
      { id: "p-1", price: 19 },
    ],
    [
      { product_id: "p-1", price: 1e308, quantity: 1e308 },
      { id: "p-1", price: 1e308, quantity: 1e308 },
    ],
    [
      { product_id: "p-1", url: "https://x.example/1", sizes: ["S", "M"], stock: 4, eco: true, note: null },
      {
        id: "p-1",
        custom_attributes: { url: "https://x.example/1", sizes: '["S","M"]', stock: "4", eco: "true" },
      },
    ],
  ])("%j becomes %j", (product, expected) => {
    expect(productOf(orderWith(product))).toEqual(expected);
  });

  it.each([
    [{ price: "cheap" }, "price"],
    [{ price: {} }, "price"],
    [{ price: "0x10" }, "price"],
    [{ quantity: [1] }, "quantity"],
    [{ position: 1.5 }, "position"],
    [{ brand: { name: "B" } }, "brand"],
  ])("loses the field of %j that mParticle would refuse", (fields, key) => {
    const event = orderWith({ product_id: "p-1", ...fields });

    expect(productOf(event)).toEqual({ id: "p-1" });
    expect(noticed(event)).toEqual([`field_invalid properties.products[0].${key}`]);
  });

  it("is read from the event's own properties where there is no list", () => {
    const event = track("Product Added", {
      product_id: "p-1",
      sku: "S-1",
      name: "Mug",
      category: "Cups",
      price: 10,
      quantity: 2,
      coupon: "X",
      url: "https://x.example/1",
      image_url: "https://x.example/1.png",
      cart_id: "c-1",
    });

    expect(eventOf(event)).toEqual({
      event_type: "commerce_event",
      product_action: {
        action: "add_to_cart",
        products: [
          {
            id: "p-1",
            name: "Mug",
            category: "Cups",
            price: 10,
            quantity: 2,
            total_product_amount: 20,
            coupon_code: "X",
            custom_attributes: {
              sku: "S-1",
              url: "https://x.example/1",
              image_url: "https://x.example/1.png",
            },
          },
        ],
      },
      custom_attributes: { cart_id: "c-1" },
    });
  });

  it("is read from properties in camel case too", () => {
    const event = track("Product Viewed", { productId: "p-1", sku: "S-1", name: "Mug" });

    expect(eventOf(event)["product_action"]).toEqual({
      action: "view_detail",
      products: [{ id: "p-1", name: "Mug", custom_attributes: { sku: "S-1" } }],
    });
    expect(attributesOf(event)).toBeUndefined();
  });

  it("of an order needs an id where it is not in a list, and leaves the coupon to the order", () => {
    expect(eventOf(track("Order Completed", { sku: "S-1", name: "Mug", coupon: "X" }))).toEqual({
      event_type: "commerce_event",
      product_action: { action: "purchase", coupon_code: "X", products: [{ id: "S-1", name: "Mug" }] },
    });
  });

  it("loses a price of a million digits", () => {
    // Read in time that grows with the square of its length, it would outlast the test.
    const event = orderWith({ product_id: "p-1", price: `${"1".repeat(1_000_000)}x` });

    expect(productOf(event)).toEqual({ id: "p-1" });
  });

  it("has no total in the datafly preset", () => {
    const event = orderWith({ product_id: "p-1", price: 10, quantity: 2 });

    expect(productOf(event, { mapping: { preset: "datafly" } })).toEqual({
      id: "p-1",
      price: 10,
      quantity: 2,
    });
  });
});

describe("an order", () => {
  const products = [{ product_id: "p-1" }];

  it.each([
    [{ order_id: "o-1", checkout_id: "c-1" }, { transaction_id: "o-1" }, { checkout_id: "c-1" }],
    [{ orderId: "o-1", checkoutId: "c-1" }, { transaction_id: "o-1" }, { checkoutId: "c-1" }],
    [{ order_id: "", orderId: 1029 }, { transaction_id: "1029" }, { order_id: "" }],
    [{ checkout_id: 17 }, { transaction_id: "17" }, undefined],
    [{ total: 30, revenue: 25, value: 20 }, { total_amount: 30 }, { revenue: "25", value: "20" }],
    [{ revenue: "25.50" }, { total_amount: 25.5 }, undefined],
    [{ value: 20 }, { total_amount: 20 }, undefined],
    [{ total: "n/a", revenue: 25 }, { total_amount: 25 }, { total: "n/a" }],
    [{ tax: 2, shipping: 3 }, { tax_amount: 2, shipping_amount: 3 }, undefined],
    [{ affiliation: "Shop", coupon: "X" }, { affiliation: "Shop", coupon_code: "X" }, undefined],
    [{ list_id: "l-1", category: "Cups" }, { product_action_list: "l-1" }, { category: "Cups" }],
    [{ category: "Cups" }, { product_action_list: "Cups" }, undefined],
    [{ subtotal: 20, discount: 2, cart_id: "c" }, {}, { subtotal: "20", discount: "2", cart_id: "c" }],
    [{ step: 2, payment_method: "Visa" }, {}, { step: "2", payment_method: "Visa" }],
  ])("%j", (properties, action, attributes) => {
    expect(eventOf(track("Order Completed", { ...properties, products }))).toEqual({
      event_type: "commerce_event",
      product_action: { action: "purchase", ...action, products: [{ id: "p-1" }] },
      ...(attributes && { custom_attributes: attributes }),
    });
  });

  it.each([
    ["usd", "USD"],
    [" EUR ", "EUR"],
  ])("in %j is in %s", (currency, expected) => {
    expect(eventOf(track("Order Completed", { order_id: "o-1", currency }))).toMatchObject({
      currency_code: expected,
    });
  });

  it.each(["US dollars", "€", 840, { code: "USD" }])("in %j has a currency as attribute only", (currency) => {
    const event = track("Order Completed", { order_id: "o-1", currency });

    expect(eventOf(event)).not.toHaveProperty("currency_code");
    expect(attributesOf(event)).toHaveProperty("currency");
    expect(noticed(event)).toEqual(["field_invalid properties.currency"]);
  });
});

describe("a list of impressions", () => {
  it("that has no name is called unknown", () => {
    expect(eventOf(track("Product List Viewed", { products: [{ product_id: "p-1" }] }))).toMatchObject({
      product_impressions: [{ product_impression_list: "unknown" }],
    });
  });
});
