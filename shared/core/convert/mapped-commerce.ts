import { PRODUCT_ACTIONS } from "../batch/names.ts";
import type { CommerceEvent, Product } from "../batch.schema.ts";
import { mayWrite } from "../mapping/budget.ts";
import { addFields, attributeValues, newAttributes } from "./attributes.ts";
import type { Call } from "./call.ts";
import type { CommerceRule } from "./event-table.ts";
import { fieldPath, note, noteInvalid } from "./findings.ts";
import { choice, type FieldReader, flags, integers, numbers, readFields, texts } from "./mapped-fields.ts";
import { NAMELESS_PRODUCT } from "./products.ts";
import { type Fields, fieldsOf, isObject, reportInvalid, text } from "./reader.ts";

/** What makes a commerce event of an event: exactly one of the three kinds, and perhaps fields beside. */
export type CommerceKind = Partial<CommerceEvent["data"]>;

const KINDS = ["product_action", "promotion_action", "product_impressions"] as const;

const PRODUCT = {
  ...texts("id", "name", "brand", "category", "variant", "coupon_code"),
  ...numbers("price", "quantity", "total_product_amount"),
  ...integers("position", "added_to_cart_time_ms"),
  custom_attributes: attributesIn,
};

const PRODUCT_ACTION = {
  action: actionIn,
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
  products: productsIn,
};

const PROMOTION = texts("id", "name", "creative", "position");

const PROMOTION_ACTION = { action: choice(["view", "click"]), promotions: listOf(PROMOTION) };

const IMPRESSION = { ...texts("product_impression_list"), products: productsIn };

/** mParticle's schema demands both fields. */
const UNKNOWN_IMPRESSION = { product_impression_list: "unknown", products: null };

const COMMERCE = {
  ...texts("screen_name"),
  currency_code: currencyIn,
  ...flags("is_non_interactive"),
  product_action: objectOf(PRODUCT_ACTION),
  promotion_action: objectOf(PROMOTION_ACTION),
  product_impressions: impressionsIn,
  shopping_cart: objectOf({ products: productsIn }),
};

/** What the `commerce` of the call's rule gives. */
export function givenCommerce({ rule, scope, findings }: Call): Fields | undefined {
  if (!rule?.commerce) return undefined;
  const given = rule.commerce(scope);
  return mayWrite(given, scope.budget) ? fieldsOf(given, "commerce", findings) : undefined;
}

/** Whether it may give what a product action lacks: it gives none of the other kinds. */
export function completesAction(given: Fields | undefined): boolean {
  return given !== undefined && !given.values["promotion_action"] && !given.values["product_impressions"];
}

/**
 * What a rule's `commerce` gives, laid over what was read from the event.
 *
 * @param read - From the event; undefined: nothing that mParticle takes.
 * @param rule - Its action is enough with what the mapping gives: the event may say nothing of it.
 * @returns undefined when not exactly one of the three kinds is complete.
 */
export function mappedCommerce(
  read: CommerceKind | undefined,
  rule: CommerceRule | { readonly kind: "commerce" },
  given: Fields,
): CommerceKind | undefined {
  const mapped: CommerceKind = readFields(given, COMMERCE);
  const { product_action, promotion_action, product_impressions } = mapped;
  const isProducts = rule.kind === "product_action" && !promotion_action && !product_impressions;
  const isPromotion = rule.kind === "promotion" && Boolean(promotion_action);
  const merged: CommerceKind = {
    ...read,
    ...mapped,
    ...layered("product_action", isProducts && rule, read?.product_action, product_action),
    ...layered("promotion_action", isPromotion && rule, read?.promotion_action, promotion_action),
  };
  const kinds = KINDS.filter((kind) => merged[kind] !== undefined);
  const isComplete =
    kinds.length === 1 &&
    (merged.product_action === undefined || merged.product_action?.action !== undefined) &&
    (merged.promotion_action === undefined || merged.promotion_action?.action !== undefined);
  return isComplete ? merged : undefined;
}

/** An action of several layers, the last of which counts; nothing where there is none of it. */
function layered(
  kind: "product_action" | "promotion_action",
  rule: { readonly action: string } | false,
  ...layers: readonly (object | null | undefined)[]
): CommerceKind {
  const action = Object.assign({}, rule && { action: rule.action }, ...layers);
  return Object.keys(action).length > 0 ? { [kind]: action } : {};
}

function objectOf(readers: Readonly<Record<string, FieldReader>>): FieldReader {
  return (fields, key) => {
    const object = fieldsOf(fields.values[key], fieldPath(fields.path, key), fields.findings);
    return object && readFields(object, readers);
  };
}

/** A list of objects; what is none is left out. */
function listOf(readers: Readonly<Record<string, FieldReader>>): FieldReader {
  return (fields, key) => {
    const list = fields.values[key];
    if (!Array.isArray(list)) return reportInvalid(fields, key, "a list");
    const read = list.flatMap((entry: unknown, i) => {
      const object = entryOf(entry, `${fieldPath(fields.path, key)}[${i}]`, fields);
      return object ? [readFields(object, readers)] : [];
    });
    return read.length > 0 ? read : undefined;
  };
}

/** A product with neither id nor name is left out, as everywhere. */
function productsIn(fields: Fields, key: string): Product[] | undefined {
  const read = listOf(PRODUCT)(fields, key) as Product[] | undefined;
  const products = read?.filter(({ id, name }) => id !== undefined || name !== undefined);
  if (products && read && products.length < read.length)
    note(fields.findings, "field_invalid", fieldPath(fields.path, key), NAMELESS_PRODUCT);
  return products && products.length > 0 ? products : undefined;
}

function impressionsIn(fields: Fields, key: string): unknown {
  const read = listOf(IMPRESSION)(fields, key) as object[] | undefined;
  return read?.map((impression) => ({ ...UNKNOWN_IMPRESSION, ...impression }));
}

function attributesIn(fields: Fields, key: string): Record<string, string> | undefined {
  const object = fieldsOf(fields.values[key], fieldPath(fields.path, key), fields.findings);
  if (!object) return undefined;
  const attributes = newAttributes();
  addFields(attributes, object);
  return attributeValues(attributes);
}

/** Spelt `remove_from_wishlist` everywhere but in the action. */
function actionIn(fields: Fields, key: string): string | undefined {
  const action = text(fields, key);
  if (action === "remove_from_wishlist") return "remove_from_wish_list";
  return action === undefined || (PRODUCT_ACTIONS as readonly string[]).includes(action)
    ? action
    : reportInvalid(fields, key, `one of ${PRODUCT_ACTIONS.join(", ")}`);
}

/** ISO 4217: three letters. */
export function currencyIn(fields: Fields, key: string): string | undefined {
  const code = text(fields, key);
  if (code === undefined) return undefined;
  return /^[a-z]{3}$/i.test(code)
    ? code.toUpperCase()
    : reportInvalid(fields, key, "three letters, such as EUR,");
}

function entryOf(entry: unknown, path: string, { findings }: Fields): Fields | undefined {
  if (isObject(entry)) return { values: entry, path, findings };
  return noteInvalid(findings, path, "an object", entry);
}
