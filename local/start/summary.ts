import { total } from "../../functions/deliver-events/report.ts";
import type { StandInCounts } from "../stand-in/stand-in-ledger.ts";
import type { LedgerSummary, TenantLedger } from "./ledger.ts";
import { NO_TENANT, type Tally, type TenantTally } from "./tally.ts";

/** What `--json` prints. Counts under `events` are events and add up to `received`. */
export interface Summary {
  readonly events: EventCounts;
  readonly byTenant: Readonly<Record<string, TenantSummary>>;
  readonly requests: number;
  readonly batches: number;
  /** Times that the stand-in took an event beyond its first, after mParticle's own de-duplication. */
  readonly duplicates: number;
  /** Batches that the stand-in dropped behind a 202. */
  readonly dropped: number;
  /** Requests. */
  readonly throttled: number;
  readonly retried: number;
  readonly seconds: number;
  /** What the connector itself wrote down of it. */
  readonly ledger: LedgerSummary;
}

export interface RunCounts {
  readonly tally: Tally;
  readonly standIn: StandInCounts;
  readonly ledger: LedgerSummary;
}

interface EventCounts {
  readonly received: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly rejected: number;
  readonly held: number;
}

interface TenantSummary extends EventCounts {
  /** Why events were not delivered, by rule, code and cause. */
  readonly reasons: Readonly<Record<"filtered" | "rejected" | "held", Readonly<Record<string, number>>>>;
  readonly requests: number;
  readonly batches: number;
  readonly live: number;
  readonly historical: number;
  readonly throttled: number;
  readonly retried: number;
  readonly seconds: number;
}

/** @param received - Events put on the queue; undefined: as many as the connector was handed. */
export function summarise(
  { tally, standIn, ledger }: RunCounts,
  seconds: number,
  received?: number,
): Summary {
  const tenants = [...tally.tenants].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    events: {
      received: received ?? tally.sum((tenant) => tenant.received),
      delivered: tally.sum(({ delivered }) => delivered),
      filtered: tally.sum(({ filtered }) => total(filtered)),
      rejected: tally.sum(({ rejected }) => total(rejected)),
      held: tally.sum(({ held }) => total(held)),
    },
    byTenant: Object.fromEntries(tenants.map(([tenantId, tenant]) => [tenantId, summariseTenant(tenant)])),
    requests: tally.sum(({ requests }) => requests),
    batches: tally.sum(({ batches }) => batches),
    duplicates: standIn.duplicates,
    dropped: standIn.total.batchesDropped,
    throttled: tally.sum(({ throttled }) => throttled),
    retried: tally.sum(({ retried }) => retried),
    seconds: round(seconds),
    ledger,
  };
}

function summariseTenant({ filtered, rejected, held, seconds, ...tenant }: TenantTally): TenantSummary {
  return {
    ...tenant,
    filtered: total(filtered),
    rejected: total(rejected),
    held: total(held),
    reasons: { filtered, rejected, held },
    seconds: round(seconds),
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}

const COLUMNS = [
  "received",
  "delivered",
  "filtered",
  "rejected",
  "held",
  "requests",
  "batches",
  "live",
  "historical",
  "throttled",
  "retried",
  "seconds",
] as const satisfies readonly (keyof TenantSummary)[];

const LEDGER_COLUMNS = [
  ["received", ({ received }) => received],
  ["delivered", ({ delivered }) => delivered],
  ["filtered", ({ filtered }) => filtered],
  ["rejected", ({ rejected }) => rejected],
  ["held", ({ held }) => held],
  ["in progress", ({ inProgress }) => inProgress],
  ["adds up", ({ addsUp }) => (addsUp ? "yes" : "NO")],
] as const satisfies readonly (readonly [string, (ledger: TenantLedger) => number | string])[];

/** The summary as tables for people, one row a tenant, with the ledger and the reasons below. */
export function formatSummary(summary: Summary): string {
  const rows = Object.entries(summary.byTenant);
  const table = [
    ["tenant", ...COLUMNS],
    ...rows.map(([tenantId, tenant]) => [tenantId, ...COLUMNS.map((column) => String(tenant[column]))]),
    ...(rows.length > 1 ? [["all", ...COLUMNS.map((column) => totalOf(summary, column))]] : []),
  ];
  return [
    formatTable(table),
    "",
    formatTable([
      ["ledger", ...LEDGER_COLUMNS.map(([name]) => name)],
      ...Object.entries(summary.ledger.byTenant).map(([tenantId, ledger]) => [
        tenantId,
        ...LEDGER_COLUMNS.map(([, cellOf]) => String(cellOf(ledger))),
      ]),
    ]),
    ...rows.flatMap(([tenantId, tenant]) => formatReasons(tenantId, tenant)),
    "",
    standInLine(summary),
    "",
  ].join("\n");
}

function totalOf(summary: Summary, column: (typeof COLUMNS)[number]): string {
  if (column === "seconds") return String(summary.seconds);
  return String(Object.values(summary.byTenant).reduce((sum, tenant) => sum + tenant[column], 0));
}

function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ");
  return rows.map(line).join("\n");
}

function formatReasons(tenantId: string, { reasons }: TenantSummary): string[] {
  const lines = Object.entries(reasons).flatMap(([ending, counts]) =>
    Object.entries(counts).map(([reason, count]) => `  ${ending}: ${count} ${reason}`),
  );
  return lines.length > 0
    ? ["", `${tenantId === NO_TENANT ? "unreadable bodies" : tenantId}:`, ...lines]
    : [];
}

function standInLine({ duplicates, dropped, batches }: Summary): string {
  const doubled = duplicates === 0 ? "no event twice" : `${duplicates} times an event that it had already`;
  const silent = dropped === 0 ? "dropped none" : `silently dropped ${dropped}`;
  return `mParticle (the stand-in) answered 202 for ${batches} batches, took ${doubled} and ${silent}.`;
}
