import { isDeepStrictEqual } from "node:util";
import { FEED_SETTINGS, type FeedSettings } from "../../../shared/api/feed.schema.ts";
import { withoutSettings } from "../../../shared/api/feed-settings.ts";
import { hindersGoLive, MAX_FEEDS, statusOf } from "../../../shared/core/onboarding/feed-state.ts";
import type { FeedRecord } from "../../../shared/core/onboarding/record.schema.ts";
import { parseFeed } from "../../../shared/core/validators.ts";
import {
  assertStays,
  type ChangeDeps,
  changeFeed,
  foundFeed,
  foundTenant,
  presentFeed,
} from "../../../shared/onboarding/change.ts";
import { untilUncontested } from "../../../shared/onboarding/change-record.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";
import { removeFeed } from "../../../shared/onboarding/remove-feed.ts";
import { assertNoRotation } from "../../../shared/onboarding/store-credentials.ts";
import { oneFeedAnswer as answer, feedAnswer } from "../answers.ts";
import { assertPrecondition } from "../precondition.ts";
import type { UseCase } from "../use-case.ts";

export const listFeeds: UseCase<"listFeeds"> = async ({ params: { tenantId } }, deps) => {
  await foundTenant(tenantId, deps);
  const feeds = await deps.registry.feeds(tenantId);
  return { status: 200, body: { feeds: feeds.map((feed) => feedAnswer(tenantId, feed)) } };
};

export const getFeed: UseCase<"getFeed"> = async ({ params }, deps) =>
  answer(params.tenantId, await foundFeed(params, deps));

export const putFeed: UseCase<"putFeed"> = async ({ params, body, caller, precondition }, deps) => {
  const { tenantId, feedId } = params;
  const others = (await deps.registry.feeds(tenantId)).filter((feed) => feed.feedId !== feedId);
  const { record, before } = await changeFeed(
    params,
    (feed) => {
      assertPrecondition(precondition, feed);
      if (feed) return updated(feed, body, deps);
      if (others.length >= MAX_FEEDS)
        throw new ProblemError("too_many_feeds", `A tenant may have ${MAX_FEEDS} feeds.`);
      assertNotLive(body);
      return { next: parseFeed({ feedId, ...body }), action: "feed_created" };
    },
    caller,
    deps,
  );
  if (!before) await deps.changes.announce({ tenantId, feedId });
  return before ? answer(tenantId, record) : { ...answer(tenantId, record), status: 201 };
};

export const pauseFeed: UseCase<"pauseFeed"> = async ({ params, caller }, deps) => {
  const { record } = await changeFeed(
    params,
    (given) => {
      const feed = presentFeed(given);
      return feed.status === "paused"
        ? undefined
        : { next: { ...feed, status: "paused" }, action: "feed_paused" };
    },
    caller,
    deps,
  );
  return answer(params.tenantId, record);
};

export const resumeFeed: UseCase<"resumeFeed"> = async ({ params, caller }, deps) => {
  const { record, before } = await changeFeed(
    params,
    (given) => {
      const feed = presentFeed(given);
      return feed.status === "paused"
        ? { next: { ...feed, status: statusOf(feed) }, action: "feed_resumed" }
        : undefined;
    },
    caller,
    deps,
  );
  if (record !== before) await deps.changes.announce(params);
  return answer(params.tenantId, record);
};

export const goLive: UseCase<"goLive"> = async ({ params, caller }, deps) => {
  const { record } = await changeFeed(
    params,
    (given) => {
      const feed = presentFeed(given);
      if (feed.environment === "production") return undefined;
      const hindrance = hindersGoLive(feed);
      if (hindrance !== undefined) throw new ProblemError("conflict", hindrance);
      return { next: { ...feed, environment: "production" }, action: "feed_went_live" };
    },
    caller,
    deps,
  );
  return answer(params.tenantId, record);
};

/** The feed is paused first: what fails on the way leaves a feed that the same request deletes. */
export const deleteFeed: UseCase<"deleteFeed"> = async ({ params, caller, precondition }, deps) => {
  const { tenantId, feedId } = params;
  assertStays(await foundTenant(tenantId, deps));
  await untilUncontested(async () => {
    const before = presentFeed(await deps.registry.feed(tenantId, feedId));
    if (before.isDeleting) return removeFeed(params, before, deps);
    assertPrecondition(precondition, before);
    assertNoRotation(before, deps.clock.nowMs());
    const record = { ...before, status: "paused", isDeleting: true, revision: deps.randomText(9) } as const;
    await deps.audit.write({ ...params, ...caller, action: "feed_deleted", details: {} });
    return (await deps.registry.saveFeed(tenantId, record, before)) && removeFeed(params, record, deps);
  });
  return { status: 204, body: undefined };
};

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

function assertNotLive({ environment }: Pick<FeedSettings, "environment">): void {
  if (environment === "production")
    throw new ProblemError("conflict", "A feed goes to production by go-live, once its keys are verified.");
}
