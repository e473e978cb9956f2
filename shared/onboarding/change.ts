import type { AuditAction } from "../api/audit.schema.ts";
import type { FeedRecord, TenantRecord } from "../core/onboarding/record.schema.ts";
import type { Clock } from "../ports.ts";
import type { AuditTrail, FeedId, TenantRegistry } from "../ports-onboarding.ts";
import type { Caller } from "./caller.ts";
import { ProblemError } from "./problem.ts";

/** What changing tenants and feeds takes. */
export interface ChangeDeps {
  readonly registry: TenantRegistry;
  readonly audit: AuditTrail;
  readonly clock: Pick<Clock, "nowMs">;
  /** Text that nobody can guess, of so many random bytes. */
  readonly randomText: (bytes: number) => string;
}

/** Times that a change is decided anew because somebody else was faster. */
const MAX_ATTEMPTS = 5;

/** What is to become of a record. Undefined: it is so already. */
export type Decision<Kept> =
  | {
      readonly next: Kept;
      /** Absent: the entry of the trail is written apart. */
      readonly action?: AuditAction;
      /** Names and ids, never values. */
      readonly details?: Readonly<Record<string, string>>;
    }
  | undefined;

export interface Changed<Kept> {
  readonly record: Kept;
  readonly before: Kept | undefined;
}

interface Change<Kept> {
  readonly read: () => Promise<Kept | undefined>;
  readonly decide: (record: Kept | undefined) => Decision<Kept>;
  readonly save: (next: Kept, before: Kept | undefined) => Promise<boolean>;
  readonly note: (action: AuditAction, details: Readonly<Record<string, string>>) => Promise<void>;
}

/**
 * Changes a tenant: read, decide, note, write if it is still as it was read; else all over again.
 *
 * @param decide - Throws a {@link ProblemError} where the change may not be.
 */
export function changeTenant(
  tenantId: string,
  decide: (record: TenantRecord | undefined) => Decision<TenantRecord>,
  caller: Caller,
  deps: ChangeDeps,
): Promise<Changed<TenantRecord>> {
  const { registry, audit } = deps;
  return change(
    {
      read: () => registry.tenant(tenantId),
      decide,
      save: (next, before) => registry.saveTenant(next, before),
      note: (action, details) => audit.write({ tenantId, action, details, ...caller }),
    },
    deps,
  );
}

/** Changes a feed of a tenant that is there and not deleting; see {@link changeTenant}. */
export async function changeFeed(
  { tenantId, feedId }: FeedId,
  decide: (record: FeedRecord | undefined) => Decision<FeedRecord>,
  caller: Caller,
  deps: ChangeDeps,
): Promise<Changed<FeedRecord>> {
  const { registry, audit } = deps;
  assertStays(await foundTenant(tenantId, deps));
  return change(
    {
      read: () => registry.feed(tenantId, feedId),
      decide: (feed) => {
        if (feed?.isDeleting) throw new ProblemError("conflict", "The feed is being deleted.");
        return decide(feed);
      },
      save: (next, before) => registry.saveFeed(tenantId, next, before),
      note: (action, details) => audit.write({ tenantId, feedId, action, details, ...caller }),
    },
    deps,
  );
}

async function change<Kept extends { createdAt?: string | undefined }>(
  { read, decide, save, note }: Change<Kept>,
  { clock, randomText }: ChangeDeps,
): Promise<Changed<Kept>> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const before = await read();
    const decision = decide(before);
    if (!decision) return { record: present(before), before };
    const updatedAt = new Date(clock.nowMs()).toISOString();
    const record = {
      ...decision.next,
      revision: randomText(9),
      updatedAt,
      createdAt: before ? before.createdAt : updatedAt,
    };
    if (decision.action) await note(decision.action, decision.details ?? {});
    if (await save(record, before)) return { record, before };
  }
  throw new ProblemError("conflict", "Others change it all the time: try again.");
}

/** @throws {ProblemError} where there is none. */
export async function foundTenant(
  tenantId: string,
  { registry }: Pick<ChangeDeps, "registry">,
): Promise<TenantRecord> {
  return presentTenant(await registry.tenant(tenantId));
}

export async function foundFeed(
  { tenantId, feedId }: FeedId,
  { registry }: Pick<ChangeDeps, "registry">,
): Promise<FeedRecord> {
  const [tenant, feed] = await Promise.all([registry.tenant(tenantId), registry.feed(tenantId, feedId)]);
  presentTenant(tenant);
  return presentFeed(feed);
}

export function presentTenant(tenant: TenantRecord | undefined): TenantRecord {
  if (tenant) return tenant;
  throw new ProblemError("not_found", "There is no tenant of this id.");
}

export function presentFeed(feed: FeedRecord | undefined): FeedRecord {
  if (feed) return feed;
  throw new ProblemError("not_found", "The tenant has no feed of this id.");
}

/** @throws {ProblemError} for a tenant that is deleting. */
export function assertStays(tenant: TenantRecord): void {
  if (tenant.deletion) throw new ProblemError("conflict", "The tenant is deleting. Restore it to change it.");
}

function present<Kept>(record: Kept | undefined): Kept {
  if (record) return record;
  throw new Error("Nothing was decided about something that is not there");
}
