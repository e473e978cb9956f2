import { Duration } from "aws-cdk-lib";
import { Dashboard, GraphWidget, type IMetric, SingleValueWidget, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { deliveryMetric } from "./delivery-metrics.ts";
import type { IngestQueue } from "./ingest-queue.ts";

export interface DeliveryDashboardProps {
  readonly name: string;
  readonly ingest: IngestQueue;
  readonly deliverEvents: IFunction;
}

/** One page that follows an event from the queue to its ending. */
export class DeliveryDashboard extends Construct {
  constructor(scope: Construct, id: string, { name, ingest, deliverEvents }: DeliveryDashboardProps) {
    super(scope, id);
    const { queue, deadLetterQueue } = ingest;
    const dashboard = new Dashboard(this, "Dashboard", {
      dashboardName: name,
      defaultInterval: Duration.hours(3),
    });
    dashboard.addWidgets(
      graph("Queue", [
        queue.metricApproximateNumberOfMessagesVisible({ label: "waiting" }),
        queue.metricApproximateNumberOfMessagesNotVisible({ label: "hidden or in work" }),
      ]),
      graph("Age of the oldest message, seconds", [queue.metricApproximateAgeOfOldestMessage()]),
      new SingleValueWidget({
        title: "Dead letters",
        metrics: [deadLetterQueue.metricApproximateNumberOfMessagesVisible()],
        width: 8,
        height: 6,
      }),
    );
    dashboard.addWidgets(
      graph(
        "Where events ended",
        [
          deliveryMetric("eventsDelivered"),
          deliveryMetric("eventsFiltered"),
          deliveryMetric("eventsRejected"),
          deliveryMetric("eventsHeld"),
        ],
        { stacked: true },
      ),
      graph("Received and deferred", [deliveryMetric("eventsReceived"), deliveryMetric("messagesDeferred")]),
      graph("What needs a person", [deliveryMetric("credentialsRefused"), deliveryMetric("parkingFailed")]),
    );
    dashboard.addWidgets(
      graph("Requests to mParticle", [
        deliveryMetric("requestsSent"),
        deliveryMetric("requestsThrottled"),
        deliveryMetric("requestsRetried"),
        deliveryMetric("requestsFrozen"),
        deliveryMetric("batchesSent"),
      ]),
      graph("Run time of an invocation, milliseconds", [
        deliverEvents.metricDuration({ statistic: Stats.p(50), label: "p50" }),
        deliverEvents.metricDuration({ statistic: Stats.p(99), label: "p99" }),
      ]),
      graph("Invocations that went wrong", [deliverEvents.metricErrors(), deliverEvents.metricThrottles()]),
    );
  }
}

function graph(title: string, left: IMetric[], options: { stacked?: boolean } = {}): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6, ...options });
}
