import { hindersGoLive, statusOf } from "../../../shared/core/onboarding/feed-state.ts";
import {
  assertStays,
  changeFeed,
  foundFeed,
  foundTenant,
  presentFeed,
} from "../../../shared/onboarding/change.ts";
import { untilUncontested } from "../../../shared/onboarding/change-record.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";
import { removeFeed } from "../../../shared/onboarding/remove-feed.ts";
import { assertNoRotation } from "../../../shared/onboarding/store-credentials.ts";
import { oneFeedAnswer as answer, listedFeed } from "../answers.ts";
import { assertPrecondition } from "../precondition.ts";
import type { UseCase } from "../use-case.ts";

export const listFeeds: UseCase<"listFeeds"> = async ({ params: { tenantId } }, deps) => {
  await foundTenant(tenantId, deps);
  const { entries, unreadable } = await deps.registry.feeds(tenantId);
  return {
    status: 200,
    body: {
      feeds: entries.map((feed) => listedFeed(tenantId, feed)),
      ...(unreadable.size > 0 && {
        unreadable: Array.from(unreadable, ([feedId, problem]) => ({ feedId, problem })),
      }),
    },
  };
};

export const getFeed: UseCase<"getFeed"> = async ({ params }, deps) =>
  answer(params.tenantId, await foundFeed(params, deps));

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

/** Whether it can be read or not. */
export const deleteFeed: UseCase<"deleteFeed"> = async ({ params, caller, precondition }, deps) => {
  assertStays(await foundTenant(params.tenantId, deps));
  await untilUncontested(async () => {
    const isRemoved = await removeFeed(params, deps, async (stored) => {
      assertPrecondition(precondition, stored);
      assertNoRotation(stored, deps.clock.nowMs());
      await deps.audit.write({ ...params, ...caller, action: "feed_deleted", details: {} });
    });
    if (isRemoved === undefined) throw new ProblemError("not_found", "The tenant has no feed of this id.");
    return isRemoved;
  });
  return { status: 204, body: undefined };
};
