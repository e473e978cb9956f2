/** `source` and `detail-type` of the event whose detail is a `FeedChanged`. */
export const FEED_CHANGED = { source: "partner-feed-connector", detailType: "Feed Changed" } as const;
