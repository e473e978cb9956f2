import type { FeedRecord } from "../../shared/core/onboarding/record.schema.ts";
import type { Clock, LedgerAccounts, Log } from "../../shared/ports.ts";
import type {
  AuditTrail,
  ConnectLinks,
  FeedChanges,
  FeedId,
  KeyClaims,
  SecretWriter,
  TenantRegistry,
} from "../../shared/ports-onboarding.ts";
import type { ParkedStore } from "../../shared/ports-parked.ts";

export interface UpkeepDeps {
  readonly registry: TenantRegistry;
  readonly secrets: SecretWriter;
  readonly claims: KeyClaims;
  readonly links: Pick<ConnectLinks, "list" | "revoke">;
  readonly audit: AuditTrail;
  readonly changes: FeedChanges;
  readonly ledger: Pick<LedgerAccounts, "ofTenant">;
  readonly parked: Pick<ParkedStore, "folders" | "list" | "delete">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly randomText: (bytes: number) => string;
  readonly log: Log;
}

/** Times that a change is decided anew because somebody else was faster. */
const MAX_ATTEMPTS = 5;

/**
 * Changes a feed, whatever others change of it meanwhile.
 *
 * @param decide - Undefined: nothing is to be changed any more.
 * @returns whether it was changed.
 */
export async function change(
  { tenantId, feedId }: FeedId,
  decide: (feed: FeedRecord) => FeedRecord | undefined,
  { registry, clock, randomText }: UpkeepDeps,
): Promise<boolean> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const before = await registry.feed(tenantId, feedId);
    const next = before && decide(before);
    if (!next) return false;
    const updatedAt = new Date(clock.nowMs()).toISOString();
    if (await registry.saveFeed(tenantId, { ...next, updatedAt, revision: randomText(9) }, before))
      return true;
  }
  throw new Error("A feed is changed by others all the time");
}
