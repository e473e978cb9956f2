import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import { emittedMetric, throttledPercent } from "../constructs/emitted-metric.ts";
import type { AlarmTexts } from "../constructs/runbook-alarm.ts";

/** Per cent of requests answered 429: the aim is 1, and more than a few are not for a feed's rate to find out. */
const MANY_THROTTLED_PERCENT = 5;

/** Batches a second that are next to none: mParticle lets a feed have 270 by default. */
const SLOW_RATE = 2;

/** The alarms on the pace at which feeds take events. */
export function flowAlarms(): AlarmTexts {
  return {
    ThrottledShare: {
      metric: throttledPercent(),
      threshold: MANY_THROTTLED_PERCENT,
      periods: 3,
      broke: `mParticle has answered ${MANY_THROTTLED_PERCENT} of 100 requests or more with 429 for 15 minutes.`,
      impact:
        "Events of the throttled feeds arrive late, and what their lines have no room for is held meanwhile; none is lost.",
      anchor: "alarm-throttled-share",
    },
    FeedRate: {
      metric: emittedMetric("deliverEvents", "feedRate", { statistic: Stats.MINIMUM }),
      threshold: SLOW_RATE,
      isFloor: true,
      periods: 6,
      broke: `For half an hour mParticle has let a feed have fewer than ${SLOW_RATE} batches a second.`,
      impact: "That feed's events pile up in its line and in the bucket; none is lost.",
      anchor: "alarm-feed-rate",
    },
    RequestsUnanswered: {
      metric: emittedMetric("deliverEvents", "requestsUnanswered"),
      threshold: 1,
      periods: 3,
      broke:
        "For 15 minutes requests to mParticle have been given up: each try timed out, was reset or was answered with a 5xx.",
      impact:
        "Events of the feeds concerned wait until mParticle answers; a probe looks once a minute at least, and none is lost.",
      anchor: "alarm-requests-unanswered",
    },
  };
}
