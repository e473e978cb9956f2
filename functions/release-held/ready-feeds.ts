import pLimit from "p-limit";
import { nameOf } from "../../shared/core/error-name.ts";
import { isPaused, refusedVersion } from "../../shared/core/held-cause.ts";
import type { Feed } from "../../shared/core/tenant.schema.ts";
import type { CredentialStore, Log, TenantWithFeeds } from "../../shared/ports.ts";

/** Secrets of one tenant's feeds that are read at once. */
const CONCURRENT_READS = 8;

/** Feeds by id that can be delivered to: nobody has paused them, and they have credentials that were not refused. */
export interface ReadyFeeds {
  readonly feeds: ReadonlyMap<string, Feed>;
  /** Whose credentials could not be read. They are not among the others. */
  readonly unreadable: readonly string[];
}

/** Finds which of a tenant's feeds can be delivered to. @param feedIds - Those that matter. */
export async function findReadyFeeds(
  { tenant, feeds }: TenantWithFeeds,
  feedIds: Iterable<string>,
  { credentials, log }: { readonly credentials: Pick<CredentialStore, "find">; readonly log: Log },
): Promise<ReadyFeeds> {
  const { tenantId } = tenant;
  const ready = new Map<string, Feed>();
  const unreadable: string[] = [];
  const check = async (feedId: string) => {
    const feed = feeds.get(feedId);
    if (!feed || isPaused(tenant, feed)) return;
    const refused = refusedVersion(feed);
    try {
      const options = refused === undefined ? {} : { not: refused };
      const found = await credentials.find(tenantId, feedId, options);
      if (found && found.version !== refused) ready.set(feedId, feed);
    } catch (error) {
      const fields = { tenantId, feedId, error: nameOf(error) };
      log.error("Credentials could not be read: the feed's held events wait", fields);
      unreadable.push(feedId);
    }
  };
  const room = pLimit(CONCURRENT_READS);
  await Promise.all(Array.from(new Set(feedIds), (feedId) => room(() => check(feedId))));
  return { feeds: ready, unreadable };
}
