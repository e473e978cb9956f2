/** What becomes of the track events that the Segment spec names: e-commerce, mobile lifecycle and the B2B basics. */
import type {
  ApplicationStateTransitionEvent,
  CustomEventType,
  ProductActionName,
  PromotionAction,
} from "../batch.schema.ts";
import { comparedName } from "../mapping/match-name.ts";

/** What a product action cannot do without; lacking it, the event is sent as a custom event. */
export type Need = "product" | "product_or_order" | "nothing";

export interface ProductActionRule {
  readonly kind: "product_action";
  readonly action: ProductActionName;
  readonly needs: Need;
  /** Reads `step` and the payment and shipping methods as the checkout's. */
  readonly checkout?: true;
}

export type CommerceRule =
  | ProductActionRule
  | { readonly kind: "impression" }
  | { readonly kind: "promotion"; readonly action: PromotionAction["action"] };

export interface TransitionRule {
  readonly kind: "transition";
  readonly transition: ApplicationStateTransitionEvent["data"]["application_transition_type"];
  readonly firstRun?: boolean;
  readonly upgrade?: boolean;
}

export type TrackRule =
  | CommerceRule
  /** `name`: replaces the event's own. */
  | { readonly kind: "custom"; readonly type: CustomEventType; readonly name?: string }
  | TransitionRule
  | { readonly kind: "application_opened" }
  | { readonly kind: "uninstall" }
  | { readonly kind: "crash" }
  | { readonly kind: "install_attributed" }
  | { readonly kind: "push"; readonly type: "received" | "action" };

const productAction = (action: ProductActionName, needs: Need = "product"): TrackRule => ({
  kind: "product_action",
  action,
  needs,
});
const checkout = (action: ProductActionName): TrackRule => ({
  kind: "product_action",
  action,
  needs: "nothing",
  checkout: true,
});
const custom = (type: CustomEventType, name?: string): TrackRule =>
  name === undefined ? { kind: "custom", type } : { kind: "custom", type, name };

/**
 * By the event's name in lower case: senders vary the case of the spec's names, and no two of its events differ in it
 * alone.
 *
 * @see https://segment.com/docs/connections/spec/ecommerce/v2/
 * @see https://segment.com/docs/connections/spec/mobile/
 */
export const TRACK_RULES: ReadonlyMap<string, TrackRule> = new Map([
  ["products searched", custom("search", "search")],
  ["product list viewed", { kind: "impression" }],
  ["product list filtered", { kind: "impression" }],
  ["promotion viewed", { kind: "promotion", action: "view" }],
  ["promotion clicked", { kind: "promotion", action: "click" }],
  ["product clicked", productAction("click")],
  ["product viewed", productAction("view_detail")],
  ["product added", productAction("add_to_cart")],
  ["product removed", productAction("remove_from_cart")],
  ["cart viewed", custom("navigation")],
  ["checkout started", productAction("checkout", "product_or_order")],
  ["checkout step viewed", checkout("checkout")],
  ["checkout step completed", checkout("checkout_option")],
  ["payment info entered", checkout("checkout_option")],
  ["order completed", productAction("purchase", "product_or_order")],
  // No action of mParticle's means an update, and a second purchase would count the order twice.
  ["order updated", custom("transaction")],
  ["order refunded", productAction("refund", "product_or_order")],
  // No action of mParticle's means it, and a refund is what a feed's own rule may make of it.
  ["order cancelled", custom("transaction")],
  ["coupon entered", custom("transaction")],
  ["coupon applied", custom("transaction")],
  ["coupon denied", custom("transaction")],
  ["coupon removed", custom("transaction")],
  ["product added to wishlist", productAction("add_to_wishlist")],
  ["product removed from wishlist", productAction("remove_from_wish_list")],
  ["wishlist product added to cart", productAction("add_to_cart")],
  ["product shared", custom("social")],
  ["cart shared", custom("social")],
  ["product reviewed", custom("user_content")],
  ["signed up", custom("other", "sign_up")],
  ["logged in", custom("other", "login")],
  ["application installed", { kind: "transition", transition: "application_initialized", firstRun: true }],
  ["application updated", { kind: "transition", transition: "application_initialized", upgrade: true }],
  ["application opened", { kind: "application_opened" }],
  ["application foregrounded", { kind: "transition", transition: "application_foreground" }],
  ["application backgrounded", { kind: "transition", transition: "application_background" }],
  ["application uninstalled", { kind: "uninstall" }],
  ["application crashed", { kind: "crash" }],
  ["install attributed", { kind: "install_attributed" }],
  ["push notification received", { kind: "push", type: "received" }],
  ["push notification tapped", { kind: "push", type: "action" }],
  ["deep link opened", custom("navigation")],
  ["deep link clicked", custom("navigation")],
] as const satisfies readonly (readonly [string, TrackRule])[]);

/** The rule for a track event's name; undefined when the spec does not name it. */
export function trackRule(event: string): TrackRule | undefined {
  return TRACK_RULES.get(comparedName(event));
}
