import { settingsOf } from "../../shared/api/feed-settings.ts";
import type { OnboardingClient } from "../../shared/client/onboarding-client.ts";
import type { StoredTenant } from "../store-tenants.ts";

/**
 * Onboards tenants as a partner's own service does, by the API alone: tenant, feeds, keys, and production where a feed is meant for it.
 *
 * @throws {OnboardingError} for what the API refuses; mParticle has to accept the keys.
 */
export async function onboardTenants(
  client: OnboardingClient,
  tenants: readonly StoredTenant[],
): Promise<void> {
  for (const { tenant, feeds } of tenants) {
    const { tenantId, blockedEvents, status } = tenant;
    await client.putTenant({ params: { tenantId }, body: { blockedEvents } });
    for (const { feed, credentials } of feeds) {
      const params = { tenantId, feedId: feed.feedId };
      await client.putFeed({ params, body: settingsOf(feed) });
      const { apiKey, apiSecret } = credentials;
      await client.putCredentials({ params, body: { apiKey, apiSecret } });
      if (feed.environment === "production") await client.goLive({ params });
      if (feed.status === "paused") await client.pauseFeed({ params });
    }
    if (status === "paused") await client.pauseTenant({ params: { tenantId } });
  }
}
