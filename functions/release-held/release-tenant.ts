import { nameOf } from "../../shared/core/error-name.ts";
import { isPaused } from "../../shared/core/held-cause.ts";
import type { ParkedFolder } from "../../shared/core/parked-object.ts";
import type { TenantWithFeeds } from "../../shared/ports.ts";
import { findReadyFeeds } from "./ready-feeds.ts";
import { releaseFolder } from "./release-folder.ts";
import type { ReleaseRun } from "./release-held.ts";

/** Releases what can be of one tenant. Its trouble is nobody else's: whatever fails is logged and counted. */
export async function releaseTenant(
  tenantId: string,
  feedId: string | undefined,
  run: ReleaseRun,
): Promise<void> {
  try {
    const all = await foldersOldestFirst(tenantId, run);
    const found = all.length > 0 ? await findTenant(tenantId, all, run) : undefined;
    const folders = all
      .map(({ folder }) => folder)
      .filter((folder) => feedId === undefined || folder.feedId === undefined || folder.feedId === feedId);
    if (found?.tenant.status !== "active") return;

    const feedIds = folders.flatMap((folder) =>
      folder.feedId === undefined ? [...found.feeds.keys()] : [folder.feedId],
    );
    const ready = await findReadyFeeds(found, feedIds, run);
    run.failures += ready.unreadable.length;
    // One after the other: they share their feeds' rooms, and the oldest goes first.
    for (const folder of folders) {
      if (!run.mayGoOn()) return;
      await releaseFolder(folder, { all: found, ready: ready.feeds }, run);
    }
  } catch (error) {
    run.failures++;
    run.log.error("A tenant's held events wait", { tenantId, error: nameOf(error) });
  }
}

interface AgedFolder {
  readonly folder: ParkedFolder;
  /** When its oldest object was parked. */
  readonly oldestAtMs: number;
}

async function foldersOldestFirst(tenantId: string, run: ReleaseRun): Promise<AgedFolder[]> {
  const folders: AgedFolder[] = [];
  for await (const folder of run.store.folders("held", tenantId)) {
    for await (const { parkedAtMs } of run.store.list(folder)) {
      folders.push({ folder, oldestAtMs: parkedAtMs });
      break;
    }
  }
  return folders.sort((a, b) => a.oldestAtMs - b.oldestAtMs);
}

/** Finds whose the folders are, and notes their ages: as held where that cannot be told. @throws as the store does. */
async function findTenant(
  tenantId: string,
  folders: readonly AgedFolder[],
  run: ReleaseRun,
): Promise<TenantWithFeeds | undefined> {
  let found: TenantWithFeeds | undefined;
  try {
    found = await run.tenants.find(tenantId);
    return found;
  } finally {
    for (const { folder, oldestAtMs } of folders) {
      const oldest = isStopped(folder, found) ? "oldestPausedAtMs" : "oldestHeldAtMs";
      run[oldest] = Math.min(run[oldest] ?? oldestAtMs, oldestAtMs);
    }
  }
}

/** Whether somebody has paused those whose events these are, and so keeps them from being released. */
function isStopped({ feedId }: ParkedFolder, found: TenantWithFeeds | undefined): boolean {
  if (!found) return false;
  const feed = feedId === undefined ? undefined : found.feeds.get(feedId);
  return feed ? isPaused(found.tenant, feed) : found.tenant.status === "paused";
}
