import type { FeedRecord } from "./record.schema.ts";
import type { StoredFeed } from "./stored-feed.ts";

/** Feeds that a tenant may have: more than mParticle has platforms to act as, and few enough to be read at once. */
export const MAX_FEEDS = 50;

/**
 * What a feed is that nobody has paused: refused, if its keys are those that mParticle refused; else active as soon as there are
 * any.
 */
export function statusOf({
  credentials,
  refusedSecretVersion,
  status,
}: Pick<FeedRecord, "credentials" | "refusedSecretVersion" | "status">): FeedRecord["status"] {
  if (
    refusedSecretVersion !== undefined &&
    (credentials?.secretVersion ?? refusedSecretVersion) === refusedSecretVersion
  )
    return "credentials_refused";
  // Keys that were not stored through the API leave no record: delivery has said that they work, or a pause hides that it has not.
  return credentials || status === "active" ? "active" : "pending";
}

/** Whether the feed's keys are being changed just now. */
export function isRotating({ rotation }: Pick<StoredFeed, "rotation">, nowMs: number): boolean {
  return rotation !== undefined && rotation.untilMs > nowMs;
}

/** Why a feed may not go live; undefined: it may. */
export function hindersGoLive({ status, credentials }: FeedRecord): string | undefined {
  if (!credentials) return "No keys are stored: store them first.";
  if (status === "credentials_refused") return "mParticle refuses the stored keys: store others first.";
  if (credentials.verification?.outcome !== "accepted")
    return "mParticle has not accepted the stored keys for this kind and pod: verify the feed first.";
  return undefined;
}
