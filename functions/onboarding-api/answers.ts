import type { FeedAnswer, ListedFeed, StoredCredentials } from "../../shared/api/feed.schema.ts";
import { settingsOf } from "../../shared/api/feed-settings.ts";
import type { TenantAnswer } from "../../shared/api/tenant.schema.ts";
import type {
  CredentialsRecord,
  FeedRecord,
  TenantRecord,
} from "../../shared/core/onboarding/record.schema.ts";
import { etagOf } from "./precondition.ts";
import { remarksOf, withRemarks } from "./remarks/remarks.ts";

/** A tenant as the API gives it. */
export function tenantAnswer({
  tenantId,
  status,
  blockedEvents,
  deletion,
  ...record
}: TenantRecord): TenantAnswer {
  return {
    tenantId,
    status: deletion ? "deleting" : status,
    blockedEvents,
    ...dates(record),
    ...(deletion && { deleteAfter: deletion.deleteAfter }),
  };
}

/** A feed as the API gives it: of its keys, fingerprint and dates. */
export function feedAnswer(tenantId: string, feed: FeedRecord): FeedAnswer {
  return {
    tenantId,
    feedId: feed.feedId,
    status: feed.isDeleting ? "deleting" : feed.status,
    environment: feed.environment,
    ...settingsOf(feed),
    mappingVersion: feed.mappingVersion ?? 1,
    ...(feed.credentials && { credentials: credentialsAnswer(feed.credentials) }),
    ...dates(feed),
  };
}

/** The same for a list, whose answer has no room for all settings of many feeds. */
export function listedFeed(tenantId: string, feed: FeedRecord): ListedFeed {
  const { mapping: _, rows: __, audiences: ___, consent: ____, ...listed } = feedAnswer(tenantId, feed);
  return listed;
}

/** The same as the answer of a request that is about it, with remarks on its settings. */
export function oneFeedAnswer(tenantId: string, feed: FeedRecord) {
  const body = withRemarks(feedAnswer(tenantId, feed), remarksOf(feed));
  return { status: 200, body, etag: etagOf(feed) } as const;
}

export function credentialsAnswer(credentials: CredentialsRecord): StoredCredentials {
  const { fingerprint, storedAt, verification, previous } = credentials;
  return {
    fingerprint,
    storedAt,
    ...(verification && { verification }),
    ...(previous && { previous: { fingerprint: previous.fingerprint, storedAt: previous.storedAt } }),
  };
}

function dates({ createdAt, updatedAt }: { createdAt?: string | undefined; updatedAt?: string | undefined }) {
  return { ...(createdAt !== undefined && { createdAt }), ...(updatedAt !== undefined && { updatedAt }) };
}
