import type { MappingDocument } from "../mapping.schema.ts";

/**
 * As walkerOS's mParticle destination: every event is a custom event under its own name, and nothing of it is sent but
 * what the feed's document says, with that destination's option names.
 *
 * @see https://www.walkeros.io/docs/destinations/server/mparticle
 */
export const WALKEROS: MappingDocument = {
  unmapped: "custom_event",
  productTotals: false,
  userIdentities: { "*": null },
  userAttributes: { "*": null },
  customAttributes: { "*": null },
  deviceInfo: { "*": null },
  applicationInfo: { "*": null },
  ip: null,
  sourceRequestId: "id",
  rules: [{ type: "identify" }, { type: "page" }, { type: "screen" }, { type: "group" }, { type: "alias" }],
};
