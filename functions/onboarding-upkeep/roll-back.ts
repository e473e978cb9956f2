import type { CredentialsRefused } from "../../shared/core/credentials-refused.schema.ts";
import { isRotating } from "../../shared/core/onboarding/feed-state.ts";
import { bringBack, canBringBack, isRefused, withFormerKeys } from "../../shared/onboarding/bring-back.ts";
import { changeReserved, ended } from "../../shared/onboarding/rotation.ts";
import type { FeedId } from "../../shared/ports-onboarding.ts";
import { isLeftBehind, settleRotation } from "./settle-rotation.ts";
import { isSettled, reserve, type UpkeepDeps } from "./upkeep.ts";

/**
 * Brings a feed's former keys back, where mParticle refuses those that replaced them before they had delivered: the tests of keys
 * cannot tell whether production lets them in. Does nothing where there are no former keys, or others were stored meanwhile.
 *
 * @returns whether it did.
 * @throws while keys of the feed are being stored: Lambda tries again, and so does the hourly run.
 */
export async function rollBack(
  { tenant, feedId, refusedSecretVersion }: CredentialsRefused,
  deps: UpkeepDeps,
): Promise<boolean> {
  const feed: FeedId = { tenantId: tenant.slice("tenant#".length), feedId };
  const found = await deps.registry.feed(feed.tenantId, feedId);
  if (found && isLeftBehind(found, deps.clock.nowMs())) await settleRotation(feed, deps);
  const record = await deps.registry.feed(feed.tenantId, feedId);
  if (!record || !isRefused(record) || record.refusedSecretVersion !== refusedSecretVersion) return false;
  if (isRotating(record, deps.clock.nowMs())) throw new Error("Keys of the feed are being stored");
  // Before anything is written: each change of a refused feed is told again (ADR 6), and would come back here.
  if (!(await canBringBack(feed, record, deps))) return false;

  const reserved = await reserve(feed, (each) => isSettled(each) && isRefused(each), deps);
  if (!reserved) return false;
  await bringBack(feed, reserved, deps);
  await changeReserved(feed, reserved, (current) => ended(withFormerKeys(current)), deps);
  return true;
}
