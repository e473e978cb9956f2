/** The environment variables of the deliver-events function; `infra/` must set exactly these. */
import * as z from "zod";
import { DEFAULT_FLOW_SETTINGS } from "../../shared/core/flow/flow-settings.ts";
import { LaneSchema } from "../../shared/core/flow/flow-state.schema.ts";

export const DeliverEventsEnvSchema = z.object({
  /** Name of the stage; `local` alone may point the partner URL at loopback. */
  STAGE: z.string().min(1),
  /** What the function's queue is for; the queue of another lane has a function of its own. */
  LANE: LaneSchema.default("live"),
  QUEUE_URL: z.string().min(1),
  TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  /** Secrets are named `<prefix>/<tenantId>/<feedId>`. */
  SECRET_PREFIX: z.string().min(1),
  /** Base URL of the partner host, without a trailing slash. */
  PARTNER_URL: z.string().min(1),
  /** `PartnerName_IdentityName` as registered with mParticle; empty: no partner identity is sent. */
  PARTNER_IDENTITY: z.string().default(""),
  /** Batches a second with which a feed starts whose limit is not known. */
  INITIAL_RATE: z.number().min(1).default(DEFAULT_FLOW_SETTINGS.initialRate),
  /** Milliseconds that an invocation may wait for its turn with a feed. */
  PACE_MS: z.int().min(0).max(30_000).default(DEFAULT_FLOW_SETTINGS.paceMs),
  /** Longest wait in a feed's line, in milliseconds; what would wait longer goes to the bucket. */
  MAX_LINE_MS: z.int().min(1_000).max(870_000).default(DEFAULT_FLOW_SETTINGS.maxLineMs),
  /** Messages of one feed that may wait in line. */
  MAX_HIDDEN_MESSAGES: z.int().min(1).max(100_000).default(DEFAULT_FLOW_SETTINGS.maxHiddenMessages),
  /** Share of a feed's rate that backfill gets while live traffic waits. */
  BACKFILL_SHARE: z.number().min(0).max(1).default(DEFAULT_FLOW_SETTINGS.backfillShare),
  /** Instances of all deliver-events functions that may run at once. */
  MAX_INSTANCES: z.int().min(1).default(DEFAULT_FLOW_SETTINGS.maxInstances),
  /** Calls in flight at once to mParticle and for its pace, over all feeds of an invocation. */
  MAX_CONCURRENT_REQUESTS: z.int().min(1).max(256).default(16),
  /** Requests in flight at once to one feed. */
  MAX_CONCURRENT_REQUESTS_PER_FEED: z.int().min(1).max(64).default(4),
  /** Milliseconds until an unanswered request counts as timed out. */
  REQUEST_TIMEOUT_MS: z.int().min(50).default(10_000),
  /** Shortest delay in milliseconds before the same request is sent again within an invocation. */
  RETRY_BASE_MS: z.int().min(1).default(200),
  /** Attempts to send one request within an invocation. */
  MAX_ATTEMPTS: z.int().min(1).default(4),
  /** Seconds a message waits after its first throttling when mParticle names no time; doubles by receive count. */
  BACKOFF_BASE_SECONDS: z.number().min(0).default(5),
  /** Longest visibility delay in seconds that the back-off computes. */
  BACKOFF_MAX_SECONDS: z.number().min(1).max(900).default(900),
  /** Receives after which a message that is still deferred is parked as held. */
  HOLD_AFTER_RECEIVES: z.int().min(1).default(300),
});

export type DeliverEventsEnv = z.output<typeof DeliverEventsEnvSchema>;
/** What the deployment must provide: every variable without a default, all of them text. */
export type DeliverEventsEnvVars = { [Name in keyof z.input<typeof DeliverEventsEnvSchema>]: string };
