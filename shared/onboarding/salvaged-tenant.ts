import { ConfigError } from "../core/config-error.ts";
import type { TenantRecord } from "../core/onboarding/record.schema.ts";
import { salvage } from "../core/onboarding/salvage.ts";
import { UnreadableRecordError } from "../core/onboarding/unreadable-record.ts";
import { parseTenantRecord } from "../core/validators.ts";

/**
 * A stored tenant that cannot be read, without what is wrong in it.
 *
 * @returns it with the revision as it is stored, be it of whatever kind: who writes it tells by that whether it is as it was read.
 * @throws {UnreadableRecordError} where that leaves open whether it is deleting.
 */
export function salvagedTenant(tenantId: string, stored: Readonly<Record<string, unknown>>): TenantRecord {
  const { revision, ...fields } = stored;
  const record = salvagedFields({ ...fields, tenantId }, tenantId);
  return { ...record, ...(revision !== undefined && { revision: revision as string }) };
}

function salvagedFields(fields: Readonly<Record<string, unknown>>, tenantId: string): TenantRecord {
  try {
    return salvage(fields, parseTenantRecord);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UnreadableRecordError(`the tenant ${tenantId}`, error.message, "Mend its item in the table.");
  }
}
