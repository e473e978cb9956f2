import type { FeedRecord } from "../core/onboarding/record.schema.ts";
import type { FeedId, KeyClaims, SecretWriter, TenantRegistry } from "../ports-onboarding.ts";

export interface RemoveFeedDeps {
  readonly registry: TenantRegistry;
  readonly secrets: SecretWriter;
  readonly claims: KeyClaims;
}

/** Removes a feed whose deletion has begun, step by step, so that it can be done again from anywhere. */
export async function removeFeed(
  feed: FeedId,
  record: FeedRecord,
  { registry, secrets, claims }: RemoveFeedDeps,
): Promise<boolean> {
  await secrets.scheduleDeletion(feed);
  for (const keys of [record.credentials, record.credentials?.previous, record.rotation?.intended])
    if (keys) await claims.release(keys.keyHash, feed);
  return registry.removeFeed(feed.tenantId, record);
}
