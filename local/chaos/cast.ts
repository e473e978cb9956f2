/** The tenants of a scenario, as mParticle and the connector know them. */
import { parseFeed, parseTenant } from "../../shared/core/validators.ts";
import type { StandInFeed } from "../stand-in/feeds.ts";
import type { StoredTenant } from "../store-tenants.ts";

/** A feed's key as mParticle issued it. */
export function keyOf(tenantId: string): StandInFeed {
  return { apiKey: `${tenantId}-key`, apiSecret: `${tenantId}-secret`, kind: "partner" };
}

/** A tenant with one feed. */
export function storedTenant(tenantId: string): StoredTenant {
  const feed = parseFeed({ feedId: "default", status: "active" });
  return { tenant: parseTenant({ tenantId }), feeds: [{ feed, credentials: keyOf(tenantId) }] };
}
