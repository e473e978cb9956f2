import type { MappingDocument } from "../mapping.schema.ts";

/**
 * Only what Datafly Signal's mParticle destination sends: pages, profiles and eleven events of commerce and accounts.
 *
 * @see https://www.datafly.com/docs Signal, integration mParticle
 */
export const DATAFLY: MappingDocument = {
  unmapped: "drop",
  productTotals: false,
  rules: [
    { type: "page" },
    { type: "identify" },
    ...[
      "Products Searched",
      "Signed Up",
      "Logged In",
      "Product Viewed",
      "Product Added",
      "Product Removed",
      "Product Added to Wishlist",
      "Checkout Started",
      "Order Completed",
      "Order Refunded",
    ].map((event) => ({ event, as: event })),
  ],
};
