import type { RowEventType } from "./row-model.schema.ts";

/** Identities that take the column of their name; the other kinds only where a model names them. */
const COMMON = ["customer_id", "email", "mobile_number", "phone_number_2"] as const;

/** By field of a user_attributes row: mParticle's own attribute. */
export const RESERVED_FIELDS: ReadonlyMap<string, string> = new Map([
  ["first_name", "$firstname"],
  ["last_name", "$lastname"],
  ["age", "$age"],
  ["gender", "$gender"],
  ["country", "$country"],
  ["city", "$city"],
  ["zip", "$zip"],
]);

/** What a row of each event type cannot do without. */
export const REQUIRED_FIELDS: Readonly<Record<RowEventType, readonly string[]>> = {
  user_attributes: ["customer_id"],
  custom_event: ["customer_id", "event_name"],
  commerce_event: ["customer_id", "product_action"],
  screen_view: ["customer_id", "screen_name"],
};

/** Fields that take the column of their own name where a model does not say otherwise. */
export const DEFAULT_FIELDS: Readonly<Record<RowEventType, readonly string[]>> = {
  user_attributes: [...COMMON, ...RESERVED_FIELDS.keys()],
  custom_event: [...COMMON, "event_name", "custom_event_type", "custom_attributes"],
  commerce_event: [
    ...COMMON,
    "product_action",
    "product_id",
    "product_name",
    "product_brand",
    "product_category",
    "product_variant",
    "product_price",
    "product_quantity",
    "product_position",
    "product_coupon_code",
    "currency_code",
    "total_amount",
    "tax_amount",
    "shipping_amount",
    "transaction_id",
    "affiliation",
    "coupon_code",
    "checkout_step",
    "checkout_options",
    "is_non_interactive",
    "custom_attributes",
  ],
  screen_view: [...COMMON, "screen_name", "activity_type", "custom_attributes"],
};
