import { isRotating } from "../../shared/core/onboarding/feed-state.ts";
import type { FeedRecord } from "../../shared/core/onboarding/record.schema.ts";
import { type ChangeRecordDeps, changeRecord } from "../../shared/onboarding/change-record.ts";
import type { RemoveFeedDeps } from "../../shared/onboarding/remove-feed.ts";
import { reservedBy } from "../../shared/onboarding/rotation.ts";
import type { LedgerAccounts, Log } from "../../shared/ports.ts";
import type {
  AuditTrail,
  ConnectLinks,
  FeedChanges,
  FeedId,
  UpkeepPlace,
} from "../../shared/ports-onboarding.ts";
import type { ParkedStore } from "../../shared/ports-parked.ts";

export interface UpkeepDeps extends ChangeRecordDeps, RemoveFeedDeps {
  readonly links: Pick<ConnectLinks, "list" | "revoke" | "revokeUnread" | "complete" | "forget">;
  readonly audit: AuditTrail;
  readonly changes: FeedChanges;
  readonly ledger: Pick<LedgerAccounts, "ofTenant">;
  readonly place: UpkeepPlace;
  readonly parked: Pick<ParkedStore, "folders" | "list" | "delete">;
  readonly log: Log;
}

/**
 * Changes a feed, whatever others change of it meanwhile.
 *
 * @param decide - Undefined: nothing is to be changed any more.
 * @returns whether it was changed.
 */
export async function change(
  { tenantId, feedId }: FeedId,
  decide: (feed: FeedRecord) => FeedRecord | undefined,
  deps: UpkeepDeps,
): Promise<boolean> {
  const { registry } = deps;
  const { record, before } = await changeRecord<FeedRecord>(
    {
      read: () => registry.feed(tenantId, feedId),
      decide: (feed) => {
        const next = feed && decide(feed);
        return next && { next };
      },
      save: (next, feed) => registry.saveFeed(tenantId, next, feed),
    },
    deps,
  );
  return record !== before;
}

/**
 * Reserves a feed's keys, so that nobody else changes them meanwhile.
 *
 * @returns undefined: they are reserved, the feed is gone or deleting, or it is not as wanted any more.
 */
export async function reserve(
  feed: FeedId,
  isWanted: (record: FeedRecord) => boolean,
  deps: UpkeepDeps,
): Promise<FeedRecord | undefined> {
  const id = deps.randomText(9);
  const nowMs = deps.clock.nowMs();
  await change(
    feed,
    (before) =>
      before.isDeleting || isRotating(before, nowMs) || !isWanted(before)
        ? undefined
        : reservedBy(id, before, nowMs),
    deps,
  );
  const reserved = await deps.registry.feed(feed.tenantId, feed.feedId);
  return reserved?.rotation?.id === id ? reserved : undefined;
}

/** Whether no earlier change of the feed's keys waits to be brought to its end. */
export function isSettled({ rotation }: FeedRecord): boolean {
  return rotation?.intended === undefined;
}
