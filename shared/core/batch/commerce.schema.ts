/** The parts of a commerce event. */
import * as z from "zod";
import { PRODUCT_ACTIONS } from "./names.ts";
import { Decimal, Integer, optionalFields, Text } from "./values.schema.ts";

export const ProductSchema = z.object({
  /** Text only: a numeric id fails. */
  id: z.string().optional(),
  name: z.string().optional(),
  ...optionalFields(["brand", "category", "variant", "coupon_code"], Text),
  position: Integer.optional(),
  ...optionalFields(["price", "quantity", "total_product_amount"], Decimal),
  added_to_cart_time_ms: Integer.optional(),
  /** Text only, unlike the attributes of an event. */
  custom_attributes: z.record(z.string(), z.string()).nullish(),
});

const ProductsSchema = z.array(ProductSchema).nullable();

export const ProductActionSchema = z.strictObject({
  action: z.enum(PRODUCT_ACTIONS),
  products: ProductsSchema.optional(),
  transaction_id: z.string().optional(),
  ...optionalFields(["total_amount", "tax_amount", "shipping_amount"], Decimal),
  checkout_step: Integer.optional(),
  ...optionalFields(
    ["checkout_options", "product_action_list", "product_list_source", "affiliation", "coupon_code"],
    Text,
  ),
});

const PromotionSchema = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  creative: Text.optional(),
  position: Text.optional(),
});

export const PromotionActionSchema = z.strictObject({
  action: z.enum(["view", "click"]),
  promotions: z.array(PromotionSchema).optional(),
});

export const ImpressionSchema = z.strictObject({
  product_impression_list: z.string(),
  products: ProductsSchema,
});

export const ShoppingCartSchema = z.strictObject({ products: z.array(ProductSchema) });

export type Product = z.infer<typeof ProductSchema>;
export type ProductAction = z.infer<typeof ProductActionSchema>;
export type ProductActionName = (typeof PRODUCT_ACTIONS)[number];
export type Promotion = z.infer<typeof PromotionSchema>;
export type PromotionAction = z.infer<typeof PromotionActionSchema>;
export type Impression = z.infer<typeof ImpressionSchema>;
export type ShoppingCart = z.infer<typeof ShoppingCartSchema>;
