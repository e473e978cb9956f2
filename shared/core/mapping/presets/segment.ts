import type { MappingDocument } from "../mapping.schema.ts";

/**
 * The default mapping as a document: to begin a mapping of one's own with, and for people to read. What converts events is the
 * table in `convert/event-table.ts`; a test holds both to the same.
 *
 * @see https://segment.com/docs/connections/spec/ecommerce/v2/
 * @see https://segment.com/docs/connections/spec/mobile/
 */
export const SEGMENT: MappingDocument = {
  unmapped: "custom_event",
  rules: [
    { event: "Products Searched", eventType: "custom_event", customEventType: "search", name: "search" },
    { event: "Product List Viewed", eventType: "commerce_event", impression: true },
    { event: "Product List Filtered", eventType: "commerce_event", impression: true },
    { event: "Promotion Viewed", eventType: "commerce_event", promotion: "view" },
    { event: "Promotion Clicked", eventType: "commerce_event", promotion: "click" },
    { event: "Product Clicked", eventType: "commerce_event", action: "click", requires: "product" },
    { event: "Product Viewed", eventType: "commerce_event", action: "view_detail", requires: "product" },
    { event: "Product Added", eventType: "commerce_event", action: "add_to_cart", requires: "product" },
    {
      event: "Product Removed",
      eventType: "commerce_event",
      action: "remove_from_cart",
      requires: "product",
    },
    { event: "Cart Viewed", eventType: "custom_event", customEventType: "navigation" },
    {
      event: "Checkout Started",
      eventType: "commerce_event",
      action: "checkout",
      requires: "product_or_order",
    },
    {
      event: "Checkout Step Viewed",
      eventType: "commerce_event",
      action: "checkout",
      requires: "nothing",
      checkoutStep: true,
    },
    {
      event: "Checkout Step Completed",
      eventType: "commerce_event",
      action: "checkout_option",
      requires: "nothing",
      checkoutStep: true,
    },
    {
      event: "Payment Info Entered",
      eventType: "commerce_event",
      action: "checkout_option",
      requires: "nothing",
      checkoutStep: true,
    },
    {
      event: "Order Completed",
      eventType: "commerce_event",
      action: "purchase",
      requires: "product_or_order",
    },
    { event: "Order Updated", eventType: "custom_event", customEventType: "transaction" },
    { event: "Order Refunded", eventType: "commerce_event", action: "refund", requires: "product_or_order" },
    { event: "Order Cancelled", eventType: "custom_event", customEventType: "transaction" },
    { event: "Coupon Entered", eventType: "custom_event", customEventType: "transaction" },
    { event: "Coupon Applied", eventType: "custom_event", customEventType: "transaction" },
    { event: "Coupon Denied", eventType: "custom_event", customEventType: "transaction" },
    { event: "Coupon Removed", eventType: "custom_event", customEventType: "transaction" },
    {
      event: "Product Added to Wishlist",
      eventType: "commerce_event",
      action: "add_to_wishlist",
      requires: "product",
    },
    {
      event: "Product Removed from Wishlist",
      eventType: "commerce_event",
      action: "remove_from_wish_list",
      requires: "product",
    },
    {
      event: "Wishlist Product Added to Cart",
      eventType: "commerce_event",
      action: "add_to_cart",
      requires: "product",
    },
    { event: "Product Shared", eventType: "custom_event", customEventType: "social" },
    { event: "Cart Shared", eventType: "custom_event", customEventType: "social" },
    { event: "Product Reviewed", eventType: "custom_event", customEventType: "user_content" },
    { event: "Signed Up", eventType: "custom_event", customEventType: "other", name: "sign_up" },
    { event: "Logged In", eventType: "custom_event", customEventType: "other", name: "login" },
    {
      event: "Application Installed",
      eventType: "application_state_transition",
      transition: "application_initialized",
      firstRun: true,
    },
    {
      event: "Application Updated",
      eventType: "application_state_transition",
      transition: "application_initialized",
      upgrade: true,
    },
    { event: "Application Opened", as: "Application Opened" },
    {
      event: "Application Foregrounded",
      eventType: "application_state_transition",
      transition: "application_foreground",
    },
    {
      event: "Application Backgrounded",
      eventType: "application_state_transition",
      transition: "application_background",
    },
    { event: "Application Uninstalled", eventType: "uninstall" },
    { event: "Application Crashed", eventType: "crash_report" },
    { event: "Install Attributed", as: "Install Attributed" },
    { event: "Push Notification Received", eventType: "push_message", push: "received" },
    { event: "Push Notification Tapped", eventType: "push_message", push: "action" },
    { event: "Deep Link Opened", eventType: "custom_event", customEventType: "navigation" },
    { event: "Deep Link Clicked", eventType: "custom_event", customEventType: "navigation" },
    { type: "identify" },
    { type: "page" },
    { type: "screen" },
    { type: "group" },
    { type: "alias" },
  ],
};
