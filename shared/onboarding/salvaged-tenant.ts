import type { TenantRecord } from "../core/onboarding/record.schema.ts";
import { salvage } from "../core/onboarding/salvage.ts";
import { parseTenantRecord } from "../core/validators.ts";

/**
 * A stored tenant that cannot be read, without what is wrong in it.
 *
 * @returns it with the revision as it is stored, be it of whatever kind: who writes it tells by that whether it is as it was read.
 * @throws {ConfigError} where that leaves open whether it is deleting.
 */
export function salvagedTenant(tenantId: string, stored: Readonly<Record<string, unknown>>): TenantRecord {
  const { revision, ...fields } = stored;
  const record = salvage({ ...fields, tenantId }, parseTenantRecord);
  return { ...record, ...(revision !== undefined && { revision: revision as string }) };
}
