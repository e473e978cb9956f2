import type { FeedRecord, TenantRecord } from "../core/onboarding/record.schema.ts";
import type { StoredFeed } from "../core/onboarding/stored-feed.ts";
import type { AuditTrail, FeedId, TenantRegistry } from "../ports-onboarding.ts";
import type { Caller } from "./caller.ts";
import { type Changed, type ChangeRecordDeps, changeRecord, type Decision } from "./change-record.ts";
import { ProblemError } from "./problem.ts";

/** What changing tenants and feeds takes. */
export interface ChangeDeps extends ChangeRecordDeps {
  readonly registry: TenantRegistry;
  readonly audit: AuditTrail;
}

/**
 * Changes a tenant, as {@link changeRecord} does.
 *
 * @param decide - Throws a {@link ProblemError} where the change may not be.
 */
export async function changeTenant(
  tenantId: string,
  decide: (record: TenantRecord | undefined) => Decision<TenantRecord>,
  caller: Caller,
  deps: ChangeDeps,
): Promise<Changed<TenantRecord>> {
  const { registry, audit } = deps;
  const changed = await changeRecord(
    {
      read: () => registry.tenant(tenantId),
      decide,
      save: (next, before) => registry.saveTenant(next, before),
      note: (action, details) => audit.write({ tenantId, action, details, ...caller }),
    },
    deps,
  );
  return present(changed);
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
  const changed = await changeRecord(
    {
      read: () => registry.feed(tenantId, feedId),
      decide: (feed) => {
        if (feed) assertNotDeleting(feed);
        return decide(feed);
      },
      save: (next, before) => registry.saveFeed(tenantId, next, before),
      note: (action, details) => audit.write({ tenantId, feedId, action, details, ...caller }),
    },
    deps,
  );
  return present(changed);
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

export function presentFeed<Feed extends FeedRecord | StoredFeed>(feed: Feed | undefined): Feed {
  if (feed) return feed;
  throw new ProblemError("not_found", "The tenant has no feed of this id.");
}

/** @throws {ProblemError} for a tenant that is deleting. */
export function assertStays(tenant: TenantRecord): void {
  if (tenant.deletion) throw new ProblemError("conflict", "The tenant is deleting. Restore it to change it.");
}

/** @throws {ProblemError} for a feed whose removal has begun. */
export function assertNotDeleting({ isDeleting }: Pick<StoredFeed | FeedRecord, "isDeleting">): void {
  if (isDeleting) throw new ProblemError("conflict", "The feed is being deleted.");
}

function present<Kept>({ record, before }: Changed<Kept | undefined>): Changed<Kept> {
  if (record) return { record, before };
  throw new Error("Nothing was decided about something that is not there");
}
