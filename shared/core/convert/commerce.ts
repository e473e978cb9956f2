import type {
  CommerceEvent,
  Impression,
  ProductAction,
  Promotion,
  PromotionAction,
} from "../batch.schema.ts";
import { type Call, commonData, propertyAttributes } from "./call.ts";
import type { CommerceRule, ProductActionRule } from "./event-table.ts";
import {
  type CommerceKind,
  completesAction,
  currencyIn,
  givenCommerce,
  mappedCommerce,
} from "./mapped-commerce.ts";
import { readProducts } from "./products.ts";
import { type Fields, integer, number, text } from "./reader.ts";

/** A list of products that names none, which mParticle's schema demands. */
const UNKNOWN_LIST = "unknown";

/** What tells an order from others, the most telling first; version 1 of the spec wrote names in camel case. */
const ORDER_KEYS = ["order_id", "orderId", "checkout_id", "checkoutId"] as const;

/** The order's whole amount, tax included, which mParticle counts as its value; other amounts stand in for it. */
const AMOUNT_KEYS = ["total", "revenue", "value"] as const;

/**
 * The commerce event of a call. What has no field there becomes an attribute.
 *
 * @returns undefined when the event lacks what such an event cannot do without.
 */
export function commerceEvent(
  rule: CommerceRule | { readonly kind: "commerce" },
  call: Call,
): CommerceEvent | undefined {
  const properties: Fields = call.properties ?? { values: {}, path: "properties", findings: call.findings };
  const taken: string[] = [];
  const given = givenCommerce(call);
  const needs = rule.kind === "product_action" && !completesAction(given) ? rule.needs : "nothing";
  const read = commerceKind(rule, needs, properties, taken, call.mapping.productTotals);
  const kind = given ? mappedCommerce(read, rule, given) : read;
  if (!kind) return undefined;
  const currencyCode = take(currencyIn, properties, "currency", taken);
  const common = commonData(call, propertyAttributes(call, taken));
  return { event_type: "commerce_event", data: { ...common, currency_code: currencyCode, ...kind } };
}

/** mParticle takes exactly one of the three kinds. */
function commerceKind(
  rule: CommerceRule | { readonly kind: "commerce" },
  needs: ProductActionRule["needs"],
  properties: Fields,
  taken: string[],
  totals: boolean,
): CommerceKind | undefined {
  switch (rule.kind) {
    case "commerce":
      return undefined;
    case "product_action": {
      const action = productAction(rule, needs, properties, taken, totals);
      return action && { product_action: action };
    }
    case "impression": {
      const impression = productImpression(properties, taken, totals);
      return impression && { product_impressions: [impression] };
    }
    case "promotion": {
      const action = promotionAction(rule.action, properties, taken);
      return action && { promotion_action: action };
    }
  }
}

/** @param needs - What the event itself must say: what the feed's mapping gives may be what it lacks. */
function productAction(
  { action, needs: usual, checkout }: ProductActionRule,
  needs: ProductActionRule["needs"],
  properties: Fields,
  taken: string[],
  totals: boolean,
): ProductAction | undefined {
  const about = usual === "product" ? "product" : "order";
  const products = readProducts(properties, taken, { totals, about });
  const transactionId = takeFirst(text, properties, ORDER_KEYS, taken);
  const totalAmount = takeFirst(number, properties, AMOUNT_KEYS, taken);
  const namesOrder = transactionId !== undefined || totalAmount !== undefined;
  if (products.list.length === 0 && !isEnough(needs, products.given, namesOrder)) return undefined;
  return {
    action,
    transaction_id: transactionId,
    total_amount: totalAmount,
    tax_amount: take(number, properties, "tax", taken),
    shipping_amount: take(number, properties, "shipping", taken),
    affiliation: take(text, properties, "affiliation", taken),
    coupon_code: take(text, properties, "coupon", taken),
    product_action_list: takeFirst(text, properties, ["list_id", "category"], taken),
    checkout_step: checkout && take(integer, properties, "step", taken),
    checkout_options: checkout && checkoutOptions(properties),
    products: products.list.length > 0 ? products.list : undefined,
  };
}

/** Whether an action says something without a product. Where all that were given are unusable, it does not. */
function isEnough(needs: ProductActionRule["needs"], given: boolean, namesOrder: boolean): boolean {
  return needs === "nothing" || (needs === "product_or_order" && !given && namesOrder);
}

/** Both methods are sent as attributes too, where they can be told apart. */
function checkoutOptions(properties: Fields): string | undefined {
  const payment = text(properties, "payment_method");
  const shipping = text(properties, "shipping_method");
  return payment !== undefined && shipping !== undefined ? `${payment},${shipping}` : (payment ?? shipping);
}

function productImpression(properties: Fields, taken: string[], totals: boolean): Impression | undefined {
  const { list: products } = readProducts(properties, taken, { totals, about: "order" });
  if (products.length === 0) return undefined;
  const list = takeFirst(text, properties, ["list_id", "category"], taken);
  return { product_impression_list: list ?? UNKNOWN_LIST, products };
}

function promotionAction(
  action: PromotionAction["action"],
  properties: Fields,
  taken: string[],
): PromotionAction | undefined {
  const id = take(text, properties, "promotion_id", taken);
  const name = take(text, properties, "name", taken);
  if (id === undefined && name === undefined) return undefined;
  const promotion: Promotion = {
    id,
    name,
    creative: take(text, properties, "creative", taken),
    position: take(text, properties, "position", taken),
  };
  return { action, promotions: [promotion] };
}

/** Reads a property, unless a product has it already, and notes that it needs no attribute. */
function take<Value>(
  read: (fields: Fields, key: string) => Value | undefined,
  properties: Fields,
  key: string,
  taken: string[],
): Value | undefined {
  if (taken.includes(key)) return undefined;
  const value = read(properties, key);
  if (value !== undefined) taken.push(key);
  return value;
}

/** The first of several properties that is usable; the others stay attributes. */
function takeFirst<Value>(
  read: (fields: Fields, key: string) => Value | undefined,
  properties: Fields,
  keys: readonly string[],
  taken: string[],
): Value | undefined {
  for (const key of keys) {
    const value = take(read, properties, key, taken);
    if (value !== undefined) return value;
  }
  return undefined;
}
