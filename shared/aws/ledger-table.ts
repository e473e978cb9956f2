import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { LedgerAccountId } from "../core/ledger.ts";

/**
 * Where the ledger lies: `pk` = `tenant#<tenantId>`, `sk` = `ledger#<feedId>#<hour>`, beside the tenant's other items; bodies
 * that name no tenant have `pk` = `unreadable`, events whose feed could not be told an empty feed id.
 *
 * The check must find what changed lately, of ten thousand tenants, without reading the table. For that there is a sparse
 * index of keys only, by `writtenIn`: the hour in which an account was last written. It costs a write to the index once
 * for an account and hour of writing (two, where the account was written before), for additions within the hour leave
 * its key as it is; an item of our own for each hour would cost that for every instance of the function, and be a
 * write that can fail alone. One hour is one partition of the index: good for 1,000 new accounts a second, which is
 * 10,000 tenants' within ten seconds after the full hour, before DynamoDB splits it.
 */
export interface LedgerTable {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** The index by `writtenIn`. */
export const LEDGER_INDEX = "writtenIn";

/** Value of `writtenIn` instead of an hour: an account that the check looks at each time. Adding to it replaces it. */
export const WATCHED = "watched";

const UNREADABLE = "unreadable";
const TENANT = "tenant#";

export function ledgerPk(tenantId: string | undefined): string {
  return tenantId === undefined ? UNREADABLE : `${TENANT}${tenantId}`;
}

export function ledgerSk(feedId = "", hour = ""): string {
  return `ledger#${feedId}#${hour}`;
}

export function ledgerKey({ tenantId, feedId, hour }: LedgerAccountId) {
  return { pk: { S: ledgerPk(tenantId) }, sk: { S: ledgerSk(feedId, hour) } };
}

/** The account that a key of the table stands for. */
export function accountOfKey(pk: string, sk: string): LedgerAccountId {
  const [, feedId = "", hour = ""] = sk.split("#");
  return {
    tenantId: pk === UNREADABLE ? undefined : pk.slice(TENANT.length),
    feedId: feedId || undefined,
    hour,
  };
}
