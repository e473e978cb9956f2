import type { CredentialsRefused } from "../../shared/core/credentials-refused.schema.ts";
import { isRotating, statusOf } from "../../shared/core/onboarding/feed-state.ts";
import type { FeedRecord } from "../../shared/core/onboarding/record.schema.ts";
import type { FeedId } from "../../shared/ports-onboarding.ts";
import { change, type UpkeepDeps } from "./upkeep.ts";

/**
 * Brings a feed's former keys back, where mParticle refuses those that replaced them before they had delivered: the tests of keys
 * cannot tell whether production lets them in. Does nothing where there are no former keys, or others were stored meanwhile.
 *
 * @returns whether it did.
 * @throws while keys of the feed are being stored: Lambda tries again.
 */
export async function rollBack(
  { tenant, feedId, refusedSecretVersion }: CredentialsRefused,
  deps: UpkeepDeps,
): Promise<boolean> {
  const feed: FeedId = { tenantId: tenant.slice("tenant#".length), feedId };
  const record = await deps.registry.feed(feed.tenantId, feedId);
  const refused = record?.credentials;
  const previous = refused?.previous;
  const isRefused =
    record?.refusedSecretVersion === refusedSecretVersion && refused?.secretVersion === refusedSecretVersion;
  if (!record || !refused || !previous || !isRefused) return false;
  if (isRotating(record, deps.clock.nowMs())) throw new Error("Keys of the feed are being stored");

  await deps.audit.write({
    ...feed,
    by: "connector",
    action: "credentials_rolled_back",
    details: { from: refused.fingerprint, to: previous.fingerprint },
  });
  if (!(await deps.secrets.rollBack(feed, refused.secretVersion, previous.secretVersion))) return false;
  await deps.secrets.dropPrevious(feed, refused.secretVersion);
  const isBack = await change(feed, (current) => withFormerKeys(current, refusedSecretVersion), deps);
  if (!isBack) return false;
  if (refused.keyHash !== previous.keyHash) await deps.claims.release(refused.keyHash, feed);
  await deps.changes.announce(feed);
  return true;
}

/** Undefined: others were stored meanwhile. */
function withFormerKeys(feed: FeedRecord, refusedSecretVersion: string): FeedRecord | undefined {
  const { refusedSecretVersion: _, ...rest } = feed;
  const previous = feed.credentials?.previous;
  if (!previous || feed.credentials?.secretVersion !== refusedSecretVersion) return undefined;
  const next = { ...rest, credentials: previous };
  return { ...next, status: feed.status === "paused" ? "paused" : statusOf({ ...next, status: "pending" }) };
}
