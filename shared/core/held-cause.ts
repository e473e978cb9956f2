import type { Feed, Tenant } from "./tenant.schema.ts";

/** Milliseconds after which events are tried again whose cause is nothing that can be seen to have ended. */
const TRY_AGAIN_MS = 3_600_000;

export type EndedBy =
  /** Somebody has to mend something. */
  | "person"
  /** Somebody stopped the feed on purpose, and lets it go on some day. */
  | "choice"
  /** By itself: nothing needs to be done. */
  | "itself";

interface HeldCause {
  readonly endedBy: EndedBy;
  /** Milliseconds that events held for it lie in the bucket at least. 0: it has ended once tenant, feed and credentials are well. */
  readonly shortestHoldMs: number;
}

const CAUSES: Readonly<Record<string, HeldCause>> = {
  unknown_tenant: { endedBy: "person", shortestHoldMs: 0 },
  unknown_feed: { endedBy: "person", shortestHoldMs: 0 },
  no_credentials: { endedBy: "person", shortestHoldMs: 0 },
  credentials_refused: { endedBy: "person", shortestHoldMs: 0 },
  unexpected_answer: { endedBy: "person", shortestHoldMs: TRY_AGAIN_MS },
  deferred_too_long: { endedBy: "person", shortestHoldMs: TRY_AGAIN_MS },
  tenant_paused: { endedBy: "choice", shortestHoldMs: 0 },
  feed_paused: { endedBy: "choice", shortestHoldMs: 0 },
  /** Waits for room in the line, as all do. */
  backlog: { endedBy: "itself", shortestHoldMs: 0 },
  /** Whether the queue takes messages again is seen by sending them. */
  queue_refused: { endedBy: "itself", shortestHoldMs: 0 },
};

const UNKNOWN: HeldCause = { endedBy: "person", shortestHoldMs: TRY_AGAIN_MS };

/** What is known of a cause; one of another version is nobody's but a person's. */
export function heldCause(cause: string | undefined): HeldCause {
  return (cause !== undefined && CAUSES[cause]) || UNKNOWN;
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
