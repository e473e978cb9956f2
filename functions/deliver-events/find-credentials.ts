import pLimit from "p-limit";
import { nameOf } from "../../shared/core/error-name.ts";
import type { VersionedCredentials } from "../../shared/ports.ts";
import { deferItem } from "./defer-item.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import { CONCURRENT_READS } from "./find-tenants.ts";
import { hold, isOpen, type Pass, type PassFeed } from "./pass.ts";

/** A feed that can be sent to. */
export interface ReadyFeed extends PassFeed {
  readonly credentials: VersionedCredentials;
}

/**
 * Finds the credentials of the feeds that have something to send. Where there are none, or mParticle refused them, the
 * feed's items are held; where the store cannot be read, their records go back.
 */
export async function findCredentials(pass: Pass, deps: DeliverDeps): Promise<ReadyFeed[]> {
  const room = pLimit(CONCURRENT_READS);
  const ready = await Promise.all(pass.feeds.map((feed) => room(() => findFor(feed, pass, deps))));
  return ready.filter((feed) => feed !== undefined);
}

async function findFor(passFeed: PassFeed, pass: Pass, deps: DeliverDeps): Promise<ReadyFeed | undefined> {
  const { feed, tenant } = passFeed;
  const ids = { tenantId: tenant.tenantId, feedId: feed.feedId };
  const open = passFeed.items.flatMap((index) => pass.items[index] ?? []).filter(isOpen);
  if (open.length === 0) return undefined;
  const holdAll = (cause: string): undefined => {
    for (const item of open) hold(item, cause);
  };
  try {
    const refused = feed.status === "credentials_refused" ? feed.refusedSecretVersion : undefined;
    const options = refused === undefined ? {} : { not: refused };
    const credentials = await deps.credentials.find(ids.tenantId, ids.feedId, options);
    if (!credentials) return holdAll("no_credentials");
    if (credentials.version === refused) return holdAll("credentials_refused");
    return { ...passFeed, credentials };
  } catch (error) {
    deps.log.error("Credentials could not be read: the feed's records go back", {
      ...ids,
      error: nameOf(error),
    });
    for (const item of open) deferItem(item, pass, deps);
    return undefined;
  }
}
