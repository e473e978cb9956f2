import { Duration } from "aws-cdk-lib";
import {
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  SingleValueWidget,
  Stats,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { DeliveryLane } from "../alarms/lane-alarms.ts";
import { emittedMetric, throttledPercent } from "./emitted-metric.ts";

export interface DeliveryDashboardProps {
  readonly name: string;
  readonly live: DeliveryLane;
  readonly backfill: DeliveryLane;
  readonly releaseHeld: IFunction;
  readonly checkLedger: IFunction;
}

/** One page that follows an event from the queue to its ending. */
export class DeliveryDashboard extends Construct {
  constructor(scope: Construct, id: string, { name, ...props }: DeliveryDashboardProps) {
    super(scope, id);
    const { live, backfill, releaseHeld, checkLedger } = props;
    const dashboard = new Dashboard(this, "Dashboard", {
      dashboardName: name,
      defaultInterval: Duration.hours(3),
    });
    dashboard.addWidgets(...queueRow("Live queue", live));
    dashboard.addWidgets(...queueRow("Backfill queue", backfill));
    dashboard.addWidgets(...endingRow());
    dashboard.addWidgets(...flowRow());
    dashboard.addWidgets(...requestRow());
    dashboard.addWidgets(...bucketRow(releaseHeld));
    dashboard.addWidgets(...ledgerRow(checkLedger));
    dashboard.addWidgets(...functionRow(live, backfill));
    dashboard.addWidgets(...onboardingRow());
  }
}

function queueRow(title: string, { ingest: { queue, deadLetterQueue } }: DeliveryLane) {
  return [
    graph(title, [
      queue.metricApproximateNumberOfMessagesVisible({ label: "waiting" }),
      queue.metricApproximateNumberOfMessagesNotVisible({ label: "hidden or in work" }),
      queue.metricApproximateNumberOfMessagesDelayed({ label: "not due yet" }),
    ]),
    graph(`${title}: age of the oldest message, seconds`, [queue.metricApproximateAgeOfOldestMessage()]),
    new SingleValueWidget({
      title: `${title}: dead letters`,
      metrics: [deadLetterQueue.metricApproximateNumberOfMessagesVisible()],
      width: 8,
      height: 6,
    }),
  ];
}

function endingRow() {
  return [
    graph(
      "Where events ended",
      [
        emittedMetric("deliverEvents", "eventsDelivered"),
        emittedMetric("deliverEvents", "eventsFiltered"),
        emittedMetric("deliverEvents", "eventsRejected"),
        emittedMetric("deliverEvents", "eventsHeld"),
      ],
      { stacked: true },
    ),
    graph("Received and deferred", [
      emittedMetric("deliverEvents", "eventsReceived"),
      emittedMetric("deliverEvents", "messagesDeferred"),
    ]),
    graph("What needs a person", [
      emittedMetric("deliverEvents", "eventsAwaitingPerson"),
      emittedMetric("deliverEvents", "credentialsRefused"),
      emittedMetric("deliverEvents", "parkingFailed"),
      emittedMetric("releaseHeld", "releaseFailed"),
    ]),
  ];
}

function flowRow() {
  const rate = (statistic: string, label: string) =>
    emittedMetric("deliverEvents", "feedRate", { statistic, label });
  return [
    graph("Batches let through, and accepted", [
      emittedMetric("deliverEvents", "batchesAdmitted"),
      emittedMetric("deliverEvents", "batchesSent"),
    ]),
    graph("Rate of a feed, batches a second", [
      rate(Stats.MINIMUM, "slowest"),
      rate(Stats.p(50), "p50"),
      rate(Stats.MAXIMUM, "fastest"),
    ]),
    graph("Different event names of a feed", [
      emittedMetric("deliverEvents", "feedEventNames", { statistic: Stats.MAXIMUM, label: "most" }),
    ]),
    graph("Share of requests answered 429, percent", [throttledPercent()]),
  ];
}

function requestRow() {
  return [
    graph("Requests to mParticle", [
      emittedMetric("deliverEvents", "requestsSent"),
      emittedMetric("deliverEvents", "requestsThrottled"),
    ]),
    graph("Requests without an answer, and what waits as it was built", [
      emittedMetric("deliverEvents", "requestsRetried"),
      emittedMetric("deliverEvents", "requestsUnanswered"),
      emittedMetric("deliverEvents", "requestsFrozen"),
    ]),
    graph("Messages that SQS handed out more than once", [
      emittedMetric("deliverEvents", "copiesDone"),
      emittedMetric("deliverEvents", "copiesBusy"),
      emittedMetric("deliverEvents", "messagesUnclaimed"),
    ]),
  ];
}

function bucketRow(releaseHeld: IFunction) {
  return [
    graph("Held and put back", [
      emittedMetric("deliverEvents", "eventsHeld"),
      emittedMetric("releaseHeld", "eventsReleased"),
      emittedMetric("replayRejected", "eventsReplayed"),
    ]),
    graph("Age of the oldest held event, seconds", [
      emittedMetric("releaseHeld", "oldestHeldSeconds", { statistic: Stats.MAXIMUM }),
      emittedMetric("releaseHeld", "oldestPausedSeconds", { statistic: Stats.MAXIMUM, label: "paused" }),
    ]),
    graph("Run time of release-held, milliseconds", [
      releaseHeld.metricDuration({ statistic: Stats.MAXIMUM, label: "longest" }),
    ]),
  ];
}

function ledgerRow(checkLedger: IFunction) {
  return [
    graph("Events by which the ledger does not add up", [
      emittedMetric("checkLedger", "ledgerImbalance", { statistic: Stats.MAXIMUM }),
    ]),
    graph("Accounts not written yet", [emittedMetric("deliverEvents", "ledgerFailed")]),
    graph("Runs of check-ledger", [checkLedger.metricInvocations(), checkLedger.metricErrors()]),
  ];
}

function onboardingRow() {
  return [
    graph("Requests to the onboarding API that failed", [emittedMetric("onboardingApi", "requestsFailed")]),
    graph("Connect pages that failed", [emittedMetric("connectPage", "pagesFailed")]),
    graph("Tenants that could not be looked after, runs without time for all", [
      emittedMetric("onboardingUpkeep", "upkeepFailed"),
      emittedMetric("onboardingUpkeep", "upkeepCutShort"),
    ]),
  ];
}

function functionRow(...lanes: readonly DeliveryLane[]) {
  const ofEach = (metrics: (lane: DeliveryLane) => IMetric[]) => lanes.flatMap(metrics);
  return [
    graph(
      "Run time of deliver-events, milliseconds",
      ofEach(({ lane, deliverEvents }) => [
        deliverEvents.metricDuration({ statistic: Stats.p(50), label: `${lane}, p50` }),
        deliverEvents.metricDuration({ statistic: Stats.p(99), label: `${lane}, p99` }),
      ]),
    ),
    graph(
      "Invocations that went wrong",
      ofEach(({ lane, deliverEvents }) => [
        deliverEvents.metricErrors({ label: `${lane}, errors` }),
        deliverEvents.metricThrottles({ label: `${lane}, throttles` }),
      ]),
    ),
  ];
}

function graph(title: string, left: IMetric[], options: GraphWidgetProps = {}): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6, ...options });
}
