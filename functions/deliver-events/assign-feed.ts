import { deferItem } from "./defer-item.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import type { TenantFound } from "./find-tenants.ts";
import { hold, type Item, type Pass, type PassFeed } from "./pass.ts";

/**
 * Gives an item to its feed, or ends it: held where tenant or feed cannot take it, deferred where that cannot be told.
 *
 * @param source - The item's index in the pass.
 */
export function assignFeed(
  item: Item,
  source: number,
  tenant: TenantFound,
  pass: Pass,
  deps: DeliverDeps,
): PassFeed | undefined {
  switch (tenant.kind) {
    case "unavailable":
      deferItem(item, pass, deps);
      return undefined;
    case "held":
      hold(item, tenant.cause);
      return undefined;
    case "active": {
      const feed = item.feedId === undefined ? undefined : tenant.feeds.get(item.feedId);
      if (!feed || feed.status === "paused") {
        hold(item, feed ? "feed_paused" : "unknown_feed");
        return undefined;
      }
      let inUse = tenant.inUse.get(feed.feedId);
      if (!inUse) {
        const feedIdsOfTenant = [...tenant.feeds.keys()];
        inUse = { tenant: tenant.tenant, feed, feedIdsOfTenant, items: [], messageIds: new Set() };
        tenant.inUse.set(feed.feedId, inUse);
        pass.feeds.push(inUse);
      }
      inUse.items.push(source);
      return inUse;
    }
  }
}
