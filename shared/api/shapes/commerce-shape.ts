/**
 * What a rule's `commerce` may give, as far as a document shows it: the fields that `convert/mapped-commerce.ts` reads,
 * for the check when a document is stored. A test holds both to each other field by field.
 */
import { PRODUCT_ACTIONS } from "../../core/batch/names.ts";
import { choice } from "../../core/convert/mapped-fields.ts";
import {
  CURRENCY,
  type FieldsShape,
  flags,
  integers,
  type ListShape,
  numbers,
  oneOf,
  texts,
} from "./value-shape.ts";

const PRODUCTS: ListShape = {
  kind: "list",
  of: {
    kind: "fields",
    called: "a product",
    needs: ["id", "name"],
    fields: {
      ...texts("id", "name", "brand", "category", "variant", "coupon_code"),
      ...numbers("price", "quantity", "total_product_amount"),
      ...integers("position", "added_to_cart_time_ms"),
      custom_attributes: { kind: "fields", called: "the attributes of a product" },
    },
  },
};

const PRODUCT_ACTION: FieldsShape = {
  kind: "fields",
  called: "a product action",
  fields: {
    action: oneOf(PRODUCT_ACTIONS, choice([...PRODUCT_ACTIONS, "remove_from_wishlist"])),
    ...texts(
      "transaction_id",
      "checkout_options",
      "product_action_list",
      "product_list_source",
      "affiliation",
      "coupon_code",
    ),
    ...numbers("total_amount", "tax_amount", "shipping_amount"),
    ...integers("checkout_step"),
    products: PRODUCTS,
  },
};

const PROMOTION_ACTION: FieldsShape = {
  kind: "fields",
  called: "a promotion action",
  needs: ["action"],
  fields: {
    action: oneOf(["view", "click"]),
    promotions: {
      kind: "list",
      of: { kind: "fields", called: "a promotion", fields: texts("id", "name", "creative", "position") },
    },
  },
};

const IMPRESSIONS: ListShape = {
  kind: "list",
  of: {
    kind: "fields",
    called: "an impression",
    fields: { ...texts("product_impression_list"), products: PRODUCTS },
  },
};

const COMMERCE = {
  ...texts("screen_name"),
  currency_code: CURRENCY,
  ...flags("is_non_interactive"),
  product_action: PRODUCT_ACTION,
  promotion_action: PROMOTION_ACTION,
  product_impressions: IMPRESSIONS,
  shopping_cart: { kind: "fields", called: "a shopping cart", fields: { products: PRODUCTS } },
} as const satisfies FieldsShape["fields"];

export const COMMERCE_SHAPE: FieldsShape = { kind: "fields", called: "a commerce event", fields: COMMERCE };

/** Of a rule that names the promotion's action itself. */
export const PROMOTION_SHAPE: FieldsShape = {
  ...COMMERCE_SHAPE,
  fields: { ...COMMERCE, promotion_action: { ...PROMOTION_ACTION, needs: [] } },
};
