import { Duration } from "aws-cdk-lib";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { emittedMetric, PERIOD } from "../constructs/emitted-metric.ts";
import type { AlarmTexts } from "../constructs/runbook-alarm.ts";

export interface OnboardingFunctions {
  readonly api: LambdaFunction;
  readonly page: LambdaFunction;
  readonly verifyFeed: LambdaFunction;
  readonly upkeep: LambdaFunction;
}

/** The alarms on onboarding: its API, the connect page, and what looks after tenants and keys. */
export function onboardingAlarms({ api, page, verifyFeed, upkeep }: OnboardingFunctions): AlarmTexts {
  const errors = { period: PERIOD };
  return {
    OnboardingFailed: {
      metric: emittedMetric("onboardingApi", "requestsFailed"),
      threshold: 3,
      broke: "Three or more requests to the onboarding API failed within five minutes.",
      impact: "Customers cannot be onboarded, or their keys changed; events are delivered all the same.",
      anchor: "alarm-onboarding-failed",
    },
    OnboardingErrors: {
      metric: api.metricErrors(errors),
      threshold: 1,
      broke: "An invocation of onboarding-api crashed, or ran out of time or memory.",
      impact:
        "A caller was answered 500, and what it asked for may be half done; the same request goes on with it.",
      anchor: "alarm-onboarding-failed",
    },
    ConnectPageFailed: {
      metric: emittedMetric("connectPage", "pagesFailed"),
      threshold: 3,
      broke: "The connect page failed, or could not store keys, three or more times within five minutes.",
      impact: "Customers with a link cannot enter their keys; events are delivered all the same.",
      anchor: "alarm-connect-page-failed",
    },
    ConnectPageErrors: {
      metric: page.metricErrors(errors),
      threshold: 1,
      broke: "An invocation of connect-page crashed, or ran out of time or memory.",
      impact: "A customer saw an error, and the link waits up to 40 seconds before it takes keys again.",
      anchor: "alarm-connect-page-failed",
    },
    VerifyErrors: {
      metric: verifyFeed.metricErrors(errors),
      threshold: 1,
      broke: "An invocation of verify-feed failed.",
      impact: "A feed's stored keys could not be tested; events are delivered all the same.",
      anchor: "alarm-onboarding-failed",
    },
    UpkeepFailed: {
      metric: emittedMetric("onboardingUpkeep", "upkeepFailed"),
      threshold: 1,
      broke: "Tenants could not be looked after.",
      impact: "A deleted tenant is still there, or former keys are kept longer than they are needed.",
      anchor: "alarm-onboarding-upkeep",
    },
    UpkeepCutShort: {
      metric: emittedMetric("onboardingUpkeep", "upkeepCutShort", { period: Duration.hours(1) }),
      threshold: 1,
      // One run may meet a tenant of which much is parked. Of four: the hourly run may miss an hour by seconds.
      periods: 4,
      breachingPeriods: 3,
      broke: "For three hours no run of onboarding-upkeep had time to look at all tenants.",
      impact:
        "Each has its turn later than within the hour: keys are rolled back or let go of, and tenants removed, late.",
      anchor: "alarm-onboarding-upkeep",
    },
    UpkeepErrors: {
      metric: upkeep.metricErrors(errors),
      threshold: 1,
      broke: "An invocation of onboarding-upkeep failed.",
      impact: "Refused keys may not have been rolled back to the former ones: the feed's events are held.",
      anchor: "alarm-onboarding-upkeep",
    },
  };
}
