import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { heldCause } from "../../shared/core/held-cause.ts";
import { METRICS } from "../../shared/core/metric-names.ts";
import type { Delivery } from "./deliver-records.ts";
import { type FeedReport, total } from "./report.ts";

type CountName = Exclude<
  keyof typeof METRICS,
  "feedRate" | "feedEventNames" | "copiesDone" | "copiesBusy" | "messagesUnclaimed"
>;

/** How each count adds up over the feeds of an invocation. */
const AMOUNTS: Record<CountName, (report: FeedReport) => number> = {
  eventsReceived: ({ received }) => received,
  eventsDelivered: ({ delivered }) => delivered,
  eventsFiltered: ({ filtered }) => total(filtered),
  eventsRejected: ({ rejected }) => total(rejected),
  eventsHeld: ({ held }) => total(held),
  eventsAwaitingPerson: ({ held }) =>
    Object.entries(held).reduce(
      (sum, [cause, events]) => sum + (heldCause(cause).endedBy === "person" ? events : 0),
      0,
    ),
  messagesDeferred: ({ deferred }) => deferred,
  batchesAdmitted: ({ admitted }) => admitted,
  requestsSent: ({ requests }) => requests,
  requestsThrottled: ({ throttled }) => throttled,
  requestsRetried: ({ retried }) => retried,
  batchesSent: ({ batches }) => batches,
  credentialsRefused: ({ credentialsRefused }) => credentialsRefused,
  requestsUnanswered: ({ unanswered }) => unanswered,
  requestsFrozen: ({ frozen }) => frozen,
  parkingFailed: ({ parkingFailed }) => parkingFailed,
  ledgerFailed: ({ ledgerFailed }) => ledgerFailed,
};

/** Emits what an invocation counted, over all tenants. */
export function reportMetrics(
  { reports, copies }: Pick<Delivery, "reports" | "copies">,
  metrics: Pick<Metrics, "addMetric">,
): void {
  for (const key of Object.keys(AMOUNTS) as CountName[]) {
    const amount = reports.reduce((sum, report) => sum + AMOUNTS[key](report), 0);
    metrics.addMetric(METRICS[key], MetricUnit.Count, amount);
  }
  metrics.addMetric(METRICS.copiesDone, MetricUnit.Count, copies.done);
  metrics.addMetric(METRICS.copiesBusy, MetricUnit.Count, copies.busy);
  metrics.addMetric(METRICS.messagesUnclaimed, MetricUnit.Count, copies.unclaimed);
  for (const { rate, eventNames } of reports) {
    if (rate !== undefined) metrics.addMetric(METRICS.feedRate, MetricUnit.CountPerSecond, rate);
    if (eventNames !== undefined) metrics.addMetric(METRICS.feedEventNames, MetricUnit.Count, eventNames);
  }
}
