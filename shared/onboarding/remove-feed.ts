import { asksFor, linkStatus } from "../core/onboarding/link.ts";
import type { StoredFeed } from "../core/onboarding/stored-feed.ts";
import type {
  AuditTrail,
  ConnectLinks,
  FeedId,
  KeyClaims,
  SecretWriter,
  TenantRegistry,
} from "../ports-onboarding.ts";
import type { ChangeRecordDeps } from "./change-record.ts";
import { linksOf } from "./links-of.ts";

export interface RemoveFeedDeps extends Pick<ChangeRecordDeps, "clock" | "randomText"> {
  readonly registry: TenantRegistry;
  readonly secrets: SecretWriter;
  readonly claims: KeyClaims;
  readonly links: Pick<ConnectLinks, "list" | "revoke" | "complete">;
  readonly audit: AuditTrail;
}

/**
 * Removes a feed, whether it can be read or not. It is paused first: what fails on the way leaves a feed that the same call removes.
 *
 * @param assertMayBegin - Throws where it may not be; not asked about a removal that has begun.
 * @returns false: somebody else changed it meanwhile. Undefined: there is none.
 */
export async function removeFeed(
  feed: FeedId,
  deps: RemoveFeedDeps,
  assertMayBegin?: (stored: StoredFeed) => Promise<void>,
): Promise<boolean | undefined> {
  const { registry, secrets, claims, randomText } = deps;
  const stored = await registry.storedFeed(feed.tenantId, feed.feedId);
  if (!stored) return undefined;
  if (!stored.isDeleting) await assertMayBegin?.(stored);
  const begun = stored.isDeleting
    ? stored
    : await registry.beginRemoval(feed.tenantId, stored, randomText(9));
  if (!begun) return false;
  await secrets.scheduleDeletion(feed);
  for (const keyHash of begun.keyHashes) await claims.release(keyHash, feed);
  await endLinks(feed, deps);
  return registry.removeFeed(feed.tenantId, begun);
}

/** Ends the connect links that have nothing left to ask for: they are revoked, or used where what is left was submitted. */
async function endLinks(
  { tenantId, feedId }: FeedId,
  { registry, links, audit, clock }: RemoveFeedDeps,
): Promise<void> {
  const nowMs = clock.nowMs();
  const at = new Date(nowMs).toISOString();
  const found = new Map<string, Promise<StoredFeed | undefined>>();
  const find = (id: string) => {
    const feed = found.get(id) ?? registry.storedFeed(tenantId, id);
    found.set(id, feed);
    return feed;
  };
  for await (const page of linksOf(tenantId, links))
    for (const link of page.entries) {
      if (linkStatus(link, nowMs) !== "open" || !link.feedIds.includes(feedId)) continue;
      // Who has it to themselves looks at its feeds when they are done.
      if ((link.leaseUntilMs ?? 0) > nowMs) continue;
      const feeds = await Promise.all(link.feedIds.map(find));
      const asked = feeds.filter((feed) => feed !== undefined && asksFor(link, feed)) as StoredFeed[];
      const isDone = asked.every(({ feedId }) => link.storedFeedIds?.includes(feedId));
      if (!isDone) continue;
      const action = asked.length > 0 ? "connect_link_used" : "connect_link_revoked";
      const details = { linkId: link.linkId };
      await audit.write({ tenantId, feedId, by: "connector", action, details });
      await (asked.length > 0 ? links.complete(link, at) : links.revoke(link, at));
    }
}
