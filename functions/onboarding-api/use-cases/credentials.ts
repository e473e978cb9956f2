import { isRotating } from "../../../shared/core/onboarding/feed-state.ts";
import { fingerprintOf } from "../../../shared/core/onboarding/fingerprint.ts";
import type { FeedRecord } from "../../../shared/core/onboarding/record.schema.ts";
import { verificationOf } from "../../../shared/core/onboarding/verification.ts";
import {
  assertStays,
  changeFeed,
  foundFeed,
  foundTenant,
  presentFeed,
} from "../../../shared/onboarding/change.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";
import { withoutRefusal } from "../../../shared/onboarding/rotation.ts";
import { storeCredentials } from "../../../shared/onboarding/store-credentials.ts";
import { adoptCredentials } from "../adopt-credentials.ts";
import { credentialsAnswer } from "../answers.ts";
import type { UseCase } from "../use-case.ts";

export const putCredentials: UseCase<"putCredentials"> = async ({ params, body, caller }, deps) => {
  const { credentials, verification } = await storeCredentials(params, body, caller, deps);
  return { status: 200, body: { credentials: credentialsAnswer(credentials), verification } };
};

export const verifyFeed: UseCase<"verifyFeed"> = async ({ params, caller }, deps) => {
  assertStays(await foundTenant(params.tenantId, deps));
  const asked = await foundFeed(params, deps);
  const { kind, pod } = asked;
  const proof = await deps.storedKeys.prove({ ...params, kind, pod });
  if (!proof) throw new ProblemError("conflict", "No keys are stored for this feed: store them first.");

  const { outcome, secretVersion, keyHash } = proof;
  const checkedAt = new Date(deps.clock.nowMs()).toISOString();
  const verification = verificationOf(outcome, { kind }, checkedAt);
  const test = { outcome: verification.outcome, checkedAt };
  const fingerprint = fingerprintOf(keyHash);
  if (asked.credentials?.secretVersion !== secretVersion) {
    // Keys that were not stored through the API are known from now on, if they are any.
    const found = { fingerprint, keyHash, secretVersion, storedAt: checkedAt, verification: test, kind, pod };
    if (test.outcome === "accepted") await adoptCredentials({ ...params, asked, found }, caller, deps);
    return { status: 200, body: { verification } };
  }
  const { before, record } = await changeFeed(
    params,
    (given) => {
      const feed = presentFeed(given);
      const { credentials } = feed;
      if (feed.kind !== kind || feed.pod !== pod) return undefined;
      // Whether those that are stored meanwhile were tested, or those before them, cannot be told.
      const isReplaced = credentials?.secretVersion !== secretVersion;
      if (isReplaced || isRotating(feed, deps.clock.nowMs())) return undefined;
      return {
        next: tested({ ...feed, credentials: { ...credentials, verification: test } }),
        action: "credentials_verified",
        details: { fingerprint, outcome: test.outcome },
      };
    },
    caller,
    deps,
  );
  if (record.status === "active" && before?.status !== "active") await deps.changes.announce(params);
  return { status: 200, body: { verification } };
};

/** mParticle accepts the keys of a feed whose keys it refused: its events may go on. */
function tested(feed: FeedRecord): FeedRecord {
  return feed.credentials?.verification?.outcome === "accepted" ? withoutRefusal(feed) : feed;
}
