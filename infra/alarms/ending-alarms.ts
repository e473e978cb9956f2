import { Duration } from "aws-cdk-lib";
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import { emittedMetric } from "../constructs/emitted-metric.ts";
import type { AlarmTexts } from "../constructs/runbook-alarm.ts";
import type { AlarmSettings } from "../stages.ts";

/** The alarms on events that did not reach mParticle, and on what puts them back. */
export function endingAlarms({ rejectedEvents, oldestHeldAge }: AlarmSettings): AlarmTexts {
  return {
    EventsHeld: {
      metric: emittedMetric("deliverEvents", "eventsHeld"),
      threshold: 1,
      broke:
        "Events are held in the bucket: their tenant is unknown or paused, has no working credentials, or its feed's line is too long.",
      impact: "That tenant's events do not reach mParticle until the cause ends; none is lost.",
      anchor: "alarm-events-held",
    },
    OldestHeld: {
      metric: emittedMetric("releaseHeld", "oldestHeldSeconds", { statistic: Stats.MAXIMUM }),
      threshold: oldestHeldAge.toSeconds(),
      broke: `Events have been held for more than ${oldestHeldAge.toHours()} h.`,
      impact: "That tenant's events are missing at mParticle until somebody ends the cause; none is lost.",
      anchor: "alarm-oldest-held",
    },
    ReleaseFailed: {
      metric: emittedMetric("releaseHeld", "releaseFailed"),
      threshold: 1,
      periods: 3,
      broke: "For 15 minutes held events could not be put back, though they should be.",
      impact: "The events of those tenants stay in the bucket; none is lost.",
      anchor: "alarm-release-failed",
    },
    ReleaseStopped: {
      // Emitted by every run that looked at all tenants.
      metric: emittedMetric("releaseHeld", "oldestHeldSeconds", { statistic: Stats.SAMPLE_COUNT }),
      threshold: 1,
      isFloor: true,
      mustHaveData: true,
      periods: 3,
      broke: "For 15 minutes no run of release-held has come to its end.",
      impact: "No held event is released, whether or not its cause has ended; none is lost.",
      anchor: "alarm-release-stopped",
    },
    EventsRejected: {
      metric: emittedMetric("deliverEvents", "eventsRejected"),
      threshold: rejectedEvents,
      broke: `At least ${rejectedEvents} events in five minutes can never pass.`,
      impact:
        "They are missing at mParticle until their source is mended and they are replayed from the bucket.",
      anchor: "alarm-events-rejected",
    },
    CredentialsRefused: {
      metric: emittedMetric("deliverEvents", "credentialsRefused"),
      threshold: 1,
      broke: "mParticle refused a feed's key and secret.",
      impact: "All events of that feed are held until the tenant stores new credentials.",
      anchor: "alarm-credentials-refused",
    },
    ParkingFailed: {
      metric: emittedMetric("deliverEvents", "parkingFailed"),
      threshold: 1,
      broke: "Rejected or held events could not be written to the bucket.",
      impact: "They stay on the queue and are tried again; none is lost as long as that ends within a day.",
      anchor: "alarm-parking-failed",
    },
  };
}

/** The alarms on the ledger, which is to say whether any event was lost. */
export function ledgerAlarms(): AlarmTexts {
  const hourly = { period: Duration.hours(1) };
  return {
    LedgerImbalance: {
      metric: emittedMetric("checkLedger", "ledgerImbalance", { statistic: Stats.MAXIMUM, ...hourly }),
      threshold: 1,
      // Of two: the hourly check may miss an hour by seconds, and the alarm must not say meanwhile that all is well.
      periods: 2,
      breachingPeriods: 1,
      broke: "The ledger does not add up for an hour that has ended.",
      impact: "Events of a tenant may be lost.",
      anchor: "alarm-ledger-imbalance",
    },
    LedgerUnchecked: {
      // Emitted by every run that came to its end.
      metric: emittedMetric("checkLedger", "ledgerImbalance", { statistic: Stats.SAMPLE_COUNT, ...hourly }),
      threshold: 1,
      isFloor: true,
      mustHaveData: true,
      periods: 3,
      broke: "For three hours no run of check-ledger has come to its end.",
      impact: "Should events be lost, nobody would hear of it.",
      anchor: "alarm-ledger-unchecked",
    },
    LedgerFailed: {
      metric: emittedMetric("deliverEvents", "ledgerFailed"),
      threshold: 1,
      periods: 3,
      broke: "For 15 minutes accounts of the ledger could not be written.",
      impact:
        "Events are delivered all the same; what was not counted when an instance ends is missing in the ledger for good.",
      anchor: "alarm-ledger-failed",
    },
  };
}
