import { Duration } from "aws-cdk-lib";
import { MathExpression, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { MANY_EVENT_NAMES, MAX_EVENT_NAMES } from "../../shared/core/event-names.ts";
import { emittedMetric, PERIOD } from "../constructs/emitted-metric.ts";
import type { AlarmTexts } from "../constructs/runbook-alarm.ts";
import type { Stage } from "../stages.ts";

/** Share of the time that held events are kept, after which somebody has to decide: three months before they are deleted, of a year. */
const EXPIRY_WARNING = 0.75;

/** The alarms on events that did not reach mParticle, and on what puts them back. */
export function endingAlarms({ alarms, heldRetention }: Pick<Stage, "alarms" | "heldRetention">): AlarmTexts {
  const { rejectedEvents, oldestHeldAge } = alarms;
  const oldest = { statistic: Stats.MAXIMUM };
  const expiryWarningDays = Math.floor(EXPIRY_WARNING * heldRetention.toDays());
  return {
    EventNames: {
      metric: emittedMetric("deliverEvents", "feedEventNames", { statistic: Stats.MAXIMUM }),
      threshold: MANY_EVENT_NAMES,
      broke: `The events and screens of a feed have ${MANY_EVENT_NAMES} different names or more; a workspace takes ${MAX_EVENT_NAMES}.`,
      impact:
        "Past that, mParticle drops that tenant's events of every new name, and answers as if it took them.",
      anchor: "alarm-event-names",
    },
    EventsHeld: {
      metric: emittedMetric("deliverEvents", "eventsAwaitingPerson"),
      threshold: 1,
      broke:
        "Events are held until somebody acts: their tenant or feed is unknown, has no working credentials, or mParticle answers what it does not document or nothing for days.",
      impact: "That tenant's events do not reach mParticle until the cause ends; none is lost.",
      anchor: "alarm-events-held",
    },
    OldestHeld: {
      metric: emittedMetric("releaseHeld", "oldestHeldSeconds", oldest),
      threshold: oldestHeldAge.toSeconds(),
      broke: `Events of a feed that nobody has paused have been held for more than ${oldestHeldAge.toHours()} h.`,
      impact: "That tenant's events are missing at mParticle until somebody ends the cause; none is lost.",
      anchor: "alarm-oldest-held",
    },
    HeldExpiring: {
      metric: new MathExpression({
        expression: "MAX([held, paused])",
        usingMetrics: {
          held: emittedMetric("releaseHeld", "oldestHeldSeconds", oldest),
          paused: emittedMetric("releaseHeld", "oldestPausedSeconds", oldest),
        },
        period: PERIOD,
      }),
      threshold: Duration.days(expiryWarningDays).toSeconds(),
      broke: `Events, of a paused feed or another, have been held for more than ${expiryWarningDays} days; after ${heldRetention.toDays()} the bucket deletes them.`,
      impact: "They are lost then, unless their cause is ended before.",
      anchor: "alarm-held-expiring",
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
    MessagesUnclaimed: {
      metric: emittedMetric("deliverEvents", "messagesUnclaimed"),
      threshold: 1,
      periods: 3,
      broke: "For 15 minutes invocations could not claim their messages in the table.",
      impact: "Events are delivered; those of messages that SQS hands out twice meanwhile are counted twice.",
      anchor: "alarm-messages-unclaimed",
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
