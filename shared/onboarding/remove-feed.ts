import { linkStatus } from "../core/onboarding/link.ts";
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
  readonly links: Pick<ConnectLinks, "list" | "revoke">;
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
  await revokeLinks(feed, deps);
  return registry.removeFeed(feed.tenantId, begun);
}

/** Ends the connect links that ask for nothing but this feed and others that are gone. */
async function revokeLinks(
  { tenantId, feedId }: FeedId,
  { registry, links, audit, clock }: RemoveFeedDeps,
): Promise<void> {
  const nowMs = clock.nowMs();
  let others: ReadonlySet<string> | undefined;
  for await (const link of linksOf(tenantId, links)) {
    if (linkStatus(link, nowMs) !== "open" || !link.feedIds.includes(feedId)) continue;
    others ??= new Set((await registry.feedIds(tenantId)).filter((id) => id !== feedId));
    if (link.feedIds.some((id) => others?.has(id))) continue;
    const details = { linkId: link.linkId };
    await audit.write({ tenantId, feedId, by: "connector", action: "connect_link_revoked", details });
    await links.revoke(link, new Date(nowMs).toISOString());
  }
}
