import { Duration } from "aws-cdk-lib";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Brand } from "../functions/connect-page/brand.schema.ts";
import { ConfigError } from "../shared/core/config-error.ts";
import type { Lane } from "../shared/core/flow/flow-state.schema.ts";
import { assertPartnerUrl, PARTNER_URL } from "../shared/mparticle/endpoint.ts";
import { DEFAULT_BRAND, readBrand } from "./brand.ts";

/** Numbers of one deployment. Stages differ in nothing else. */
export interface Stage {
  readonly name: string;
  /** Base URL that partner feeds are posted to. */
  readonly partnerUrl: string;
  /** `PartnerName_IdentityName` as registered with mParticle; empty: no partner identity is sent. */
  readonly partnerIdentity: string;
  readonly deliver: DeliverSettings;
  /** Of the functions that no queue feeds. */
  readonly releaseHeld: FunctionSettings;
  readonly replayRejected: FunctionSettings;
  readonly checkLedger: FunctionSettings;
  readonly onboarding: OnboardingSettings;
  readonly alarms: AlarmSettings;
  /** How long log lines are kept. */
  readonly logRetention: RetentionDays;
  /** How long rejected events are kept for inspection and replay. They hold personal data, so not for ever. */
  readonly rejectedRetention: Duration;
  /** How long held events wait for their cause to end: longer than any onboarding or pause takes. They hold personal data too. */
  readonly heldRetention: Duration;
}

export interface FunctionSettings {
  /** Lambda's CPU share follows memory: 1769 MB is one whole core. */
  readonly memoryMb: number;
  /** Longest run of an invocation. */
  readonly timeout: Duration;
}

export interface OnboardingSettings {
  /** Whose tokens the API takes. Absent: requests are signed, and IAM decides. */
  readonly jwt?: JwtSettings;
  readonly throttle: ThrottleSettings;
  /** What the connect page looks like. */
  readonly brand: Brand;
  /** What connect links begin with, without a slash at the end; empty: the address of the API. */
  readonly connectUrl: string;
  readonly api: FunctionSettings;
  readonly page: FunctionSettings;
  readonly verifyFeed: FunctionSettings;
  readonly upkeep: FunctionSettings;
}

export interface JwtSettings {
  /** URL of an OpenID Connect provider. */
  readonly issuer: string;
  readonly audience: string;
}

/** Of all callers of the API together. */
export interface ThrottleSettings {
  readonly requestsPerSecond: number;
  /** Requests beyond it that may come at once. */
  readonly burst: number;
}

/** Of the deliver-events function in both of its lanes. The visibility timeout of their queues derives from the timeout. */
export interface DeliverSettings extends FunctionSettings {
  /** Messages handed to one invocation: the more, the more of a user's events merge into one batch. */
  readonly batchSize: number;
  /** How long an invocation's batch may fill up; what a lone event waits before it is sent. */
  readonly batchingWindow: Duration;
  /** Invocations at once, of live events and of backfill. */
  readonly maxConcurrency: Readonly<Record<Lane, number>>;
  /** Requests in flight at once, over all feeds of an invocation. */
  readonly maxConcurrentRequests: number;
  /** Requests in flight at once to one feed, of one invocation. */
  readonly maxConcurrentRequestsPerFeed: number;
  /** Batches a second with which a feed starts whose limit is not known. */
  readonly initialRate: number;
  /** Longest wait in a feed's line; what would wait longer goes to the bucket. */
  readonly maxLine: Duration;
  /** Messages of one feed and lane that may wait in line; fewer, the more of the queue's are hidden over all feeds. */
  readonly maxHiddenMessages: number;
  /** Share of a feed's rate that backfill gets while live traffic waits. */
  readonly backfillShare: number;
  /** Wait after the first receive of a message that a store's failure leaves undecided; doubles by receive count. */
  readonly backoffBase: Duration;
  /** Longest such wait. */
  readonly backoffMax: Duration;
  /** Receives after which a message that is still deferred is parked as held. */
  readonly holdAfterReceives: number;
}

export interface AlarmSettings {
  /** Age of the oldest message that is worth a person's attention. Backfill may wait longer by its nature. */
  readonly oldestMessageAge: Readonly<Record<Lane, Duration>>;
  /** Age of the oldest held event at which somebody should ask after its cause. */
  readonly oldestHeldAge: Duration;
  /** Rejected events in five minutes that are more than a tenant's stray mistake. */
  readonly rejectedEvents: number;
}

const deliver: DeliverSettings = {
  memoryMb: 1769,
  timeout: Duration.seconds(60),
  batchSize: 1000,
  batchingWindow: Duration.seconds(5),
  maxConcurrency: { live: 50, backfill: 5 },
  maxConcurrentRequests: 16,
  maxConcurrentRequestsPerFeed: 4,
  initialRate: 100,
  maxLine: Duration.minutes(14),
  maxHiddenMessages: 5_000,
  backfillShare: 0.2,
  backoffBase: Duration.seconds(5),
  backoffMax: Duration.seconds(900),
  holdAfterReceives: 300,
};

/** Alike in every stage. What they do not get done in one run, the next one does. */
const functions = {
  releaseHeld: { memoryMb: 1024, timeout: Duration.minutes(5) },
  replayRejected: { memoryMb: 1024, timeout: Duration.minutes(5) },
  checkLedger: { memoryMb: 512, timeout: Duration.minutes(5) },
  onboarding: {
    throttle: { requestsPerSecond: 50, burst: 100 },
    brand: DEFAULT_BRAND,
    connectUrl: "",
    // API Gateway gives up after 30 seconds.
    api: { memoryMb: 1024, timeout: Duration.seconds(29) },
    page: { memoryMb: 1024, timeout: Duration.seconds(29) },
    verifyFeed: { memoryMb: 512, timeout: Duration.seconds(25) },
    upkeep: { memoryMb: 512, timeout: Duration.minutes(5) },
  },
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
      maxConcurrency: { live: 2, backfill: 2 },
      backoffBase: Duration.seconds(1),
    },
    ...functions,
    alarms: {
      oldestMessageAge: { live: Duration.minutes(15), backfill: Duration.hours(1) },
      oldestHeldAge: Duration.hours(1),
      rejectedEvents: 1,
    },
    logRetention: RetentionDays.ONE_DAY,
    rejectedRetention: Duration.days(1),
    heldRetention: Duration.days(2),
  },
  /** An AWS account for trying things out. */
  dev: {
    name: "dev",
    partnerUrl: PARTNER_URL,
    partnerIdentity: "",
    deliver: {
      ...deliver,
      batchSize: 100,
      batchingWindow: Duration.seconds(1),
      maxConcurrency: { live: 5, backfill: 2 },
    },
    ...functions,
    alarms: {
      oldestMessageAge: { live: Duration.minutes(15), backfill: Duration.hours(1) },
      oldestHeldAge: Duration.hours(1),
      rejectedEvents: 1,
    },
    logRetention: RetentionDays.TWO_WEEKS,
    rejectedRetention: Duration.days(14),
    heldRetention: Duration.days(60),
  },
  production: {
    name: "production",
    partnerUrl: PARTNER_URL,
    partnerIdentity: "",
    deliver,
    ...functions,
    alarms: {
      oldestMessageAge: { live: Duration.hours(1), backfill: Duration.days(1) },
      oldestHeldAge: Duration.days(1),
      rejectedEvents: 100,
    },
    logRetention: RetentionDays.THREE_MONTHS,
    rejectedRetention: Duration.days(90),
    heldRetention: Duration.days(365),
  },
};

/** What `-c name=value` on the cdk command line may set for one deployment. */
export interface StageOverrides {
  readonly partnerUrl?: string;
  readonly partnerIdentity?: string;
  readonly jwtIssuer?: string;
  readonly jwtAudience?: string;
  /** Path of the file that says what the connect page looks like. */
  readonly brand?: string;
  readonly connectUrl?: string;
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
  const jwt = jwtOf(overrides);
  return {
    ...stage,
    partnerUrl,
    partnerIdentity: overrides.partnerIdentity ?? stage.partnerIdentity,
    onboarding: {
      ...stage.onboarding,
      ...(jwt && { jwt }),
      ...(overrides.brand !== undefined && { brand: readBrand(overrides.brand) }),
      ...(overrides.connectUrl !== undefined && { connectUrl: checkedConnectUrl(overrides.connectUrl) }),
    },
  };
}

function jwtOf({ jwtIssuer, jwtAudience }: StageOverrides): JwtSettings | undefined {
  if (jwtIssuer === undefined && jwtAudience === undefined) return undefined;
  if (!jwtIssuer?.startsWith("https://") || !URL.canParse(jwtIssuer))
    throw new ConfigError("jwtIssuer", "must be an https URL");
  if (!jwtAudience) throw new ConfigError("jwtAudience", "is required with jwtIssuer");
  return { issuer: jwtIssuer, audience: jwtAudience };
}

/** @throws {ConfigError} for an address at which a link would not be secret, or not lead to the page. */
function checkedConnectUrl(url: string): string {
  if (/^https:\/\/[^\s?#]*[^\s?#/]$/.test(url) && URL.canParse(url)) return url;
  throw new ConfigError("connectUrl", "must be an https URL without a slash at the end");
}
