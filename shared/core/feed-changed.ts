/** `source` and `detail-type` of the event whose detail is a `FeedChanged`. */
export const FEED_CHANGED = { source: "partner-feed-connector", detailType: "Feed Changed" } as const;

/** `source` and `detail-type` of the event whose detail is a `CredentialsRefused`. */
export const CREDENTIALS_REFUSED = {
  source: "partner-feed-connector",
  detailType: "Credentials Refused",
} as const;
