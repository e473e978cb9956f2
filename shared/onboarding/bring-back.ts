import type { FeedRecord } from "../core/onboarding/record.schema.ts";
import type { AuditTrail, FeedChanges, FeedId, KeyClaims, SecretWriter } from "../ports-onboarding.ts";
import { withoutRefusal } from "./rotation.ts";

export interface BringBackDeps {
  readonly secrets: Pick<SecretWriter, "versions" | "rollBack" | "dropPrevious">;
  readonly claims: Pick<KeyClaims, "release">;
  readonly changes: FeedChanges;
  readonly audit: Pick<AuditTrail, "write">;
}

/** Whether mParticle refuses the feed's present keys, and there are those that they replaced. */
export function isRefused({ credentials, refusedSecretVersion }: FeedRecord): boolean {
  return credentials?.previous !== undefined && credentials.secretVersion === refusedSecretVersion;
}

/** Whether a refused feed's secret still has the former keys, or is back at them already. */
export async function canBringBack(
  feed: FeedId,
  { credentials }: FeedRecord,
  { secrets }: Pick<BringBackDeps, "secrets">,
): Promise<boolean> {
  const former = credentials?.previous?.secretVersion;
  const { current, previous, isDeleting } = await secrets.versions(feed);
  if (former === undefined || isDeleting) return false;
  return current === former || (current === credentials?.secretVersion && previous === former);
}

/**
 * Makes the former keys of a refused feed current again, lets go of those that were refused, and tells of it. The feed's item is left to the caller,
 * who has reserved it ({@link withFormerKeys}): until it is written, all of this can be done again.
 */
export async function bringBack(
  feed: FeedId,
  { credentials: refused }: FeedRecord,
  { secrets, claims, changes, audit }: BringBackDeps,
): Promise<void> {
  const former = refused?.previous;
  if (!former) return;
  const details = { from: refused.fingerprint, to: former.fingerprint };
  await audit.write({ ...feed, by: "connector", action: "credentials_rolled_back", details });
  if (!(await secrets.rollBack(feed, refused.secretVersion, former.secretVersion)))
    throw new Error("Former keys were there a moment ago, and are not any more");
  await secrets.dropPrevious(feed, refused.secretVersion);
  if (refused.keyHash !== former.keyHash) await claims.release(refused.keyHash, feed);
  await changes.announce(feed);
}

/** A feed whose refused keys were replaced by its former ones. */
export function withFormerKeys(feed: FeedRecord): FeedRecord {
  const former = feed.credentials?.previous;
  return former ? withoutRefusal({ ...feed, credentials: former }) : feed;
}
