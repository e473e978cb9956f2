/** What the sending of one feed's batches came to in one invocation. */
export interface SendCounts {
  /** Batches that were let through at the feed's pace. */
  admitted: number;
  requests: number;
  batches: number;
  live: number;
  historical: number;
  /** Requests that were answered 429. */
  throttled: number;
  /** Requests that were sent again as they were. */
  retried: number;
  /** Requests given up for now because no try was answered, or each with a 5xx. */
  unanswered: number;
  credentialsRefused: number;
}

export function noCounts(): SendCounts {
  return {
    admitted: 0,
    requests: 0,
    batches: 0,
    live: 0,
    historical: 0,
    throttled: 0,
    retried: 0,
    unanswered: 0,
    credentialsRefused: 0,
  };
}
