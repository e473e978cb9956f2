import { isDeepStrictEqual } from "node:util";
import type { TenantRecord } from "../../../shared/core/onboarding/record.schema.ts";
import { UnreadableRecordError } from "../../../shared/core/onboarding/unreadable-record.ts";
import { parseTenant } from "../../../shared/core/validators.ts";
import { assertStays, changeTenant, foundTenant, presentTenant } from "../../../shared/onboarding/change.ts";
import { type Changed, changedNow, untilUncontested } from "../../../shared/onboarding/change-record.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";
import { salvagedTenant } from "../../../shared/onboarding/salvaged-tenant.ts";
import { tenantAnswer } from "../answers.ts";
import { nextOf, placeOf } from "../cursor.ts";
import { assertPrecondition, etagOf } from "../precondition.ts";
import type { OnboardingDeps, UseCase } from "../use-case.ts";

const DAY_MS = 86_400_000;
const TENANT_ID = /^[A-Za-z0-9_.-]{1,64}$/;

export const listTenants: UseCase<"listTenants"> = async ({ query: { limit, cursor } }, { registry }) => {
  const page = await registry.tenants({ limit, after: placeOf(cursor, TENANT_ID) });
  const unreadable = Array.from(page.unreadable, ([tenantId, problem]) => ({ tenantId, problem }));
  return {
    status: 200,
    body: {
      tenants: page.entries.map(tenantAnswer),
      ...(unreadable.length > 0 && { unreadable }),
      ...nextOf(page),
    },
  };
};

export const getTenant: UseCase<"getTenant"> = async ({ params }, deps) =>
  answer(await foundTenant(params.tenantId, deps));

/** What is wrong of a tenant that cannot be read is replaced as well. */
export const putTenant: UseCase<"putTenant"> = async (call, deps) => {
  try {
    return await putReadable(call, deps);
  } catch (error) {
    if (!(error instanceof UnreadableRecordError)) throw error;
    const record = await mended(call, deps);
    if (record.status === "active") await deps.changes.announce(call.params);
    return answer(record);
  }
};

const putReadable: UseCase<"putTenant"> = async ({ params, body, caller, precondition }, deps) => {
  const { tenantId } = params;
  const changed = await changeTenant(
    tenantId,
    (before) => {
      assertPrecondition(precondition, before);
      if (!before) return { next: parseTenant({ tenantId, ...body }), action: "tenant_created" };
      // Whoever repeats its tenants every night must not undo a deletion by it.
      assertStays(before);
      const next = { ...before, ...body };
      return isDeepStrictEqual(next, before) ? undefined : { next, action: "tenant_updated" };
    },
    caller,
    deps,
  );
  if (!changed.before) await deps.changes.announce({ tenantId });
  return changed.before ? answer(changed.record) : { ...answer(changed.record), status: 201 };
};

/** One that is deleting stays so: then it can be restored, which it could not be read for. */
function mended(
  { params: { tenantId }, body, caller, precondition }: Parameters<UseCase<"putTenant">>[0],
  deps: OnboardingDeps,
): Promise<TenantRecord> {
  return untilUncontested(async () => {
    const stored = await deps.registry.storedTenant(tenantId);
    const before = presentTenant(stored && salvagedTenant(tenantId, stored));
    assertPrecondition(precondition, before);
    const next = { ...before, ...body, ...changedNow(deps) };
    const details = { fields: Object.keys(body).join(" ") };
    await deps.audit.write({ tenantId, ...caller, action: "tenant_updated", details });
    return (await deps.registry.saveTenant(next, before)) && next;
  });
}

export const deleteTenant: UseCase<"deleteTenant"> = async ({ params, caller, precondition }, deps) => {
  const { record } = await changeTenant(
    params.tenantId,
    (given) => {
      const before = presentTenant(given);
      assertPrecondition(precondition, before);
      if (before.deletion) return undefined;
      const deleteAfter = new Date(deps.clock.nowMs() + deps.settings.graceDays * DAY_MS).toISOString();
      return {
        next: { ...before, status: "paused", deletion: { deleteAfter, statusBefore: before.status } },
        action: "tenant_deletion_begun",
        details: { deleteAfter },
      };
    },
    caller,
    deps,
  );
  return { ...answer(record), status: 202 };
};

export const restoreTenant: UseCase<"restoreTenant"> = async ({ params, caller }, deps) => {
  const changed = await changeTenant(
    params.tenantId,
    (given) => {
      const before = presentTenant(given);
      return before.deletion && { next: restored(before), action: "tenant_restored" };
    },
    caller,
    deps,
  );
  return answer(await announced(changed, deps));
};

export const pauseTenant: UseCase<"pauseTenant"> = async ({ params, caller }, deps) => {
  const { record } = await changeTenant(
    params.tenantId,
    (given) => {
      const before = presentTenant(given);
      assertStays(before);
      return before.status === "paused"
        ? undefined
        : { next: { ...before, status: "paused" }, action: "tenant_paused" };
    },
    caller,
    deps,
  );
  return answer(record);
};

export const resumeTenant: UseCase<"resumeTenant"> = async ({ params, caller }, deps) => {
  const changed = await changeTenant(
    params.tenantId,
    (given) => {
      const before = presentTenant(given);
      assertStays(before);
      return before.status === "active"
        ? undefined
        : { next: { ...before, status: "active" }, action: "tenant_resumed" };
    },
    caller,
    deps,
  );
  return answer(await announced(changed, deps));
};

/** Tells that the tenant's held events may go on, if they may. */
async function announced(
  { record, before }: Changed<TenantRecord>,
  { changes }: Parameters<UseCase<"resumeTenant">>[1],
): Promise<TenantRecord> {
  if (record !== before && record.status === "active") await changes.announce({ tenantId: record.tenantId });
  return record;
}

/** @throws {ProblemError} once its removal has begun. */
function restored({ deletion, ...tenant }: TenantRecord): TenantRecord {
  if (deletion?.isPurging)
    throw new ProblemError(
      "conflict",
      "The tenant is being removed. Create it again when it is gone, within the hour.",
    );
  return deletion ? { ...tenant, status: deletion.statusBefore } : tenant;
}

function answer(record: TenantRecord) {
  return { status: 200, body: tenantAnswer(record), etag: etagOf(record) } as const;
}
