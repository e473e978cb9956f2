/**
 * Names that the functions emit and that the alarms and the dashboard watch, so that the two cannot drift apart.
 *
 * No metric has a dimension per tenant: CloudWatch bills each combination, and a tenant's own figures come from the log.
 */

/** CloudWatch namespace of every metric below. */
export const METRICS_NAMESPACE = "PartnerFeedConnector";

/** Value of the only dimension, `service`, of what the deliver-events function emits. */
export const DELIVER_EVENTS_SERVICE = "deliver-events";

/** Every metric is a count, added up over the invocation that emits it. */
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
  /** Messages that went back on the queue with a visibility delay. */
  messagesDeferred: "MessagesDeferred",
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
  /** Built requests put on the queue as they are, because mParticle may already have taken them. */
  requestsFrozen: "RequestsFrozen",
  /** Objects that could not be written to the bucket; their messages stay on the queue. */
  parkingFailed: "ParkingFailed",
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];
