import { hourOf } from "../../shared/core/hour.ts";
import { accountKey, balanceOf, imbalanceOf, sumBalances, sumColumns } from "../../shared/core/ledger.ts";
import type { LedgerAccount, LedgerAccounts } from "../../shared/ports.ts";
import { NO_TENANT } from "./tally.ts";

const HOUR_MS = 3_600_000;

/** The ledger of a run, by tenant. Counts are events. */
export interface LedgerSummary {
  readonly addsUp: boolean;
  readonly byTenant: Readonly<Record<string, TenantLedger>>;
}

export interface TenantLedger {
  readonly received: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly rejected: number;
  readonly held: number;
  readonly inProgress: number;
  readonly addsUp: boolean;
}

export interface LedgerSpan {
  /** When the first and the last account may have been written, epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Events may still be on their way. */
  readonly mayBeInProgress: boolean;
}

/** Reads what a run wrote to the ledger, and judges it as the check-ledger function does. */
export async function summariseLedger(accounts: LedgerAccounts, span: LedgerSpan): Promise<LedgerSummary> {
  const written = await writtenWithin(accounts, span);
  const tenants = Map.groupBy(written, ({ tenantId }) => tenantId ?? NO_TENANT);
  const byTenant = Array.from(tenants, ([name, own]) => [name, tenantLedger(own, span)] as const);
  return {
    addsUp: byTenant.every(([, { addsUp }]) => addsUp),
    byTenant: Object.fromEntries(byTenant.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

async function writtenWithin(
  accounts: LedgerAccounts,
  { fromMs, toMs }: LedgerSpan,
): Promise<LedgerAccount[]> {
  const written = new Map<string, LedgerAccount>();
  for (let atMs = fromMs; hourOf(atMs) <= hourOf(toMs); atMs += HOUR_MS)
    for await (const page of accounts.lastWrittenIn(hourOf(atMs)))
      for (const account of page) written.set(accountKey(account), account);
  return [...written.values()];
}

function tenantLedger(accounts: readonly LedgerAccount[], { mayBeInProgress }: LedgerSpan): TenantLedger {
  const hours = Array.from(Map.groupBy(accounts, ({ hour }) => hour).values(), sumColumns);
  const isRight =
    accounts.every((account) => !imbalanceOf(account, { mayBeInProgress: true })) &&
    hours.every((columns) => !imbalanceOf(columns, { mayBeInProgress }));
  const { uncounted: _, ...counts } = sumBalances(hours.map(balanceOf));
  return { ...counts, addsUp: isRight };
}
