import type { Product } from "../batch.schema.ts";
import { type Attributes, addField, addFields, attributeValues, newAttributes } from "./attributes.ts";
import { note, noteInvalid } from "./findings.ts";
import { type Fields, integer, isObject, number, reportInvalid, text } from "./reader.ts";

/** Properties that can hold the id of the product that an event's own properties describe, the most telling first. */
const FLAT_ID_KEYS = ["product_id", "productId", "sku"] as const;

/** Of a listed product: version 1 of the spec had `id`. */
const ID_KEYS = [...FLAT_ID_KEYS, "id"] as const;

/** Properties that a product has fields for. */
const DETAIL_KEYS = [
  "name",
  "brand",
  "category",
  "variant",
  "price",
  "quantity",
  "position",
  "coupon",
] as const;

/** By the property that gave the id: what is not repeated in the product's attributes. */
const TAKEN = {
  product_id: ["product_id", ...DETAIL_KEYS],
  productId: ["productId", ...DETAIL_KEYS],
  sku: ["sku", ...DETAIL_KEYS],
  id: ["id", ...DETAIL_KEYS],
  none: DETAIL_KEYS,
} as const satisfies Record<string, readonly string[]>;

export const NAMELESS_PRODUCT = "A product has neither id nor name and was left out.";

export interface Products {
  readonly list: Product[];
  /** Whether the event names products, usable or not. */
  readonly given: boolean;
}

export interface ProductOptions {
  /** Adds `total_product_amount`, price times quantity. */
  readonly totals: boolean;
  /** What the event is about, and so whose its own `name` and `coupon` are. */
  readonly about: "product" | "order";
}

/**
 * The products of an event: of its `products`, else the one that its own properties describe. A product with neither id
 * nor name is left out.
 *
 * @param taken - Learns which properties stand in a product.
 */
export function readProducts(properties: Fields, taken: string[], options: ProductOptions): Products {
  const { products } = properties.values;
  if (Array.isArray(products)) return listedProducts(products, properties, taken, options);
  if (products !== undefined && products !== null) reportInvalid(properties, "products", "a list");
  const product = flatProduct(properties, taken, options);
  return { list: product ? [product] : [], given: product !== undefined };
}

function listedProducts(
  products: readonly unknown[],
  { findings }: Fields,
  taken: string[],
  { totals }: ProductOptions,
): Products {
  const list: Product[] = [];
  for (let i = 0; i < products.length; i++) {
    const values = products[i];
    const path = `properties.products[${i}]`;
    const product = isObject(values) ? listedProduct({ values, path, findings }, totals) : undefined;
    if (product) list.push(product);
    else if (isObject(values)) note(findings, "field_invalid", path, NAMELESS_PRODUCT);
    else noteInvalid(findings, path, "an object", values);
  }
  if (list.length > 0 || products.length === 0) taken.push("products");
  return { list, given: products.length > 0 };
}

function listedProduct(fields: Fields, totals: boolean): Product | undefined {
  const idKey = usableKey(fields, ID_KEYS);
  const id = idKey && text(fields, idKey);
  const name = text(fields, "name");
  if (id === undefined && name === undefined) return undefined;
  const attributes = newAttributes();
  addFields(attributes, fields, TAKEN[idKey ?? "none"]);
  return productOf(fields, totals, { id, name, coupon: text(fields, "coupon"), attributes });
}

/** Where the event is about an order, only an id says that a product is meant; name and coupon are the order's. */
function flatProduct(
  properties: Fields,
  taken: string[],
  { totals, about }: ProductOptions,
): Product | undefined {
  const isProduct = about === "product";
  const idKey = usableKey(properties, FLAT_ID_KEYS);
  const id = idKey && text(properties, idKey);
  const name = id !== undefined || isProduct ? text(properties, "name") : undefined;
  if (id === undefined && name === undefined) return undefined;
  const coupon = isProduct ? text(properties, "coupon") : undefined;
  for (const key of TAKEN[idKey ?? "none"]) if (isProduct || key !== "coupon") taken.push(key);

  const attributes = newAttributes();
  if (id !== undefined && idKey !== "sku") addField(attributes, "sku", properties, "sku");
  addField(attributes, "url", properties, "url");
  addField(attributes, "image_url", properties, "image_url");
  for (const key of Object.keys(attributes.values)) taken.push(key);
  return productOf(properties, totals, { id, name, coupon, attributes });
}

interface ProductParts {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly coupon: string | undefined;
  readonly attributes: Attributes;
}

function productOf(fields: Fields, totals: boolean, { id, name, coupon, attributes }: ProductParts): Product {
  const price = number(fields, "price");
  const quantity = number(fields, "quantity");
  return {
    id,
    name,
    brand: text(fields, "brand"),
    category: text(fields, "category"),
    variant: text(fields, "variant"),
    position: integer(fields, "position"),
    price,
    quantity,
    total_product_amount: totals ? totalAmount(price, quantity) : undefined,
    coupon_code: coupon,
    custom_attributes: attributeValues(attributes),
  };
}

function usableKey<Key extends string>(fields: Fields, keys: readonly Key[]): Key | undefined {
  for (const key of keys) if (text(fields, key) !== undefined) return key;
  return undefined;
}

export function totalAmount(price: number | undefined, quantity: number | undefined): number | undefined {
  if (price === undefined || quantity === undefined) return undefined;
  const total = price * quantity;
  return Number.isFinite(total) ? withoutNoise(total) : undefined;
}

/** 3 x 0.1 is 0.3: prices are decimal, their product in binary is not. */
function withoutNoise(amount: number): number {
  const scaled = amount * 1e6;
  return Math.abs(scaled) <= Number.MAX_SAFE_INTEGER ? Math.round(scaled) / 1e6 : amount;
}
