import type { ParkedFolder } from "../../shared/core/parked-object.ts";
import { ProblemError } from "../../shared/onboarding/problem.ts";
import type { AuditTrail, FeedId, TenantRegistry } from "../../shared/ports-onboarding.ts";
import type { ParkedStore } from "../../shared/ports-parked.ts";

export interface KnownFeedDeps {
  readonly registry: Pick<TenantRegistry, "storedFeed">;
  readonly audit: Pick<AuditTrail, "list">;
}

/** Where a request names a feed. */
export type Place = { readonly parameter: string } | { readonly pointer: string };

/** Entries of the audit trail that are read at once: some 300 kB. */
const AUDIT_PAGE = 1_000;

/** Of a longer trail it is not known whether it names the feed: nobody waits for its end, and a feed may have been anything. */
const MAX_AUDIT_PAGES = 10;

/**
 * As {@link assertFeed}. Events outlive their feed, and are held under the id of one that is not there yet: where there are some, the
 * feed need not be.
 *
 * @throws {ProblemError} for an id that neither a feed nor a parked event has, nor had.
 */
export async function assertParkedFeed(
  { feedId, tenantId }: { readonly tenantId: string; readonly feedId: string | undefined },
  ending: ParkedFolder["ending"],
  place: Place,
  deps: KnownFeedDeps & { readonly parked: Pick<ParkedStore, "folders"> },
): Promise<void> {
  if (feedId === undefined) return;
  for await (const folder of deps.parked.folders(ending, tenantId)) if (folder.feedId === feedId) return;
  await assertFeed({ tenantId, feedId }, place, deps);
}

/**
 * A mistyped id would be answered as a feed of which there is nothing.
 *
 * @throws {ProblemError} for an id that no feed of the tenant has, nor had.
 */
export async function assertFeed(feed: FeedId, place: Place, deps: KnownFeedDeps): Promise<void> {
  if (await deps.registry.storedFeed(feed.tenantId, feed.feedId)) return;
  if (await isInAudit(feed, deps)) return;
  throw new ProblemError("not_found", "The tenant has no feed of this id, and no events of one.", {
    errors: [{ ...place, code: "unknown", message: "is none of the tenant's feeds" }],
  });
}

/**
 * The trail names every feed that was created, and, before its first event goes, every one that a replay was asked for: so the
 * request that took the last of them may be repeated, and may go on. The ledger forgets, and knows no feed before its events.
 */
async function isInAudit(
  { tenantId, feedId }: FeedId,
  { audit }: Pick<KnownFeedDeps, "audit">,
): Promise<boolean> {
  let after: string | undefined;
  for (let pages = 0; pages < MAX_AUDIT_PAGES; pages++) {
    const { entries, next } = await audit.list(tenantId, { limit: AUDIT_PAGE, after });
    if (entries.some((entry) => entry.feedId === feedId)) return true;
    if (next === undefined) return false;
    after = next;
  }
  return true;
}
