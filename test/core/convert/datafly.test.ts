import { describe, expect, it } from "vitest";
import { batchOf, contributionOf, convert, eventOf, identify, MOMENT, track } from "./support.ts";

const mapping = { preset: "datafly" };
const product = { product_id: "SKU-A" };

describe("the datafly preset", () => {
  it.each([
    [
      "Products Searched",
      {},
      { event_type: "custom_event", event_name: "search", custom_event_type: "search" },
    ],
    ["Signed Up", {}, { event_type: "custom_event", event_name: "sign_up" }],
    ["Logged In", {}, { event_type: "custom_event", event_name: "login" }],
    ["Product Viewed", product, { event_type: "commerce_event", product_action: { action: "view_detail" } }],
    ["Product Added", product, { event_type: "commerce_event", product_action: { action: "add_to_cart" } }],
    [
      "Product Removed",
      product,
      { event_type: "commerce_event", product_action: { action: "remove_from_cart" } },
    ],
    [
      "Product Added to Wishlist",
      product,
      { event_type: "commerce_event", product_action: { action: "add_to_wishlist" } },
    ],
    ["Checkout Started", product, { event_type: "commerce_event", product_action: { action: "checkout" } }],
    ["Order Completed", product, { event_type: "commerce_event", product_action: { action: "purchase" } }],
    ["Order Refunded", product, { event_type: "commerce_event", product_action: { action: "refund" } }],
  ])("sends %s", (name, properties, expected) => {
    expect(eventOf(track(name, properties), { mapping })).toMatchObject(expected);
  });

  it("sends pages by their title", () => {
    const page = {
      type: "page",
      userId: "u-1",
      timestamp: MOMENT,
      name: "home",
      properties: { title: "Welcome" },
    };

    expect(eventOf(page, { mapping })).toMatchObject({ event_type: "screen_view", screen_name: "Welcome" });
  });

  it("sends profiles", () => {
    const traits = { email: "jane.doe@example.com", firstName: "Jane", lastName: "Doe", phone: "+1555" };

    expect(contributionOf(identify(traits), { mapping })).toMatchObject({
      envelope: { userIdentities: { customer_id: "u-1", email: "jane.doe@example.com" } },
      userAttributes: { $firstname: "Jane", $lastname: "Doe", $mobile: "+1555" },
    });
  });

  it.each([
    track("Tea Brewed"),
    track("Product Clicked", product),
    track("Product Removed from Wishlist", product),
    track("Checkout Step Viewed"),
    track("Product List Viewed", { products: [product] }),
    track("Promotion Viewed", { promotion_id: "p" }),
    track("Order Cancelled"),
    track("Application Opened"),
    { type: "screen", userId: "u-1", name: "Home" },
    { type: "group", userId: "u-1", groupId: "g-1" },
    { type: "alias", userId: "u-1", previousId: "a1b2c3d4-e5f6-7890-abcd-ef1234567890" },
  ])("filters everything else: %j", (event) => {
    expect(convert(event, { mapping })).toEqual({ kind: "filtered", rule: "unmapped", findings: [] });
  });

  it("sends everything else where the feed says so, events as custom events", () => {
    const open = { mapping: { ...mapping, unmapped: "custom_event" } };

    expect(eventOf(track("Product Clicked", product), open)).toMatchObject({ event_type: "custom_event" });
    expect(convert({ type: "screen", userId: "u-1", name: "Home" }, open).kind).toBe("contribution");
  });

  it("makes of its documented example what is documented", () => {
    const event = {
      type: "track",
      event: "Order Completed",
      messageId: "evt_abc123def456",
      timestamp: 1706540000000,
      userId: "user-123",
      anonymousId: "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
      context: {
        ip: "203.0.113.50",
        userAgent: "Mozilla/5.0 ...",
        traits: { email: "jane.doe@example.com" },
      },
      properties: {
        order_id: "ORD-001",
        revenue: 129.99,
        currency: "USD",
        tax: 8.0,
        shipping: 4.99,
        products: [
          { product_id: "SKU-A", name: "Widget", price: 49.99, quantity: 2 },
          { product_id: "SKU-B", name: "Gadget", price: 30.01, quantity: 1 },
        ],
      },
    };

    expect(batchOf(contributionOf(event, { mapping }))).toEqual({
      environment: "production",
      ip: "203.0.113.50",
      user_identities: {
        customer_id: "user-123",
        email: "jane.doe@example.com",
        other: "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
      },
      device_info: { http_header_user_agent: "Mozilla/5.0 ..." },
      events: [
        {
          event_type: "commerce_event",
          data: {
            currency_code: "USD",
            timestamp_unixtime_ms: 1706540000000,
            source_message_id: "evt_abc123def456",
            product_action: {
              action: "purchase",
              transaction_id: "ORD-001",
              total_amount: 129.99,
              tax_amount: 8.0,
              shipping_amount: 4.99,
              products: [
                { id: "SKU-A", name: "Widget", price: 49.99, quantity: 2 },
                { id: "SKU-B", name: "Gadget", price: 30.01, quantity: 1 },
              ],
            },
          },
        },
      ],
    });
  });
});
