import type { FeedRecord, IntendedKeys } from "../../shared/core/onboarding/record.schema.ts";
import type { Caller } from "../../shared/onboarding/caller.ts";
import type { ChangeDeps } from "../../shared/onboarding/change.ts";
import { ProblemError } from "../../shared/onboarding/problem.ts";
import { changeReserved, ended, fulfil, intend, settle } from "../../shared/onboarding/rotation.ts";
import { claim, reserve } from "../../shared/onboarding/store-credentials.ts";
import type { FeedId } from "../../shared/ports-onboarding.ts";
import type { OnboardingDeps } from "./use-case.ts";

export interface Adoption extends FeedId {
  /** The feed before the keys were tested. */
  readonly asked: FeedRecord;
  /** What its secret holds: mParticle has accepted it. */
  readonly found: Omit<IntendedKeys, "restores">;
}

/**
 * Makes keys that were stored past the API the feed's own, as if they had been stored through it: claimed for the tenant, with those
 * that they replaced as the previous ones. Does nothing where others were stored meanwhile, or are being stored.
 *
 * @throws {ProblemError} for another tenant's key.
 */
export async function adoptCredentials(
  { tenantId, feedId, asked, found }: Adoption,
  caller: Caller,
  deps: ChangeDeps & Pick<OnboardingDeps, "secrets" | "claims" | "changes">,
): Promise<void> {
  const feed = { tenantId, feedId };
  const reserved = await reserveIfFree(feed, caller, deps);
  if (!reserved) return;
  const ready = await settle(feed, reserved, deps);
  const { current } = await deps.secrets.versions(feed);
  const isSame = asked.credentials?.secretVersion === ready.credentials?.secretVersion;
  if (!isSame || current !== found.secretVersion) {
    await changeReserved(feed, ready, ended, deps);
    return;
  }
  const intending = await intend(feed, ready, found, deps);
  await claim(feed, intending, deps);
  const { fingerprint, verification } = found;
  const details = { fingerprint, outcome: verification.outcome };
  await deps.audit.write({ ...feed, ...caller, action: "credentials_verified", details });
  await fulfil(feed, intending, ended, deps);
}

async function reserveIfFree(
  feed: FeedId,
  caller: Caller,
  deps: ChangeDeps,
): Promise<FeedRecord | undefined> {
  try {
    return await reserve(feed, caller, deps);
  } catch (error) {
    if (error instanceof ProblemError && error.code === "busy") return undefined;
    throw error;
  }
}
