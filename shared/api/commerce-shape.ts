/**
 * What a rule's `commerce` may give, as far as a document shows it: the fields that `convert/mapped-commerce.ts` reads,
 * for the check when a document is stored. A test holds both to each other field by field.
 */
import { PRODUCT_ACTIONS } from "../core/batch/names.ts";
import { choice, type FieldReader } from "../core/convert/mapped-fields.ts";
import { flag, integer, number, reportInvalid, text } from "../core/convert/reader.ts";

export type Shape = Scalar | FieldsShape | ListShape;

/** A field of one value. */
export interface Scalar {
  readonly kind: "scalar";
  /** Reads on from the place. */
  readonly must: string;
  /** Reports the constants that it does not take. */
  readonly reader: FieldReader;
  /** All that it may be. */
  readonly words?: readonly string[];
}

export interface FieldsShape {
  readonly kind: "fields";
  /** With its article: a product. */
  readonly called: string;
  /** Undefined: of any name. */
  readonly fields?: Readonly<Record<string, Shape>>;
  /** One of these at least; without, mParticle takes none of it. */
  readonly needs?: readonly string[];
}

export interface ListShape {
  readonly kind: "list";
  readonly of: FieldsShape;
}

const scalar =
  (must: string, reader: FieldReader, words?: readonly string[]) =>
  (...names: string[]): Record<string, Scalar> =>
    Object.fromEntries(
      names.map((name) => [name, { kind: "scalar", must, reader, ...(words && { words }) }]),
    );

const texts = scalar("must be text", text);
const numbers = scalar("must be a number", number);
const integers = scalar("must be a whole number", integer);
const flags = scalar("must be true or false", flag);
const words = (name: string, values: readonly string[], spelt: readonly string[] = []) =>
  scalar(`must be one of ${values.join(", ")}`, choice([...values, ...spelt]), values)(name);

const currency = scalar("must be a currency's three letters, as EUR", (fields, key) => {
  const code = text(fields, key);
  return code === undefined || /^[a-z]{3}$/i.test(code) ? code : reportInvalid(fields, key);
});

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
    ...words("action", PRODUCT_ACTIONS, ["remove_from_wishlist"]),
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
    ...words("action", ["view", "click"]),
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

export const COMMERCE_SHAPE: FieldsShape = {
  kind: "fields",
  called: "a commerce event",
  fields: {
    ...texts("screen_name"),
    ...currency("currency_code"),
    ...flags("is_non_interactive"),
    product_action: PRODUCT_ACTION,
    promotion_action: PROMOTION_ACTION,
    product_impressions: IMPRESSIONS,
    shopping_cart: { kind: "fields", called: "a shopping cart", fields: { products: PRODUCTS } },
  },
};
