import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { METRICS } from "../../shared/core/metric-names.ts";
import { type FeedReport, total } from "./report.ts";

type CountName = Exclude<keyof typeof METRICS, "feedRate">;

/** How each count adds up over the feeds of an invocation. */
const AMOUNTS: Record<CountName, (report: FeedReport) => number> = {
  eventsReceived: ({ received }) => received,
  eventsDelivered: ({ delivered }) => delivered,
  eventsFiltered: ({ filtered }) => total(filtered),
  eventsRejected: ({ rejected }) => total(rejected),
  eventsHeld: ({ held }) => total(held),
  messagesDeferred: ({ deferred }) => deferred,
  batchesAdmitted: ({ admitted }) => admitted,
  requestsSent: ({ requests }) => requests,
  requestsThrottled: ({ throttled }) => throttled,
  requestsRetried: ({ retried }) => retried,
  batchesSent: ({ batches }) => batches,
  credentialsRefused: ({ credentialsRefused }) => credentialsRefused,
  requestsFrozen: ({ frozen }) => frozen,
  parkingFailed: ({ parkingFailed }) => parkingFailed,
  ledgerFailed: ({ ledgerFailed }) => ledgerFailed,
};

/** Emits what an invocation counted, over all tenants. */
export function reportMetrics(reports: readonly FeedReport[], metrics: Pick<Metrics, "addMetric">): void {
  for (const key of Object.keys(AMOUNTS) as CountName[]) {
    const amount = reports.reduce((sum, report) => sum + AMOUNTS[key](report), 0);
    metrics.addMetric(METRICS[key], MetricUnit.Count, amount);
  }
  for (const { rate } of reports)
    if (rate !== undefined) metrics.addMetric(METRICS.feedRate, MetricUnit.CountPerSecond, rate);
}
