import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Lane } from "../../shared/core/flow/flow-state.schema.ts";
import { PERIOD } from "../constructs/emitted-metric.ts";
import type { IngestQueue } from "../constructs/ingest-queue.ts";
import type { AlarmTexts } from "../constructs/runbook-alarm.ts";
import type { AlarmSettings } from "../stages.ts";

/** SQS lets this many messages of a queue be in flight; beyond it, receiving stops without any error. */
const MAX_IN_FLIGHT_MESSAGES = 120_000;

export interface DeliveryLane {
  readonly lane: Lane;
  readonly ingest: IngestQueue;
  readonly deliverEvents: LambdaFunction;
}

/** The alarms of one lane: its queue, its dead letters and its function. */
export function laneAlarms(
  { oldestMessageAge }: AlarmSettings,
  { lane, ...parts }: DeliveryLane,
): AlarmTexts {
  const { queue, deadLetterQueue, visibilityTimeout } = parts.ingest;
  const age = oldestMessageAge[lane];
  const latest = { statistic: Stats.MAXIMUM, period: PERIOD };
  const name = lane === "live" ? "" : "Backfill";
  return {
    [`${name}DeadLetters`]: {
      // Visible ones: messages moved by the redrive policy never count as sent.
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible(latest),
      threshold: 1,
      broke: `Messages crashed the deliver-events function (${lane}) again and again and became dead letters.`,
      impact:
        "Their events have not reached mParticle and will not until the messages are redriven; after 14 days they are lost.",
      anchor: "alarm-dead-letters",
    },
    [`${name}QueueAge`]: {
      // SQS leaves messages out of this age once they were received more than three times: it speaks of messages that
      // nobody gets round to, not of those that wait in a line.
      metric: queue.metricApproximateAgeOfOldestMessage(latest),
      threshold: age.toSeconds(),
      periods: 3,
      broke: `Messages of the ${lane} queue have waited for more than ${age.toMinutes()} minutes to be received.`,
      impact: "Tenants' events reach mParticle that late; none is lost.",
      anchor: lane === "live" ? "alarm-queue-age" : "alarm-backfill-age",
    },
    [`${name}InFlight`]: {
      metric: queue.metricApproximateNumberOfMessagesNotVisible(latest),
      threshold: MAX_IN_FLIGHT_MESSAGES / 2,
      broke: `Half of the messages that SQS lets be in flight are hidden in the ${lane} queue.`,
      impact:
        "Feeds' lines are shortened, and more of their events wait in the bucket; at 120 000 the queue would hand out nothing to anybody.",
      anchor: "alarm-in-flight",
    },
    [`${name}FunctionErrors`]: {
      metric: parts.deliverEvents.metricErrors({ period: PERIOD }),
      threshold: 1,
      broke: `An invocation of deliver-events (${lane}) crashed, ran out of time or of memory.`,
      impact: `All its messages come back after ${visibilityTimeout.toMinutes()} minutes; one that does it every time delays its neighbours and becomes a dead letter.`,
      anchor: "alarm-function-errors",
    },
    [`${name}FunctionThrottles`]: {
      metric: parts.deliverEvents.metricThrottles({ period: PERIOD }),
      threshold: 1,
      periods: 3,
      broke: `Lambda refused to run deliver-events (${lane}): the account's concurrency is used up.`,
      impact: "Tenants' events arrive late, and each refusal spends one of the receives that a message has.",
      anchor: "alarm-function-throttles",
    },
  };
}
