import { Duration } from "aws-cdk-lib";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { ConfigError } from "../shared/core/config-error.ts";
import { assertPartnerUrl, PARTNER_URL } from "../shared/mparticle/endpoint.ts";

/** Numbers of one deployment. Stages differ in nothing else. */
export interface Stage {
  readonly name: string;
  /** Base URL that partner feeds are posted to. */
  readonly partnerUrl: string;
  /** `PartnerName_IdentityName` as registered with mParticle; empty: no partner identity is sent. */
  readonly partnerIdentity: string;
  readonly deliver: DeliverSettings;
  readonly alarms: AlarmSettings;
  /** How long log lines are kept. */
  readonly logRetention: RetentionDays;
  /** How long rejected events are kept for inspection and replay. They hold personal data, so not for ever. */
  readonly rejectedRetention: Duration;
}

export interface DeliverSettings {
  /** Lambda's CPU share follows memory: 1769 MB is one whole core. */
  readonly memoryMb: number;
  /** Longest run of an invocation. The queue's visibility timeout derives from it. */
  readonly timeout: Duration;
  /** Messages handed to one invocation: the more, the more of a user's events merge into one batch. */
  readonly batchSize: number;
  /** How long an invocation's batch may fill up; what a lone event waits before it is sent. */
  readonly batchingWindow: Duration;
  /** Invocations at once. */
  readonly maxConcurrency: number;
  /** Requests in flight at once, over all feeds of an invocation. */
  readonly maxConcurrentRequests: number;
  /** Requests in flight at once to one feed, of one invocation. */
  readonly maxConcurrentRequestsPerFeed: number;
  /** Wait after a message's first throttling when mParticle names no time; doubles by receive count. */
  readonly backoffBase: Duration;
  /** Longest time that a throttled message is hidden. */
  readonly backoffMax: Duration;
  /** Receives after which a message that is still deferred is parked as held. */
  readonly holdAfterReceives: number;
}

export interface AlarmSettings {
  /** Age of the oldest message that is worth a person's attention. */
  readonly oldestMessageAge: Duration;
  /** Rejected events in five minutes that are more than a tenant's stray mistake. */
  readonly rejectedEvents: number;
}

const deliver: DeliverSettings = {
  memoryMb: 1769,
  timeout: Duration.seconds(60),
  batchSize: 1000,
  batchingWindow: Duration.seconds(5),
  maxConcurrency: 50,
  maxConcurrentRequests: 16,
  maxConcurrentRequestsPerFeed: 4,
  backoffBase: Duration.seconds(5),
  backoffMax: Duration.seconds(900),
  holdAfterReceives: 300,
};

const STAGES: Readonly<Record<string, Stage>> = {
  /** The emulator on a developer's machine, with mParticle's stand-in on loopback. */
  local: {
    name: "local",
    partnerUrl: "http://127.0.0.1:8480/s2s/v2",
    partnerIdentity: "",
    deliver: {
      ...deliver,
      batchSize: 10,
      batchingWindow: Duration.seconds(0),
      maxConcurrency: 2,
      backoffBase: Duration.seconds(1),
    },
    alarms: { oldestMessageAge: Duration.minutes(15), rejectedEvents: 1 },
    logRetention: RetentionDays.ONE_DAY,
    rejectedRetention: Duration.days(1),
  },
  /** An AWS account for trying things out. */
  dev: {
    name: "dev",
    partnerUrl: PARTNER_URL,
    partnerIdentity: "",
    deliver: { ...deliver, batchSize: 100, batchingWindow: Duration.seconds(1), maxConcurrency: 5 },
    alarms: { oldestMessageAge: Duration.minutes(15), rejectedEvents: 1 },
    logRetention: RetentionDays.TWO_WEEKS,
    rejectedRetention: Duration.days(14),
  },
  production: {
    name: "production",
    partnerUrl: PARTNER_URL,
    partnerIdentity: "",
    deliver,
    alarms: { oldestMessageAge: Duration.hours(1), rejectedEvents: 100 },
    logRetention: RetentionDays.THREE_MONTHS,
    rejectedRetention: Duration.days(90),
  },
};

/** What `-c name=value` on the cdk command line may set for one deployment. */
export interface StageOverrides {
  readonly partnerUrl?: string;
  readonly partnerIdentity?: string;
}

/**
 * A stage by its name, with overrides.
 *
 * @throws {ConfigError} The stage is unknown, or customers' keys must not be sent to its partner URL.
 */
export function stageOf(name: string, overrides: StageOverrides = {}): Stage {
  const stage = STAGES[name];
  if (!stage) throw new ConfigError("stage", `must be one of ${Object.keys(STAGES).join(", ")}`);
  const partnerUrl = overrides.partnerUrl ?? stage.partnerUrl;
  assertPartnerUrl(partnerUrl, name);
  return { ...stage, partnerUrl, partnerIdentity: overrides.partnerIdentity ?? stage.partnerIdentity };
}
