import type { OnboardingDeps } from "../../functions/onboarding-api/use-case.ts";
import type { FeedRecord } from "../core/onboarding/record.schema.ts";
import type { FeedId } from "../ports-onboarding.ts";

/** Removes a feed whose deletion has begun, step by step, so that it can be done again from anywhere. */
export async function removeFeed(
  feed: FeedId,
  record: FeedRecord,
  { registry, secrets, claims }: Pick<OnboardingDeps, "registry" | "secrets" | "claims">,
): Promise<boolean> {
  await secrets.scheduleDeletion(feed);
  for (const keys of [record.credentials, record.credentials?.previous])
    if (keys) await claims.release(keys.keyHash, feed);
  return registry.removeFeed(feed.tenantId, record);
}
