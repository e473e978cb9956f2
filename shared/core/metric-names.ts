/**
 * Names that the functions emit and that the alarms and the dashboard watch, so that the two cannot drift apart.
 *
 * No metric has a dimension per tenant: CloudWatch bills each combination, and a tenant's own figures come from the log.
 */

/** CloudWatch namespace of every metric below. */
export const METRICS_NAMESPACE = "PartnerFeedConnector";

/** Value of the only dimension, `service`, of what the deliver-events function emits. */
export const DELIVER_EVENTS_SERVICE = "deliver-events";

/** Every metric but the rate and the names is a count, added up over the invocation that emits it. */
export const METRICS = {
  /** Events handed out for the first time. */
  eventsReceived: "EventsReceived",
  /** Events whose batches mParticle accepted. */
  eventsDelivered: "EventsDelivered",
  /** Events that a rule said no to. */
  eventsFiltered: "EventsFiltered",
  /** Events that can never pass, now in the bucket under `rejected/`. */
  eventsRejected: "EventsRejected",
  /** Events that their feed cannot take now, now in the bucket under `held/`. */
  eventsHeld: "EventsHeld",
  /** Of the held ones, those whose cause somebody has to end: neither stopped on purpose nor waiting for their turn. */
  eventsAwaitingPerson: "EventsAwaitingPerson",
  /** Messages that went back on the queue with a visibility delay. */
  messagesDeferred: "MessagesDeferred",
  /** Batches that were let through at their feed's pace. */
  batchesAdmitted: "BatchesAdmitted",
  /** Not a count: the batches a second that each feed takes, as far as is known. */
  feedRate: "FeedRate",
  /** Not added up: the different names that the events and screens of each feed have had. */
  feedEventNames: "FeedEventNames",
  /** POSTs to mParticle, retries included. */
  requestsSent: "RequestsSent",
  /** POSTs answered with 429. */
  requestsThrottled: "RequestsThrottled",
  /** POSTs that repeated the bytes of an earlier one. */
  requestsRetried: "RequestsRetried",
  /** Batches that mParticle accepted. */
  batchesSent: "BatchesSent",
  /** Feeds whose credentials mParticle refused. */
  credentialsRefused: "CredentialsRefused",
  /** Requests given up for now: each try timed out, was reset or was answered with a 5xx, so that mParticle may have taken them. */
  requestsUnanswered: "RequestsUnanswered",
  /** Messages with batches put on the queue as they were built: mParticle may have taken them, or a part of what they came from. */
  requestsFrozen: "RequestsFrozen",
  /** Objects that could not be written to the bucket; their messages stay on the queue. */
  parkingFailed: "ParkingFailed",
  /** Accounts of the ledger that could not be written; they are with a later invocation of the same instance. */
  ledgerFailed: "LedgerFailed",
  /** Messages that SQS handed out again after another invocation had handled them: nothing was left to do. */
  copiesDone: "CopiesDone",
  /** Messages that went back because another invocation may be at work on them. */
  copiesBusy: "CopiesBusy",
  /** Messages of which it could not be asked whether another invocation has them. */
  messagesUnclaimed: "MessagesUnclaimed",
} as const;

/** What the check-ledger function emits. */
export const CHECK_LEDGER_METRICS = {
  /** Events by which the accounts of the ledger do not add up. Emitted by every run, most often as 0. */
  ledgerImbalance: "LedgerImbalance",
} as const;

/** What the release-held function emits. */
export const RELEASE_HELD_METRICS = {
  /** Events put back on the queue because what held them has ended. */
  eventsReleased: "EventsReleased",
  /** Tenants, feeds and objects with which something went wrong; their events stay in the bucket. */
  releaseFailed: "ReleaseFailed",
  /**
   * Age in seconds of the oldest held object of feeds that nobody has paused; 0: nothing of theirs is held. Emitted by every run
   * that looks at all tenants, as is the next one.
   */
  oldestHeldSeconds: "OldestHeldSeconds",
  /** The same of feeds that are paused, or whose tenant is. */
  oldestPausedSeconds: "OldestPausedSeconds",
} as const;

/** What the replay-rejected function emits. */
export const REPLAY_REJECTED_METRICS = {
  /** Events put back on the queue because somebody asked for it. */
  eventsReplayed: "EventsReplayed",
} as const;

/** What the onboarding-api function emits. */
export const ONBOARDING_API_METRICS = {
  /** Requests answered with a status of 500 or more. Emitted with every request, most often as 0. */
  requestsFailed: "RequestsFailed",
} as const;

/** What the connect-page function emits. */
export const CONNECT_PAGE_METRICS = {
  /** Pages answered with a status of 500 or more, and key pairs that a fault of ours kept from being stored. Emitted with every request, most often as 0. */
  pagesFailed: "PagesFailed",
} as const;

/** What the onboarding-upkeep function emits. */
export const ONBOARDING_UPKEEP_METRICS = {
  /** Tenants that could not be looked after; they are tried again within the hour. */
  upkeepFailed: "UpkeepFailed",
  /** Runs that had no time to look at all tenants. Emitted by every run, most often as 0. */
  upkeepCutShort: "UpkeepCutShort",
} as const;

/** What each function emits: its value of the only dimension, `service`, and its metrics. */
export const EMITTED = {
  deliverEvents: { service: DELIVER_EVENTS_SERVICE, metrics: METRICS },
  releaseHeld: { service: "release-held", metrics: RELEASE_HELD_METRICS },
  replayRejected: { service: "replay-rejected", metrics: REPLAY_REJECTED_METRICS },
  checkLedger: { service: "check-ledger", metrics: CHECK_LEDGER_METRICS },
  onboardingApi: { service: "onboarding-api", metrics: ONBOARDING_API_METRICS },
  connectPage: { service: "connect-page", metrics: CONNECT_PAGE_METRICS },
  onboardingUpkeep: { service: "onboarding-upkeep", metrics: ONBOARDING_UPKEEP_METRICS },
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];
