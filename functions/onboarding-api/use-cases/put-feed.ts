import { isDeepStrictEqual } from "node:util";
import { FEED_SETTINGS, type FeedSettings } from "../../../shared/api/feed.schema.ts";
import { withoutSettings } from "../../../shared/api/feed-settings.ts";
import { MAX_FEEDS } from "../../../shared/core/onboarding/feed-state.ts";
import type { FeedRecord } from "../../../shared/core/onboarding/record.schema.ts";
import { salvage } from "../../../shared/core/onboarding/salvage.ts";
import { storedFeedOf } from "../../../shared/core/onboarding/stored-feed.ts";
import { UnreadableRecordError } from "../../../shared/core/onboarding/unreadable-record.ts";
import { parseFeed, parseFeedRecord } from "../../../shared/core/validators.ts";
import {
  assertNotDeleting,
  assertStays,
  type ChangeDeps,
  changeFeed,
  foundTenant,
  presentFeed,
} from "../../../shared/onboarding/change.ts";
import { changedNow, untilUncontested } from "../../../shared/onboarding/change-record.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";
import { removeFeed } from "../../../shared/onboarding/remove-feed.ts";
import type { FeedId } from "../../../shared/ports-onboarding.ts";
import { oneFeedAnswer as answer } from "../answers.ts";
import { assertPrecondition } from "../precondition.ts";
import type { OnboardingDeps, UseCase } from "../use-case.ts";

/** Beyond all that a feed has. */
const MAX_VERSION = 99_999_999;

/** Settings that cannot be read are replaced as well. */
export const putFeed: UseCase<"putFeed"> = async (call, deps) => {
  // What cannot be read from here on is the feed.
  assertStays(await foundTenant(call.params.tenantId, deps));
  try {
    return await putReadable(call, deps);
  } catch (error) {
    if (!(error instanceof UnreadableRecordError)) throw error;
    const record = await mended(call, deps);
    await deps.changes.announce(call.params);
    return answer(call.params.tenantId, record);
  }
};

const putReadable: UseCase<"putFeed"> = async ({ params, body, caller, precondition }, deps) => {
  const { tenantId, feedId } = params;
  const others = (await deps.registry.feedIds(tenantId)).filter((id) => id !== feedId);
  const { record, before } = await changeFeed(
    params,
    (feed) => {
      assertPrecondition(precondition, feed);
      if (feed) return updated(feed, body, deps);
      if (others.length >= MAX_FEEDS) throw tooManyFeeds();
      assertNotLive(body);
      return { next: parseFeed({ feedId, ...body }), action: "feed_created" };
    },
    caller,
    deps,
  );
  if (before) return answer(tenantId, record);
  // Others may have been created at the same time; who is last sees them all.
  if ((await deps.registry.feedIds(tenantId)).length > MAX_FEEDS) {
    await deps.audit.write({ ...params, ...caller, action: "feed_deleted", details: {} });
    await untilUncontested(async () => (await removeFeed(params, deps)) !== false);
    throw tooManyFeeds();
  }
  await deps.changes.announce({ tenantId, feedId });
  return { ...answer(tenantId, record), status: 201 };
};

/** Gives a feed that cannot be read other settings. What is stored beside them stays, as far as it can be read. */
function mended(
  { params, body, caller, precondition }: Parameters<UseCase<"putFeed">>[0],
  deps: OnboardingDeps,
): Promise<FeedRecord> {
  const { tenantId, feedId } = params;
  return untilUncontested(async () => {
    const before = presentFeed(await deps.registry.storedFeed(tenantId, feedId));
    assertNotDeleting(before);
    assertPrecondition(precondition, before);
    // What of it is no field of a feed is left out below.
    const fields = before.fields as FeedRecord;
    const decision = updated(fields, body, deps);
    const found = salvage({ ...fields, ...decision?.next, feedId, ...changedNow(deps) }, parseFeedRecord);
    const record = { ...found, mappingVersion: await versionOf(params, found, deps) };
    const { action, details } = decision ?? { action: "feed_updated", details: {} };
    await deps.audit.write({ ...params, ...caller, action, details });
    if (!(await deps.registry.saveFeed(tenantId, record, before))) return false;
    const { keyHashes } = storedFeedOf(feedId, record);
    for (const keyHash of before.keyHashes)
      if (!keyHashes.includes(keyHash)) await deps.claims.release(keyHash, params);
    return record;
  });
}

/** Behind all that are kept, should its own have got lost. */
async function versionOf(
  feed: FeedId,
  { mappingVersion = 1 }: FeedRecord,
  { registry }: OnboardingDeps,
): Promise<number> {
  const [latest] = await registry.mappings(feed, MAX_VERSION, 1);
  return Math.max(mappingVersion, (latest?.version ?? 0) + 1);
}

/** Status and keys stay. A test of the keys with another kind or pod says nothing any more. */
function updated(
  feed: FeedRecord,
  { environment = feed.environment, ...settings }: FeedSettings,
  deps: Pick<ChangeDeps, "clock">,
) {
  if (environment !== feed.environment) assertNotLive({ environment });
  const next: FeedRecord = {
    ...withoutSettings(feed),
    ...settings,
    environment,
    ...mappingOf(feed, settings.mapping, deps),
  };
  if (isDeepStrictEqual(next, feed)) return undefined;
  const fields = ([...FEED_SETTINGS, "environment"] as const).filter(
    (field) => !isDeepStrictEqual(next[field], feed[field]),
  );
  const isElsewhere = next.kind !== feed.kind || next.pod !== feed.pod;
  if (isElsewhere && environment === "production")
    throw new ProblemError(
      "conflict",
      "A feed in production stays where it is: its keys were verified there. Set its environment to development first.",
    );
  if (isElsewhere && next.credentials) {
    const { verification: _, ...credentials } = next.credentials;
    next.credentials = credentials;
  }
  return { next, action: "feed_updated", details: { fields: fields.join(" ") } } as const;
}

/** A feed's mapping, and where it is another one the version that it is. */
export function mappingOf(
  feed: FeedRecord,
  mapping: FeedRecord["mapping"],
  { clock }: Pick<ChangeDeps, "clock">,
): Pick<FeedRecord, "mapping" | "mappingVersion" | "mappingSince"> {
  if (isDeepStrictEqual(mapping, feed.mapping)) return { mapping: feed.mapping };
  return {
    mapping,
    mappingVersion: (feed.mappingVersion ?? 1) + 1,
    mappingSince: new Date(clock.nowMs()).toISOString(),
  };
}

function tooManyFeeds(): ProblemError {
  return new ProblemError("too_many_feeds", `A tenant may have ${MAX_FEEDS} feeds.`);
}

function assertNotLive({ environment }: Pick<FeedSettings, "environment">): void {
  if (environment === "production")
    throw new ProblemError("conflict", "A feed goes to production by go-live, once its keys are verified.");
}
