/** Events in the shapes in which the libraries of other tools send them; the data is made up. */
import { describe, expect, it } from "vitest";
import { checkBatch } from "../../../shared/core/validators.ts";
import { batchOf, contributionOf, MOMENT, MOMENT_MS, type Setup } from "./support.ts";

type Fields = Record<string, unknown>;

const common = { timestamp_unixtime_ms: MOMENT_MS, source_message_id: "m-1" };

function sent(event: Fields, setup?: Setup): Fields {
  const batch = batchOf(contributionOf({ messageId: "m-1", timestamp: MOMENT, ...event }, setup));
  expect(checkBatch(batch)).toBeUndefined();
  return batch;
}

describe("an event arrives as", () => {
  it("version 1 of the Segment spec names its parts", () => {
    const properties = {
      orderId: "o-17",
      revenue: 25,
      tax: 2,
      coupon: "tea",
      currency: "EUR",
      products: [{ id: "t-1", name: "Assam", price: 12.5, quantity: 2, category: "Tea" }],
    };

    expect(sent({ type: "track", userId: "u-1", event: "Order Completed", properties })["events"]).toEqual([
      {
        event_type: "commerce_event",
        data: {
          ...common,
          currency_code: "EUR",
          product_action: {
            action: "purchase",
            transaction_id: "o-17",
            total_amount: 25,
            tax_amount: 2,
            coupon_code: "tea",
            products: [
              {
                id: "t-1",
                name: "Assam",
                category: "Tea",
                price: 12.5,
                quantity: 2,
                total_product_amount: 25,
              },
            ],
          },
        },
      },
    ]);
  });

  it("a library of phones describes its device", () => {
    const idfv = "7e22d26b-6a42-4d33-8f6c-0a5f1a0a4d4b";
    const context = {
      app: { name: "Teas", version: "2.1", build: "41", namespace: "com.example.teas" },
      device: {
        id: idfv,
        manufacturer: "Apple",
        model: "iPhone7,2",
        name: "maguro",
        adTrackingEnabled: false,
      },
      os: { name: "iPhone OS", version: "8.1.3" },
      network: { bluetooth: false, carrier: "T-Mobile", cellular: true, wifi: false },
      screen: { height: 568, width: 320, density: 2 },
      locale: "de-AT",
    };

    expect(sent({ type: "screen", anonymousId: "a-1", name: "Basket", context })).toEqual({
      environment: "production",
      user_identities: { other: "a-1" },
      application_info: {
        application_name: "Teas",
        application_version: "2.1",
        application_build_number: "41",
        package: "com.example.teas",
      },
      device_info: {
        platform: "iOS",
        ios_idfv: idfv,
        device_manufacturer: "Apple",
        device_model: "iPhone7,2",
        device: "maguro",
        limit_ad_tracking: true,
        os_version: "8.1.3",
        bluetooth_enabled: false,
        network_carrier: "T-Mobile",
        screen_height: 568,
        screen_width: 320,
        locale_language: "de",
        locale_country: "AT",
      },
      events: [
        {
          event_type: "screen_view",
          data: {
            ...common,
            screen_name: "Basket",
            custom_attributes: { screen_density: "2" },
            device_current_state: { data_connection_type: "mobile" },
          },
        },
      ],
    });
  });

  it("RudderStack's library for browsers sends who is not known yet, and what brought them", () => {
    const context = {
      traits: { email: "ada@example.com", plan: "gold" },
      campaign: { name: "spring", source: "letter", id: "c-9" },
      page: { path: "/teas", title: "Teas", initial_referrer: "$direct" },
      os: { name: "", version: "" },
      ip: "0.0.0.0",
    };
    const call = { type: "track", userId: "", anonymousId: "a-1", event: "Tea Rated", context };

    expect(sent({ ...call, channel: "web", properties: { stars: 5, tags: ["a", "b"] } })).toEqual({
      environment: "production",
      user_identities: { email: "ada@example.com", other: "a-1" },
      user_attributes: { plan: "gold" },
      events: [
        {
          event_type: "custom_event",
          data: {
            ...common,
            event_name: "Tea Rated",
            custom_event_type: "other",
            custom_attributes: {
              stars: "5",
              tags: '["a","b"]',
              utm_campaign: "spring",
              utm_source: "letter",
              utm_id: "c-9",
              page_path: "/teas",
              page_title: "Teas",
            },
          },
        },
      ],
    });
  });

  it("GA4 names a cart, by a mapping", () => {
    const products = {
      loop: ["properties.items", { map: { id: "item_id", name: "item_name", price: "price" } }],
    };
    const mapping = {
      customAttributes: { items: null },
      rules: [
        {
          event: "add_to_cart",
          action: "add_to_cart",
          requires: "product",
          commerce: { map: { product_action: { map: { products } } } },
        },
      ],
    };
    const items = [{ item_id: "t-1", item_name: "Assam", price: "12.50", index: 0 }];
    const properties = { currency: "usd", value: 12.5, items, first_item: "t-1" };

    expect(
      sent({ type: "track", userId: "u-1", event: "add_to_cart", properties }, { mapping }),
    ).toMatchObject({
      events: [
        {
          event_type: "commerce_event",
          data: {
            currency_code: "USD",
            product_action: {
              action: "add_to_cart",
              total_amount: 12.5,
              products: [{ id: "t-1", name: "Assam", price: 12.5 }],
            },
            custom_attributes: { first_item: "t-1" },
          },
        },
      ],
    });
  });

  it("walkerOS nests entities in each other, by a document of its own places", () => {
    const mapping = {
      preset: "walkeros",
      userIdentities: { customer_id: "user.id", other: "user.session" },
      rules: [
        {
          event: "order complete",
          eventType: "commerce_event",
          customAttributes: { first_item: "nested.0.data.name", stage: "context.shopping.0" },
          commerce: {
            map: {
              currency_code: { key: "data.currency", value: "EUR" },
              product_action: {
                map: {
                  action: { value: "purchase" },
                  transaction_id: "data.id",
                  products: {
                    loop: [
                      "nested",
                      { map: { id: "data.id", quantity: { key: "data.quantity", value: 1 } } },
                    ],
                  },
                },
              },
            },
          },
        },
      ],
    };
    const event = {
      type: "track",
      event: "order complete",
      name: "order complete",
      data: { id: "o-1", total: 99 },
      context: { shopping: ["complete", 0] },
      user: { id: "u-1", session: "s-1" },
      nested: [
        { entity: "product", data: { id: "t-1", name: "Assam" } },
        { entity: "product", data: { id: "t-2", name: "Sencha", quantity: 2 } },
      ],
    };

    expect(sent(event, { mapping })).toEqual({
      environment: "production",
      user_identities: { customer_id: "u-1", other: "s-1" },
      events: [
        {
          event_type: "commerce_event",
          data: {
            ...common,
            currency_code: "EUR",
            product_action: {
              action: "purchase",
              transaction_id: "o-1",
              products: [
                { id: "t-1", quantity: 1 },
                { id: "t-2", quantity: 2 },
              ],
            },
            custom_attributes: { first_item: "Assam", stage: "complete" },
          },
        },
      ],
    });
  });

  it("a warehouse exports it, with an hour that a spreadsheet wrote", () => {
    const orders = {
      eventType: "commerce_event",
      timestamp: "created_at",
      fields: {
        customer_id: "user_id",
        product_action: { value: "purchase" },
        transaction_id: "id",
        total_amount: "total_price",
        currency_code: "currency",
      },
    };
    const values = {
      id: "2181743870023",
      user_id: "u-1",
      total_price: "600.00",
      currency: "USD",
      test: "FALSE",
      note: null,
      created_at: "2024-01-29 9:53:20-05",
      tags: '["new"]',
    };

    const batch = sent({ type: "row", model: "orders", values }, { feed: { rows: { orders } } });

    expect(batch).toMatchObject({
      user_identities: { customer_id: "u-1" },
      events: [
        {
          data: {
            ...common,
            currency_code: "USD",
            product_action: { action: "purchase", transaction_id: "2181743870023", total_amount: 600 },
            custom_attributes: { test: "FALSE", tags: '["new"]' },
          },
        },
      ],
    });
  });
});
