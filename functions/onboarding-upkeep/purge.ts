import { linkStatus } from "../../shared/core/onboarding/link.ts";
import type { TenantRecord } from "../../shared/core/onboarding/record.schema.ts";
import type { ParkedFolder, ParkedRef } from "../../shared/core/parked-object.ts";
import { linksOf } from "../../shared/onboarding/links-of.ts";
import { removeFeed } from "../../shared/onboarding/remove-feed.ts";
import type { UpkeepDeps } from "./upkeep.ts";

/** Objects deleted at once. */
const OBJECTS_AT_ONCE = 16;

/** Whether a tenant's grace period is over. */
export function isDue({ deletion }: TenantRecord, nowMs: number): boolean {
  return deletion !== undefined && nowMs >= Date.parse(deletion.deleteAfter);
}

/**
 * Removes a tenant: its connect links, what is parked of it, its feeds with their keys, at last itself. Step by step, so that a run which has no more
 * time leaves a tenant that the next run goes on with.
 *
 * @returns whether it is gone.
 */
export async function purge(
  tenant: TenantRecord,
  mayGoOn: () => boolean,
  deps: UpkeepDeps,
): Promise<boolean> {
  const { tenantId } = tenant;
  const purging = await beginPurge(tenant, deps);
  if (!purging) return false;
  await revokeLinks(tenantId, deps);
  for (const ending of ["rejected", "held"] as const)
    for await (const folder of deps.parked.folders(ending, tenantId))
      if (!(await deleteParked(folder, mayGoOn, deps))) return false;
  for (const feedId of await deps.registry.feedIds(tenantId))
    if (!mayGoOn() || (await removeFeed({ tenantId, feedId }, deps)) === false) return false;
  await deps.audit.write({ tenantId, by: "connector", action: "tenant_purged", details: {} });
  return deps.registry.removeTenant(purging);
}

/** From here on it cannot be restored. Undefined: it was, just now. */
async function beginPurge(tenant: TenantRecord, deps: UpkeepDeps): Promise<TenantRecord | undefined> {
  const { deletion } = tenant;
  if (!deletion || deletion.isPurging) return deletion && tenant;
  const purging = { ...tenant, deletion: { ...deletion, isPurging: true }, revision: deps.randomText(9) };
  return (await deps.registry.saveTenant(purging, tenant)) ? purging : undefined;
}

/** Nothing is under way when it returns or waits for the next keys: what fails meanwhile would end the whole run. */
async function deleteParked(
  folder: ParkedFolder,
  mayGoOn: () => boolean,
  { parked }: UpkeepDeps,
): Promise<boolean> {
  let refs: ParkedRef[] = [];
  const deleteRefs = async () => {
    await Promise.all(refs.map((ref) => parked.delete(ref)));
    refs = [];
  };
  for await (const ref of parked.list(folder)) {
    if (!mayGoOn()) return false;
    refs.push(ref);
    if (refs.length >= OBJECTS_AT_ONCE) await deleteRefs();
  }
  await deleteRefs();
  return true;
}

/** A tenant that is created anew under the id is another one: who was sent a link before must not store its keys, nor does it list that link. */
async function revokeLinks(tenantId: string, { links, clock }: UpkeepDeps): Promise<void> {
  const nowMs = clock.nowMs();
  const at = new Date(nowMs).toISOString();
  for await (const { entries, unreadable } of linksOf(tenantId, links)) {
    for (const link of entries) {
      if (linkStatus(link, nowMs) === "open") await links.revoke(link, at);
      await links.forget(link);
    }
    for (const linkId of unreadable) {
      await links.revokeUnread(tenantId, linkId, at);
      await links.forget({ tenantId, linkId });
    }
  }
}
