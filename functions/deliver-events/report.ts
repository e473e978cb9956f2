import type { LedgerAccountId } from "../../shared/core/ledger.ts";
import type { Ending } from "../../shared/core/settle.ts";
import { type NameCounts, nameCountKey } from "./count-names.ts";
import type { Pass } from "./pass.ts";
import type { Returned } from "./return-records.ts";
import type { FeedCounts } from "./send-feeds.ts";

/** What one invocation did for one feed. Counts are source events unless they say otherwise. */
export interface FeedReport {
  /** Undefined for bodies that name no tenant. */
  readonly tenantId: string | undefined;
  readonly feedId: string | undefined;
  /** Events handed out for the first time. */
  received: number;
  delivered: number;
  /** By rule, reason code and cause. */
  readonly filtered: Record<string, number>;
  readonly rejected: Record<string, number>;
  readonly held: Record<string, number>;
  /** Findings on the events that ended, by code. */
  readonly findings: Record<string, number>;
  /** Batches that were let through at the feed's pace. */
  admitted: number;
  /** Batches a second that the feed takes, as far as is known. Undefined: nothing was sent to it. */
  rate: number | undefined;
  /** Different names of its events and screens, as far as they are counted. Undefined: no event that has one came. */
  eventNames: number | undefined;
  /** HTTP requests. */
  requests: number;
  throttled: number;
  retried: number;
  /** Requests given up because no try was answered, or each with a 5xx. */
  unanswered: number;
  credentialsRefused: number;
  /** Batches that mParticle accepted, and the events in them by route. */
  batches: number;
  live: number;
  historical: number;
  /** Messages with built batches that were put on the queue. */
  frozen: number;
  /** Messages that went back whole. */
  deferred: number;
  /** Objects that could not be written to the bucket. */
  parkingFailed: number;
  /** Accounts of the ledger that could not be written yet. */
  ledgerFailed: number;
}

export interface PassResult extends Returned {
  readonly pass: Pass;
  readonly counts: readonly FeedCounts[];
  /** Accounts that the ledger could not write yet. */
  readonly unwritten: readonly LedgerAccountId[];
  readonly nameCounts: NameCounts;
}

/** Counts a pass, by feed. An event is counted under its ending once: when its record is done with. */
export function reportOf({
  pass,
  counts,
  endings,
  requeued,
  returned,
  frozen,
  unwritten,
  nameCounts,
}: PassResult): FeedReport[] {
  const reports = new Map<string, FeedReport>();
  const reportFor = (tenantId: string | undefined, feedId: string | undefined): FeedReport => {
    const key = `${tenantId ?? ""} ${feedId ?? ""}`;
    let report = reports.get(key);
    if (!report) {
      report = emptyReport(tenantId, feedId);
      reports.set(key, report);
    }
    return report;
  };

  for (const [index, item] of pass.items.entries()) {
    const report = reportFor(item.tenantId, item.feedId);
    // What was put on the queue anew before its feed could be told is received when it comes from there.
    const comesAnew = item.feedId === undefined && requeued.has(index);
    if (!item.isCounted && !comesAnew) report.received += item.events;
    const ending = endings[index];
    if (!ending || returned.has(item.record)) continue;
    countEnding(report, ending, item.events);
    if (item.kind === "event") for (const { code } of item.findings) add(report.findings, code, 1);
  }
  const deferred = new Map<number, FeedReport>();
  for (const item of pass.items) {
    if (returned.has(item.record)) deferred.set(item.record, reportFor(item.tenantId, item.feedId));
  }
  for (const report of deferred.values()) report.deferred++;
  for (const { tenantId, feedId } of frozen) reportFor(tenantId, feedId).frozen++;
  for (const { tenantId, feedId } of pass.failedParkings) reportFor(tenantId, feedId).parkingFailed++;
  for (const { tenantId, feedId } of unwritten) reportFor(tenantId, feedId).ledgerFailed++;
  for (const { tenantId, feedId, ...feedCounts } of counts)
    Object.assign(reportFor(tenantId, feedId), feedCounts);
  for (const report of reports.values()) report.eventNames = nameCounts.get(nameCountKey(report));
  return [...reports.values()];
}

function countEnding(report: FeedReport, ending: Ending, events: number): void {
  switch (ending.kind) {
    case "delivered":
      report.delivered += events;
      break;
    case "filtered":
      add(report.filtered, ending.rule, events);
      break;
    case "rejected":
      add(report.rejected, ending.code, events);
      break;
    case "held":
      add(report.held, ending.cause, events);
      break;
  }
}

function add(counts: Record<string, number>, name: string, count: number): void {
  counts[name] = (counts[name] ?? 0) + count;
}

/** The sum over all names. */
export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function emptyReport(tenantId: string | undefined, feedId: string | undefined): FeedReport {
  return {
    tenantId,
    feedId,
    received: 0,
    delivered: 0,
    filtered: {},
    rejected: {},
    held: {},
    findings: {},
    admitted: 0,
    rate: undefined,
    eventNames: undefined,
    requests: 0,
    throttled: 0,
    retried: 0,
    unanswered: 0,
    credentialsRefused: 0,
    batches: 0,
    live: 0,
    historical: 0,
    frozen: 0,
    deferred: 0,
    parkingFailed: 0,
    ledgerFailed: 0,
  };
}
