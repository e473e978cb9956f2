import { hourOf } from "../../shared/core/hour.ts";
import { isRotating } from "../../shared/core/onboarding/feed-state.ts";
import type { CredentialsRecord, FeedRecord } from "../../shared/core/onboarding/record.schema.ts";
import { changeReserved, ended } from "../../shared/onboarding/rotation.ts";
import type { FeedId } from "../../shared/ports-onboarding.ts";
import { isSettled, reserve, type UpkeepDeps } from "./upkeep.ts";

/** Milliseconds until new keys are in use everywhere: the caches of delivery hold former ones for 6 minutes. */
const IN_USE_AFTER_MS = 600_000;

/** Milliseconds of the ledger that are looked at. */
const LOOK_BACK_MS = 7 * 86_400_000;

/**
 * Lets go of keys that were replaced, once events have been delivered that were sent when the new ones were in use.
 *
 * @returns whether there were any to let go of.
 */
export async function dropPrevious(tenantId: string, feed: FeedRecord, deps: UpkeepDeps): Promise<boolean> {
  const { credentials, feedId } = feed;
  const nowMs = deps.clock.nowMs();
  if (!credentials?.previous || feed.status !== "active" || isRotating(feed, nowMs)) return false;
  const inUseMs = Date.parse(credentials.storedAt) + IN_USE_AFTER_MS;
  const accounts = await deps.ledger.ofTenant(tenantId, {
    from: hourOf(Math.max(inUseMs, nowMs - LOOK_BACK_MS)),
    to: hourOf(nowMs),
  });
  const hasDelivered = accounts.some(
    (account) => account.feedId === feedId && account.hour > hourOf(inUseMs) && account.delivered > 0,
  );
  if (!hasDelivered) return false;

  return drop({ tenantId, feedId }, credentials, deps);
}

/** Keys that were judged a moment ago, if they are the feed's still. */
async function drop(feed: FeedId, judged: CredentialsRecord, deps: UpkeepDeps): Promise<boolean> {
  const reserved = await reserve(feed, (record) => isSettled(record) && isSame(record, judged), deps);
  const credentials = reserved?.credentials;
  if (!reserved || !credentials?.previous) return false;
  const { previous } = credentials;
  const details = { fingerprint: previous.fingerprint };
  await deps.audit.write({ ...feed, by: "connector", action: "previous_credentials_dropped", details });
  await deps.secrets.dropPrevious(feed, previous.secretVersion);
  if (previous.keyHash !== credentials.keyHash) await deps.claims.release(previous.keyHash, feed);
  await changeReserved(feed, reserved, (current) => ended(withoutPrevious(current)), deps);
  return true;
}

function isSame({ credentials }: FeedRecord, judged: CredentialsRecord): boolean {
  return (
    credentials?.secretVersion === judged.secretVersion &&
    credentials.previous?.secretVersion === judged.previous?.secretVersion
  );
}

function withoutPrevious(feed: FeedRecord): FeedRecord {
  if (!feed.credentials) return feed;
  const { previous: _, ...credentials } = feed.credentials;
  return { ...feed, credentials };
}
