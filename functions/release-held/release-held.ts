import pLimit from "p-limit";
import { nameOf } from "../../shared/core/error-name.ts";
import type { FeedChanged } from "../../shared/core/feed-changed.schema.ts";
import type { ParkedFolder } from "../../shared/core/parked-object.ts";
import type { Clock, CredentialStore, Log, TenantStore } from "../../shared/ports.ts";
import type { ParkedStore, ReleasePace } from "../../shared/ports-parked.ts";
import type { PutBack } from "../../shared/requeue/put-back.ts";
import { Rooms } from "../../shared/requeue/rooms.ts";
import type { FutileObjects } from "./futile-objects.ts";
import { releaseTenant } from "./release-tenant.ts";

/** Tenants at once, each with up to eight objects in memory. */
const CONCURRENT_TENANTS = 4;

/** Milliseconds that sending, removing from the bucket and adding to the ledger may take together, repetitions included. */
const LAST_STEPS_MS = 20_000;

export interface ReleaseDeps {
  readonly store: ParkedStore;
  /** A view of the tenants that remembers nothing of an earlier run: what was changed a moment ago counts. */
  readonly openTenants: () => Pick<TenantStore, "find">;
  readonly credentials: Pick<CredentialStore, "find">;
  readonly pace: ReleasePace;
  readonly putBack: Pick<PutBack, "putBack">;
  readonly futile: FutileObjects;
  readonly clock: Pick<Clock, "nowMs">;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
}

/** What one run knows and counts. */
export interface ReleaseRun extends ReleaseDeps {
  readonly tenants: Pick<TenantStore, "find">;
  readonly rooms: Rooms;
  readonly nowMs: number;
  readonly mayGoOn: () => boolean;
  readonly released: Released[];
  /** Tenants, feeds and objects with which something went wrong. */
  failures: number;
  /** Epoch milliseconds. */
  oldestHeldAtMs: number | undefined;
  /** Of feeds that are paused, or whose tenant is. */
  oldestPausedAtMs: number | undefined;
}

/** Events of one folder that went back on the queue. */
export interface Released extends ParkedFolder {
  readonly events: number;
}

/** Ages in seconds of the oldest objects that were met; 0: there were none. */
export interface OldestHeld {
  /** Of feeds that nobody has paused. */
  readonly heldSeconds: number;
  /** Of feeds that are paused, or whose tenant is. */
  readonly pausedSeconds: number;
}

export interface ReleaseReport {
  readonly released: readonly Released[];
  readonly failures: number;
  /** Undefined: the run did not look at all tenants. */
  readonly oldest: OldestHeld | undefined;
}

/**
 * Puts held events back on the queue that they came from when what held them has ended, oldest first and at their feeds'
 * pace. What there is no time or room for is left to the next run. Only one run may be under way at a time.
 *
 * @param changed - Look at this tenant's events only; undefined: at all.
 * @param remainingMs - Milliseconds that the invocation may still take.
 */
export async function releaseHeld(
  changed: FeedChanged | undefined,
  remainingMs: () => number,
  deps: ReleaseDeps,
): Promise<ReleaseReport> {
  const nowMs = deps.clock.nowMs();
  const run: ReleaseRun = {
    ...deps,
    tenants: deps.openTenants(),
    rooms: new Rooms(deps.pace, nowMs),
    nowMs,
    mayGoOn: () => remainingMs() > LAST_STEPS_MS,
    released: [],
    failures: 0,
    oldestHeldAtMs: undefined,
    oldestPausedAtMs: undefined,
  };
  const listed = changed ? { tenantIds: [changed.tenantId], isComplete: false } : await listTenants(run);

  let skipped = 0;
  const room = pLimit(CONCURRENT_TENANTS);
  await Promise.all(
    listed.tenantIds.map((tenantId) =>
      room(async () => {
        if (run.mayGoOn()) await releaseTenant(tenantId, changed?.feedId, run);
        else skipped++;
      }),
    ),
  );
  if (skipped > 0) deps.log.warn("There was no time to look at all tenants", { tenants: skipped });

  await run.rooms.reserve((feed, error) => {
    deps.log.warn("A line was not told what comes back to it", { ...feed, error: nameOf(error) });
  });
  const { released, failures, oldestHeldAtMs = nowMs, oldestPausedAtMs = nowMs } = run;
  const secondsSince = (atMs: number) => Math.round((nowMs - atMs) / 1000);
  const oldest = {
    heldSeconds: secondsSince(oldestHeldAtMs),
    pausedSeconds: secondsSince(oldestPausedAtMs),
  };
  return { released, failures, oldest: listed.isComplete ? oldest : undefined };
}

/** Begins somewhere else in each run: so nobody is always among those that there is no time for. */
async function listTenants(run: ReleaseRun): Promise<{ tenantIds: string[]; isComplete: boolean }> {
  const tenantIds: string[] = [];
  let isComplete = true;
  try {
    for await (const tenantId of run.store.tenants("held")) tenantIds.push(tenantId);
  } catch (error) {
    run.log.error("The tenants with held events cannot be listed", { error: nameOf(error) });
    run.failures++;
    isComplete = false;
  }
  const first = Math.floor(run.random() * tenantIds.length);
  return { tenantIds: [...tenantIds.slice(first), ...tenantIds.slice(0, first)], isComplete };
}
