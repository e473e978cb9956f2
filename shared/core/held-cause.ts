import type { Feed, Tenant } from "./tenant.schema.ts";

/** Milliseconds after which events are tried again whose cause is nothing that somebody can be seen to have mended. */
const TRY_AGAIN_MS = 3_600_000;

/**
 * Causes that have ended once tenant, feed and credentials are well. `backlog` waits for room in the line, as all do; whether the
 * queue takes what it refused before is seen by putting it there.
 */
const ENDED_BY_A_CHANGE: ReadonlySet<string> = new Set([
  "unknown_tenant",
  "unknown_feed",
  "tenant_paused",
  "feed_paused",
  "no_credentials",
  "credentials_refused",
  "backlog",
  "queue_refused",
]);

/** Milliseconds that events held for a cause lie in the bucket at least. */
export function shortestHoldMs(cause: string | undefined): number {
  return cause !== undefined && ENDED_BY_A_CHANGE.has(cause) ? 0 : TRY_AGAIN_MS;
}

/** Whether somebody has stopped a feed, or its tenant. Nothing of it is released then, whatever it was held for. */
export function isPaused(tenant: Pick<Tenant, "status">, feed: Pick<Feed, "status">): boolean {
  return tenant.status === "paused" || feed.status === "paused";
}

/** The version of a feed's credentials that mParticle refused; undefined: those that there are may be tried. */
export function refusedVersion({
  status,
  refusedSecretVersion,
}: Pick<Feed, "status" | "refusedSecretVersion">): string | undefined {
  return status === "credentials_refused" ? refusedSecretVersion : undefined;
}
