import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { DeliveryDashboard } from "./constructs/delivery-dashboard.ts";
import { deliveryMetric, PERIOD } from "./constructs/delivery-metrics.ts";
import type { IngestQueue } from "./constructs/ingest-queue.ts";
import { NotificationTopic } from "./constructs/notification-topic.ts";
import { RunbookAlarm, type RunbookAlarmProps } from "./constructs/runbook-alarm.ts";
import type { Stage } from "./stages.ts";

/** SQS lets this many messages of a queue be in flight; beyond it, receiving stops without any error. */
const MAX_IN_FLIGHT_MESSAGES = 120_000;

export interface OpsStackProps extends StackProps {
  readonly stage: Stage;
  readonly ingest: IngestQueue;
  readonly deliverEvents: LambdaFunction;
}

/** What people watch: alarms, one dashboard, and the topic that alarms speak to. */
export class OpsStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ingest, deliverEvents, ...props }: OpsStackProps) {
    super(scope, id, props);
    const { topic } = new NotificationTopic(this, "Notifications");
    const dashboardName = `partner-feed-connector-${stage.name}`;
    new DeliveryDashboard(this, "Delivery", { name: dashboardName, ingest, deliverEvents });

    const common = {
      action: new SnsAction(topic),
      dashboardUrl: `https://${this.region}.console.aws.amazon.com/cloudwatch/home?region=${this.region}#dashboards/dashboard/${dashboardName}`,
    };
    const alarms = {
      ...queueAlarms(stage, ingest),
      ...functionAlarms(deliverEvents, ingest),
      ...endingAlarms(stage),
    };
    for (const [id, alarm] of Object.entries(alarms)) new RunbookAlarm(this, id, { ...alarm, ...common });

    new CfnOutput(this, "TopicArn", {
      value: topic.topicArn,
      description: "Subscribe here to hear of alarms",
    });
    new CfnOutput(this, "DashboardName", { value: dashboardName });
  }
}

type Alarms = Readonly<Record<string, Omit<RunbookAlarmProps, "action" | "dashboardUrl">>>;

function queueAlarms(stage: Stage, { queue, deadLetterQueue }: IngestQueue): Alarms {
  return {
    DeadLetters: {
      // Visible ones: messages moved by the redrive policy never count as sent.
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        statistic: Stats.MAXIMUM,
        period: PERIOD,
      }),
      threshold: 1,
      broke: "Messages crashed the deliver-events function again and again and became dead letters.",
      impact:
        "Their events have not reached mParticle and will not until the messages are redriven; after 14 days they are lost.",
      anchor: "alarm-dead-letters",
    },
    QueueAge: {
      // SQS leaves messages out of this age once they were received more than three times: it speaks of messages that
      // nobody gets round to, not of throttled ones.
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM, period: PERIOD }),
      threshold: stage.alarms.oldestMessageAge.toSeconds(),
      periods: 3,
      broke: `Messages have waited for more than ${stage.alarms.oldestMessageAge.toMinutes()} minutes to be received.`,
      impact: "Tenants' events reach mParticle that late; none is lost.",
      anchor: "alarm-queue-age",
    },
    InFlight: {
      metric: queue.metricApproximateNumberOfMessagesNotVisible({ statistic: Stats.MAXIMUM, period: PERIOD }),
      threshold: MAX_IN_FLIGHT_MESSAGES * 0.75,
      broke: "Three quarters of the messages that SQS lets be in flight are hidden.",
      impact:
        "At 120 000 the queue hands out nothing, without an error: one tenant's backlog then delays all others.",
      anchor: "alarm-in-flight",
    },
  };
}

function functionAlarms(deliverEvents: LambdaFunction, { visibilityTimeout }: IngestQueue): Alarms {
  return {
    FunctionErrors: {
      metric: deliverEvents.metricErrors({ period: PERIOD }),
      threshold: 1,
      broke: "An invocation of deliver-events crashed, ran out of time or of memory.",
      impact: `All its messages come back after ${visibilityTimeout.toMinutes()} minutes; one that does it every time delays its neighbours and becomes a dead letter.`,
      anchor: "alarm-function-errors",
    },
    FunctionThrottles: {
      metric: deliverEvents.metricThrottles({ period: PERIOD }),
      threshold: 1,
      periods: 3,
      broke: "Lambda refused to run deliver-events: the account's concurrency is used up.",
      impact: "Tenants' events arrive late, and each refusal spends one of the receives that a message has.",
      anchor: "alarm-function-throttles",
    },
    ParkingFailed: {
      metric: deliveryMetric("parkingFailed"),
      threshold: 1,
      broke: "Rejected or held events could not be written to the bucket.",
      impact: "They stay on the queue and are tried again; none is lost as long as that ends within a day.",
      anchor: "alarm-parking-failed",
    },
  };
}

function endingAlarms(stage: Stage): Alarms {
  return {
    EventsHeld: {
      metric: deliveryMetric("eventsHeld"),
      threshold: 1,
      broke:
        "Events are held in the bucket: their tenant is unknown or paused, has no working credentials, or a backlog outlasted the queue.",
      impact: "That tenant's events do not reach mParticle until the cause ends; none is lost.",
      anchor: "alarm-events-held",
    },
    EventsRejected: {
      metric: deliveryMetric("eventsRejected"),
      threshold: stage.alarms.rejectedEvents,
      broke: `At least ${stage.alarms.rejectedEvents} events in five minutes can never pass.`,
      impact:
        "They are missing at mParticle until their source is mended and they are replayed from the bucket.",
      anchor: "alarm-events-rejected",
    },
    CredentialsRefused: {
      metric: deliveryMetric("credentialsRefused"),
      threshold: 1,
      broke: "mParticle refused a feed's key and secret.",
      impact: "All events of that feed are held until the tenant stores new credentials.",
      anchor: "alarm-credentials-refused",
    },
  };
}
