import { describe, expect, it } from "vitest";
import { attributesOf, eventOf, noticed, track } from "./support.ts";

const product = { product_id: "p-1", name: "Mug" };
const sent = { id: "p-1", name: "Mug" };
const token = { context: { device: { type: "ios", token: "t-1" } } };

const customEvent = (event_name: string, custom_event_type: string) => ({
  event_type: "custom_event",
  event_name,
  custom_event_type,
});
const productAction = (action: string, rest = {}) => ({
  event_type: "commerce_event",
  product_action: { action, products: [sent], ...rest },
});
const transition = (application_transition_type: string, rest = {}) => ({
  event_type: "application_state_transition",
  application_transition_type,
  ...rest,
});

describe("the e-commerce events", () => {
  it.each([
    ["Products Searched", {}, customEvent("search", "search")],
    [
      "Product List Viewed",
      { list_id: "l-1", products: [product] },
      {
        event_type: "commerce_event",
        product_impressions: [{ product_impression_list: "l-1", products: [sent] }],
      },
    ],
    [
      "Product List Filtered",
      { category: "Mugs", products: [product] },
      {
        event_type: "commerce_event",
        product_impressions: [{ product_impression_list: "Mugs", products: [sent] }],
      },
    ],
    [
      "Promotion Viewed",
      { promotion_id: "promo-1", name: "Spring", creative: "top", position: "slot-1" },
      {
        event_type: "commerce_event",
        promotion_action: {
          action: "view",
          promotions: [{ id: "promo-1", name: "Spring", creative: "top", position: "slot-1" }],
        },
      },
    ],
    [
      "Promotion Clicked",
      { name: "Spring", position: 2 },
      {
        event_type: "commerce_event",
        promotion_action: { action: "click", promotions: [{ name: "Spring", position: "2" }] },
      },
    ],
    ["Product Clicked", product, productAction("click")],
    ["Product Viewed", product, productAction("view_detail")],
    ["Product Added", product, productAction("add_to_cart")],
    ["Product Removed", product, productAction("remove_from_cart")],
    ["Cart Viewed", {}, customEvent("Cart Viewed", "navigation")],
    ["Checkout Started", { products: [product] }, productAction("checkout")],
    [
      "Checkout Step Viewed",
      { step: 2 },
      { event_type: "commerce_event", product_action: { action: "checkout", checkout_step: 2 } },
    ],
    [
      "Checkout Step Completed",
      { checkout_id: "c-1", step: "3", payment_method: "Visa", shipping_method: "Post" },
      {
        event_type: "commerce_event",
        product_action: {
          action: "checkout_option",
          transaction_id: "c-1",
          checkout_step: 3,
          checkout_options: "Visa,Post",
        },
        custom_attributes: { payment_method: "Visa", shipping_method: "Post" },
      },
    ],
    [
      "Payment Info Entered",
      { payment_method: "Visa" },
      {
        event_type: "commerce_event",
        product_action: { action: "checkout_option", checkout_options: "Visa" },
        custom_attributes: { payment_method: "Visa" },
      },
    ],
    ["Order Completed", { products: [product] }, productAction("purchase")],
    ["Order Updated", {}, customEvent("Order Updated", "transaction")],
    [
      "Order Refunded",
      { order_id: "o-1" },
      { event_type: "commerce_event", product_action: { action: "refund", transaction_id: "o-1" } },
    ],
    ["Order Refunded", { products: [product] }, productAction("refund")],
    ["Order Cancelled", {}, customEvent("Order Cancelled", "transaction")],
    ["Coupon Entered", {}, customEvent("Coupon Entered", "transaction")],
    ["Coupon Applied", {}, customEvent("Coupon Applied", "transaction")],
    ["Coupon Denied", {}, customEvent("Coupon Denied", "transaction")],
    ["Coupon Removed", {}, customEvent("Coupon Removed", "transaction")],
    ["Product Added to Wishlist", product, productAction("add_to_wishlist")],
    ["Product Removed from Wishlist", product, productAction("remove_from_wish_list")],
    [
      "Wishlist Product Added to Cart",
      { ...product, wishlist_id: "w-1" },
      { ...productAction("add_to_cart"), custom_attributes: { wishlist_id: "w-1" } },
    ],
    ["Product Shared", {}, customEvent("Product Shared", "social")],
    ["Cart Shared", {}, customEvent("Cart Shared", "social")],
    ["Product Reviewed", {}, customEvent("Product Reviewed", "user_content")],
    ["Signed Up", {}, customEvent("sign_up", "other")],
    ["Logged In", {}, customEvent("login", "other")],
  ])("%s", (name, properties, expected) => {
    expect(eventOf(track(name, properties))).toEqual(expected);
  });

  it("are known in whatever case", () => {
    expect(eventOf(track(" ORDER completed ", { products: [product] }))).toEqual(productAction("purchase"));
  });

  it("keep their own properties as attributes, lists and objects as JSON text", () => {
    const event = track("Product List Filtered", {
      list_id: "l-1",
      filters: [{ type: "price", value: "low" }],
      sorts: { type: "price" },
      products: [product],
    });

    expect(attributesOf(event)).toEqual({
      filters: '[{"type":"price","value":"low"}]',
      sorts: '{"type":"price"}',
    });
  });

  it("refund a cancelled order where the feed says so", () => {
    const event = track("Order Cancelled", { order_id: "o-1" });

    expect(
      eventOf(event, { mapping: { rules: [{ event: "Order Cancelled", as: "Order Refunded" }] } }),
    ).toEqual({
      event_type: "commerce_event",
      product_action: { action: "refund", transaction_id: "o-1" },
    });
  });
});

describe("the mobile lifecycle events", () => {
  it.each([
    [
      "Application Installed",
      {},
      transition("application_initialized", { is_first_run: true, is_upgrade: false }),
    ],
    [
      "Application Updated",
      { previous_version: "1" },
      transition("application_initialized", {
        is_first_run: false,
        is_upgrade: true,
        custom_attributes: { previous_version: "1" },
      }),
    ],
    [
      "Application Opened",
      { from_background: false, url: "app://x" },
      transition("application_initialized", {
        is_first_run: false,
        is_upgrade: false,
        launch_referral: "app://x",
      }),
    ],
    ["Application Opened", { from_background: true }, transition("application_foreground")],
    ["Application Foregrounded", {}, transition("application_foreground")],
    ["Application Backgrounded", {}, transition("application_background")],
    ["Application Uninstalled", { version: "1" }, { event_type: "uninstall" }],
    [
      "Application Crashed",
      { message: "Out of memory", build: 7 },
      {
        event_type: "crash_report",
        severity: "fatal",
        message: "Out of memory",
        custom_attributes: { build: "7" },
      },
    ],
    [
      "Application Crashed",
      {},
      { event_type: "crash_report", severity: "fatal", message: "Application Crashed" },
    ],
    [
      "Install Attributed",
      { provider: "Adjust", campaign: { source: "Network", name: "Spring", ad_group: "g-1" } },
      {
        ...customEvent("attribution", "other"),
        custom_attributes: {
          publisher: "Network",
          campaign: "Spring",
          campaign_ad_group: "g-1",
          provider: "Adjust",
        },
      },
    ],
    ["Deep Link Opened", {}, customEvent("Deep Link Opened", "navigation")],
    ["Deep Link Clicked", {}, customEvent("Deep Link Clicked", "navigation")],
    ["Push Notification Received", {}, customEvent("Push Notification Received", "other")],
  ])("%s %j", (name, properties, expected) => {
    expect(eventOf(track(name, properties))).toEqual(expected);
  });

  it.each([
    ["Push Notification Received", "received"],
    ["Push Notification Tapped", "action"],
  ])("%s is a push message where token and payload are known", (name, push_message_type) => {
    const properties = {
      payload: { alert: "Hi" },
      message: "Hi",
      action: "a".repeat(101),
      campaign: { name: "c" },
    };

    expect(eventOf(track(name, properties, token))).toEqual({
      event_type: "push_message",
      push_message_token: "t-1",
      push_message_type,
      push_notification_payload: '{"alert":"Hi"}',
      network: "apn",
      message: "Hi",
      action_identifier: "a".repeat(100),
      custom_attributes: { campaign: '{"name":"c"}' },
    });
  });

  it("reads an install's campaign from the context, too", () => {
    const event = track(
      "Install Attributed",
      {},
      { context: { campaign: { source: "Network", name: "Spring" } } },
    );

    expect(attributesOf(event)).toEqual({
      publisher: "Network",
      campaign: "Spring",
      utm_campaign: "Spring",
      utm_source: "Network",
    });
  });
});

describe("a commerce event that lacks what mParticle needs", () => {
  it.each([
    ["Product Added", {}],
    ["Product Added", { price: 1 }],
    ["Product Added", { products: [] }],
    ["Product Viewed", { products: [{ price: 1 }, "p-1", null] }],
    ["Order Completed", {}],
    ["Order Completed", { order_id: "o-1", products: [{ price: 1 }] }],
    ["Order Refunded", {}],
    ["Checkout Started", {}],
    ["Product List Viewed", { list_id: "l-1" }],
    ["Promotion Viewed", { creative: "top" }],
  ])("%s %j is sent as a custom event with all of its properties", (name, properties) => {
    const event = track(name, properties);

    expect(eventOf(event)).toMatchObject(customEvent(name, "transaction"));
    expect(Object.keys(attributesOf(event) ?? {})).toEqual(Object.keys(properties));
    expect(noticed(event)).toContain("commerce_degraded properties");
  });

  it("is sent without its unusable products where others are usable", () => {
    const event = track("Order Completed", { products: [{ price: 1 }, product] });

    expect(eventOf(event)).toEqual(productAction("purchase"));
    expect(noticed(event)).toEqual(["field_invalid properties.products[0]"]);
  });

  it("needs no product where it names its order", () => {
    expect(eventOf(track("Order Completed", { order_id: "o-1", products: [] }))).toEqual({
      event_type: "commerce_event",
      product_action: { action: "purchase", transaction_id: "o-1" },
    });
  });
});

describe("an event that the table does not name", () => {
  it("is a custom event under its own name", () => {
    expect(eventOf(track(" Tea Brewed ", { cups: 2, hot: true }))).toEqual({
      ...customEvent("Tea Brewed", "other"),
      custom_attributes: { cups: "2", hot: "true" },
    });
  });

  it("gets the type that the feed gives it", () => {
    const rules = [
      { event: "Tea Brewed", customEventType: "user_content" },
      { event: "Signed Up", customEventType: "user_preference" },
    ];
    const mapping = { rules };

    expect(eventOf(track("Tea Brewed"), { mapping })).toEqual(customEvent("Tea Brewed", "user_content"));
    expect(eventOf(track("Signed Up"), { mapping })).toEqual(customEvent("sign_up", "user_preference"));
    expect(eventOf(track("constructor"), { mapping })).toEqual(customEvent("constructor", "other"));
  });
});
