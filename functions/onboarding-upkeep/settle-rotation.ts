import { isRotating } from "../../shared/core/onboarding/feed-state.ts";
import type { FeedRecord } from "../../shared/core/onboarding/record.schema.ts";
import { changeReserved, ended, settle, withoutIntention } from "../../shared/onboarding/rotation.ts";
import type { FeedId } from "../../shared/ports-onboarding.ts";
import { reserve, type UpkeepDeps } from "./upkeep.ts";

/** Whether somebody who changed the feed's keys died on the way. */
export function isLeftBehind(feed: FeedRecord, nowMs: number): boolean {
  return feed.rotation !== undefined && !isRotating(feed, nowMs);
}

/** Brings what was left behind to its end: the keys are stored, or they are not and nothing is left of it. */
export async function settleRotation(feed: FeedId, deps: UpkeepDeps): Promise<void> {
  const reserved = await reserve(feed, ({ rotation }) => rotation !== undefined, deps);
  if (!reserved) return;
  const settled = await settle(feed, reserved, deps);
  // Its secret waited for its deletion, was restored, and took no other keys.
  if (settled.rotation?.intended) await deps.secrets.scheduleDeletion(feed);
  await changeReserved(feed, settled, (record) => ended(withoutIntention(record)), deps);
}
