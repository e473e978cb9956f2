import { platformOf } from "../../shared/core/convert/platform.ts";
import { nameOf } from "../../shared/core/error-name.ts";
import type { PartnerEvent } from "../../shared/core/message.schema.ts";
import type { Feed, Tenant } from "../../shared/core/tenant.schema.ts";
import type { TenantWithFeeds, VersionedCredentials } from "../../shared/ports.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import { hold, type Item, isOpen, type Pass } from "./pass.ts";

/** A feed with all the items of the pass that go to it. */
export interface FeedItems {
  readonly tenant: Tenant;
  readonly feed: Feed;
  readonly credentials: VersionedCredentials;
  /** Indexes into the pass. */
  readonly items: readonly number[];
}

/**
 * Finds the feed and the credentials of every open item.
 *
 * Items whose tenant, feed or credentials are missing, paused or refused are held; when the store cannot be read their
 * records go back. Nobody's trouble is another tenant's.
 */
export async function findFeeds(pass: Pass, deps: DeliverDeps): Promise<FeedItems[]> {
  const open = [...pass.items.keys()].filter((i) => isOpen(itemAt(pass, i)));
  const byTenant = Map.groupBy(open, (i) => itemAt(pass, i).tenantId ?? "");
  const found = await Promise.all(
    Array.from(byTenant, async ([tenantId, indexes]) => {
      const items = indexes.map((i) => itemAt(pass, i));
      const tenant = await findTenant(tenantId, items, pass, deps);
      if (!tenant) return [];
      for (const item of items) item.feedId = feedIdOf(item, tenant);
      const byFeed = Map.groupBy(indexes, (i) => itemAt(pass, i).feedId ?? "");
      return Promise.all(
        Array.from(byFeed, ([feedId, members]) => findFeed(tenant, feedId, members, pass, deps)),
      );
    }),
  );
  return found.flat().filter((feed) => feed !== undefined);
}

async function findTenant(
  tenantId: string,
  items: readonly Item[],
  pass: Pass,
  deps: DeliverDeps,
): Promise<TenantWithFeeds | undefined> {
  try {
    const tenant = await deps.tenants.find(tenantId);
    if (tenant?.tenant.status === "active") return tenant;
    for (const item of items) hold(item, tenant ? "tenant_paused" : "unknown_tenant");
    if (!tenant) deps.log.warn("Unknown tenant: its events are held", { tenantId, events: items.length });
  } catch (error) {
    deps.log.error("Tenant could not be read: its records go back", { tenantId, error: nameOf(error) });
    defer(items, pass, deps);
  }
  return undefined;
}

async function findFeed(
  { tenant, feeds }: TenantWithFeeds,
  feedId: string,
  members: readonly number[],
  pass: Pass,
  deps: DeliverDeps,
): Promise<FeedItems | undefined> {
  const items = members.map((i) => itemAt(pass, i));
  const holdAll = (cause: string): undefined => {
    for (const item of items) hold(item, cause);
  };
  const feed = feeds.get(feedId);
  if (!feed) return holdAll("unknown_feed");
  if (feed.status === "paused") return holdAll("feed_paused");
  try {
    const not = feed.status === "credentials_refused" ? feed.refusedSecretVersion : undefined;
    const credentials = await deps.credentials.find(
      tenant.tenantId,
      feedId,
      not === undefined ? {} : { not },
    );
    if (!credentials) return holdAll("no_credentials");
    if (credentials.version === not) return holdAll("credentials_refused");
    return { tenant, feed, credentials, items: members };
  } catch (error) {
    deps.log.error("Credentials could not be read: the feed's records go back", {
      tenantId: tenant.tenantId,
      feedId,
      error: nameOf(error),
    });
    defer(items, pass, deps);
    return undefined;
  }
}

/** The feed that the message names, else the one that takes the event's platform, else `default`. */
function feedIdOf(item: Item, { feeds }: TenantWithFeeds): string {
  if (item.feedId !== undefined) return item.feedId;
  if (item.kind === "event" && "event" in item.content) {
    const platform = platformOf(item.content.event as PartnerEvent);
    if (platform)
      for (const feed of feeds.values()) if (feed.platforms.includes(platform)) return feed.feedId;
  }
  return "default";
}

/** Sends the items' records back, unless they did so too often already. */
function defer(items: readonly Item[], pass: Pass, deps: DeliverDeps): void {
  for (const item of items) {
    const { receiveCount = 1 } = pass.records[item.record] ?? {};
    if (receiveCount >= deps.settings.holdAfterReceives) hold(item, "deferred_too_long");
    else item.deferSeconds = deps.deferralSeconds({ receiveCount });
  }
}

function itemAt(pass: Pass, index: number): Item {
  const item = pass.items[index];
  if (!item) throw new RangeError(`No item ${index} in this pass`);
  return item;
}
