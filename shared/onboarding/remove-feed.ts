import { asksFor, linkStatus } from "../core/onboarding/link.ts";
import type { LinkRecord } from "../core/onboarding/link-record.schema.ts";
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
async function endLinks({ tenantId, feedId }: FeedId, deps: RemoveFeedDeps): Promise<void> {
  const { links, audit, clock } = deps;
  const nowMs = clock.nowMs();
  const at = new Date(nowMs).toISOString();
  for await (const page of linksOf(tenantId, links))
    for (const link of page.entries) {
      if (linkStatus(link, nowMs) !== "open" || !link.feedIds.includes(feedId)) continue;
      const asked = await askedFeeds(link, deps);
      const isDone = asked.every(({ feedId }) => link.storedFeedIds?.includes(feedId));
      if (!isDone) continue;
      const action = asked.length > 0 ? "connect_link_used" : "connect_link_revoked";
      const details = { linkId: link.linkId };
      await audit.write({ tenantId, feedId, by: "connector", action, details });
      await (asked.length > 0 ? links.complete(link, at) : links.revoke(link, at));
    }
}

/** Feeds that a link still asks for, whether they can be read or not. */
async function askedFeeds(link: LinkRecord, { registry }: RemoveFeedDeps): Promise<StoredFeed[]> {
  const feeds = await Promise.all(link.feedIds.map((id) => registry.storedFeed(link.tenantId, id)));
  return feeds.filter((feed) => feed !== undefined && asksFor(link, feed)) as StoredFeed[];
}
