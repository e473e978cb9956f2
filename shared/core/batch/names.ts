/** Names of mParticle's format that code reads beside the schemas: schemas are not on a function's import path. */

/** The kinds of user identity; the IDSync spellings (`customerid`, `other2`) are refused. */
export const IDENTITY_TYPES = [
  "customer_id",
  "email",
  "other",
  "other_id_2",
  "other_id_3",
  "other_id_4",
  "other_id_5",
  "other_id_6",
  "other_id_7",
  "other_id_8",
  "other_id_9",
  "other_id_10",
  "mobile_number",
  "phone_number_2",
  "phone_number_3",
  "facebook",
  "twitter",
  "google",
  "microsoft",
  "yahoo",
  "alias",
  "facebook_custom_audience_id",
] as const;

export const CUSTOM_EVENT_TYPES = [
  "navigation",
  "location",
  "search",
  "transaction",
  "user_content",
  "user_preference",
  "social",
  "other",
  "media",
] as const;

export const PRODUCT_ACTIONS = [
  "add_to_cart",
  "remove_from_cart",
  "checkout",
  "checkout_option",
  "click",
  "view_detail",
  "purchase",
  "refund",
  "add_to_wishlist",
  // Spelt `remove_from_wishlist` as a `custom_event_type`, but not here.
  "remove_from_wish_list",
] as const;
