import type { FeedRecord } from "../../shared/core/onboarding/record.schema.ts";
import { type ChangeRecordDeps, changeRecord } from "../../shared/onboarding/change-record.ts";
import type { RemoveFeedDeps } from "../../shared/onboarding/remove-feed.ts";
import type { LedgerAccounts, Log } from "../../shared/ports.ts";
import type { AuditTrail, ConnectLinks, FeedChanges, FeedId } from "../../shared/ports-onboarding.ts";
import type { ParkedStore } from "../../shared/ports-parked.ts";

export interface UpkeepDeps extends ChangeRecordDeps, RemoveFeedDeps {
  readonly links: Pick<ConnectLinks, "list" | "revoke">;
  readonly audit: AuditTrail;
  readonly changes: FeedChanges;
  readonly ledger: Pick<LedgerAccounts, "ofTenant">;
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
