import { nameOf } from "../../shared/core/error-name.ts";
import type { ParkedFolder } from "../../shared/core/parked-object.ts";
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
    const folders = all.filter(
      (folder) => feedId === undefined || folder.feedId === undefined || folder.feedId === feedId,
    );
    const found = folders.length > 0 ? await run.tenants.find(tenantId) : undefined;
    if (found?.tenant.status !== "active") return;

    const feedIds = folders.flatMap((folder) =>
      folder.feedId === undefined ? [...found.feeds.keys()] : [folder.feedId],
    );
    const ready = await findReadyFeeds(found, feedIds, run);
    run.failures += ready.unreadable.length;
    // One after the other: they share their feeds' rooms, and the oldest goes first.
    for (const folder of folders) {
      if (!run.mayGoOn()) return;
      await releaseFolder(folder, { feeds: found.feeds, ready: ready.feeds }, run);
    }
  } catch (error) {
    run.failures++;
    run.log.error("A tenant's held events wait", { tenantId, error: nameOf(error) });
  }
}

async function foldersOldestFirst(tenantId: string, run: ReleaseRun): Promise<ParkedFolder[]> {
  const folders: { folder: ParkedFolder; oldestAtMs: number }[] = [];
  for await (const folder of run.store.folders("held", tenantId)) {
    for await (const { parkedAtMs } of run.store.list(folder)) {
      folders.push({ folder, oldestAtMs: parkedAtMs });
      run.oldestHeldAtMs = Math.min(run.oldestHeldAtMs ?? parkedAtMs, parkedAtMs);
      break;
    }
  }
  return folders.sort((a, b) => a.oldestAtMs - b.oldestAtMs).map(({ folder }) => folder);
}
