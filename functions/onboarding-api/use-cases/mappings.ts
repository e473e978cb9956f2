import type { FeedRecord } from "../../../shared/core/onboarding/record.schema.ts";
import { changeFeed, foundFeed, presentFeed } from "../../../shared/onboarding/change.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";
import type { FeedId } from "../../../shared/ports-onboarding.ts";
import { oneFeedAnswer } from "../answers.ts";
import { nextOf, placeOf } from "../cursor.ts";
import { remarksOf, withRemarks } from "../remarks/remarks.ts";
import type { OnboardingDeps, UseCase } from "../use-case.ts";
import { mappingOf } from "./put-feed.ts";

/** Versions, as text. */
const PLACE = /^[1-9]\d{0,6}$/;

export const listMappings: UseCase<"listMappings"> = async ({ params, query }, deps) => {
  const feed = await foundFeed(params, deps);
  const { version, ...current } = currentOf(feed);
  const place = placeOf(query.cursor, PLACE);
  const first = place === undefined ? [{ version, since: current.since, isCurrent: true }] : [];
  const limit = query.limit - first.length;
  const before = place === undefined ? version : Number(place);
  // One more than asked for tells whether there are more.
  const former = await deps.registry.mappings(params, before, limit + 1);
  const shown = [...first, ...former.slice(0, limit).map((one) => ({ ...one, isCurrent: false }))];
  const last = shown.at(-1);
  const next = former.length > limit && last ? { next: String(last.version) } : {};
  return { status: 200, body: { mappings: shown.map(withoutUndefined), ...nextOf(next) } };
};

export const getMapping: UseCase<"getMapping"> = async ({ params }, deps) => {
  const feed = await foundFeed(params, deps);
  const found = await foundMapping(feed, params, deps);
  return { status: 200, body: withRemarks(withoutUndefined(found), remarksOf({ mapping: found.mapping })) };
};

export const restoreMapping: UseCase<"restoreMapping"> = async ({ params, caller }, deps) => {
  const { mapping, version } = await foundMapping(await foundFeed(params, deps), params, deps);
  const { record } = await changeFeed(
    params,
    (given) => {
      const feed = presentFeed(given);
      const restored = mappingOf(feed, mapping, deps);
      if (restored.mappingVersion === undefined) return undefined;
      const details = { fields: "mapping", restoredVersion: String(version) };
      return { next: { ...feed, ...restored }, action: "feed_updated", details };
    },
    caller,
    deps,
  );
  return oneFeedAnswer(params.tenantId, record);
};

interface Found {
  readonly version: number;
  readonly since: string | undefined;
  readonly isCurrent: boolean;
  readonly mapping: FeedRecord["mapping"];
}

/** @throws {ProblemError} for a version that the feed never had. */
async function foundMapping(
  feed: FeedRecord,
  params: FeedId & { readonly version: string },
  deps: OnboardingDeps,
): Promise<Found> {
  const current = currentOf(feed);
  const version = Number(params.version);
  if (version === current.version) return current;
  const former = version < current.version ? await deps.registry.mapping(params, version) : undefined;
  if (!former) throw new ProblemError("not_found", "The feed never had a mapping of this version.");
  return { version, since: former.since, isCurrent: false, mapping: former.mapping };
}

function currentOf({ mapping, mappingVersion = 1, mappingSince, createdAt }: FeedRecord): Found {
  return {
    version: mappingVersion,
    since: mappingSince ?? createdAt,
    isCurrent: true,
    mapping,
  };
}

function withoutUndefined<Version extends { since?: string | undefined }>({ since, ...version }: Version) {
  return { ...version, ...(since !== undefined && { since }) };
}
