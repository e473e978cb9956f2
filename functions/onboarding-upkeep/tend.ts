import { nameOf } from "../../shared/core/error-name.ts";
import { isRotating } from "../../shared/core/onboarding/feed-state.ts";
import type { FeedRecord, TenantRecord } from "../../shared/core/onboarding/record.schema.ts";
import { removeFeed } from "../../shared/onboarding/remove-feed.ts";
import { salvagedTenant } from "../../shared/onboarding/salvaged-tenant.ts";
import { dropPrevious } from "./drop-previous.ts";
import { isDue, purge } from "./purge.ts";
import { rollBack } from "./roll-back.ts";
import { isLeftBehind, settleRotation } from "./settle-rotation.ts";
import { tenantsInTurn } from "./tenants-in-turn.ts";
import type { UpkeepDeps } from "./upkeep.ts";

/** Milliseconds that the last steps may take. */
const LAST_STEPS_MS = 20_000;

export interface UpkeepReport {
  readonly tenants: number;
  readonly purged: number;
  /** Feeds whose former keys were let go of. */
  readonly dropped: number;
  /** Tenants with which something went wrong; the log has them. They are tried again by the next run. */
  readonly failures: number;
  /** There was no more time to look at all tenants; the next run goes on with those that are left. */
  readonly isCutShort: boolean;
}

/**
 * Looks after all tenants: removes those whose grace period is over, and lets go of keys that are not needed any more. Begins where
 * the latest run that had not enough time stopped, so that each tenant has its turn however many there are.
 */
export async function tend(remainingMs: () => number, deps: UpkeepDeps): Promise<UpkeepReport> {
  const mayGoOn = () => remainingMs() > LAST_STEPS_MS;
  const report = { tenants: 0, purged: 0, dropped: 0, failures: 0 };
  let latest: string | undefined;
  const stop = async () => {
    if (latest !== undefined) await deps.place.save(latest);
    return { ...report, isCutShort: true };
  };
  for await (const page of tenantsInTurn(await deps.place.read(), deps.registry)) {
    for (const [tenantId, problem] of page.unreadable) {
      report.failures++;
      deps.log.error("A stored tenant cannot be read", { tenantId, problem });
    }
    for (const tenant of [...page.entries, ...(await dueAmong(page.unreadable, deps))]) {
      const { tenantId } = tenant;
      if (!mayGoOn()) return stop();
      report.tenants++;
      latest = tenantId;
      try {
        const done = await tendTenant(tenant, mayGoOn, deps);
        report.purged += done.purged;
        report.dropped += done.dropped;
        report.failures += done.failures;
      } catch (error) {
        report.failures++;
        deps.log.error("A tenant cannot be looked after", { tenantId, error: nameOf(error) });
      }
    }
  }
  // With the last of all it may have stopped half-way.
  return mayGoOn() ? { ...report, isCutShort: false } : stop();
}

/** What is wrong with a tenant does not keep it from being removed when its time has come. */
async function dueAmong(unreadable: ReadonlyMap<string, string>, deps: UpkeepDeps): Promise<TenantRecord[]> {
  const due: TenantRecord[] = [];
  for (const tenantId of unreadable.keys()) {
    try {
      const stored = await deps.registry.storedTenant(tenantId);
      const tenant = stored && salvagedTenant(tenantId, stored);
      if (tenant && isDue(tenant, deps.clock.nowMs())) due.push(tenant);
    } catch (error) {
      deps.log.error("A tenant cannot be looked after", { tenantId, error: nameOf(error) });
    }
  }
  return due;
}

async function tendTenant(
  tenant: TenantRecord,
  mayGoOn: () => boolean,
  deps: UpkeepDeps,
): Promise<Pick<UpkeepReport, "purged" | "dropped" | "failures">> {
  if (isDue(tenant, deps.clock.nowMs())) {
    // Should the function die of what there is to remove, the next run does not begin with it again.
    await deps.place.save(tenant.tenantId);
    return { purged: (await purge(tenant, mayGoOn, deps)) ? 1 : 0, dropped: 0, failures: 0 };
  }
  const { tenantId } = tenant;
  const { entries, unreadable } = await deps.registry.feeds(tenantId);
  let dropped = 0;
  let failures = 0;
  /** One feed's trouble is not another's. */
  const each = async (feedId: string, tendOne: () => Promise<boolean>) => {
    if (!mayGoOn()) return;
    try {
      if (await tendOne()) dropped++;
    } catch (error) {
      failures++;
      deps.log.error("A feed cannot be looked after", { tenantId, feedId, error: nameOf(error) });
    }
  };
  for (const [feedId, problem] of unreadable) {
    failures++;
    deps.log.error("A stored feed cannot be read", { tenantId, feedId, problem });
    await each(feedId, async () => {
      const stored = await deps.registry.storedFeed(tenantId, feedId);
      if (stored?.isDeleting) await removeFeed({ tenantId, feedId }, deps);
      return false;
    });
  }
  for (const feed of entries) await each(feed.feedId, () => tendFeed(tenantId, feed, deps));
  return { purged: 0, dropped, failures: failures > 0 ? 1 : 0 };
}

/** @returns whether former keys were let go of. */
async function tendFeed(tenantId: string, feed: FeedRecord, deps: UpkeepDeps): Promise<boolean> {
  const { feedId, refusedSecretVersion } = feed;
  if (feed.isDeleting) {
    // Who began it did not come to its end.
    await removeFeed({ tenantId, feedId }, deps);
    return false;
  }
  if (isLeftBehind(feed, deps.clock.nowMs())) await settleRotation({ tenantId, feedId }, deps);
  // What the event about it did not bring to its end.
  if (refusedSecretVersion !== undefined && !isRotating(feed, deps.clock.nowMs()))
    await rollBack({ tenant: `tenant#${tenantId}`, feedId, refusedSecretVersion }, deps);
  return dropPrevious(tenantId, feed, deps);
}
