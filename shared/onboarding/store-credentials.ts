import type { CredentialsInput } from "../api/credentials.schema.ts";
import type { Verification } from "../api/verification.schema.ts";
import { formatErrors } from "../core/onboarding/credential-format.ts";
import { isRotating } from "../core/onboarding/feed-state.ts";
import { fingerprintOf, keyHashOf, secretVersionOf } from "../core/onboarding/fingerprint.ts";
import type { CredentialsRecord, FeedRecord } from "../core/onboarding/record.schema.ts";
import type { StoredFeed } from "../core/onboarding/stored-feed.ts";
import { verificationOf } from "../core/onboarding/verification.ts";
import type { FeedChanges, FeedId, KeyClaims, KeyProver, SecretWriter } from "../ports-onboarding.ts";
import { bringBack, canBringBack, isRefused, withFormerKeys } from "./bring-back.ts";
import type { Caller } from "./caller.ts";
import { type ChangeDeps, changeFeed, presentFeed } from "./change.ts";
import { ProblemError } from "./problem.ts";
import {
  changeReserved,
  ended,
  fulfil,
  held,
  intend,
  type RotationDeps,
  reservedBy,
  settle,
} from "./rotation.ts";

/** What storing keys takes. */
export interface StoreCredentialsDeps extends ChangeDeps {
  readonly changes: FeedChanges;
  readonly claims: KeyClaims;
  readonly prover: KeyProver;
  readonly secrets: Omit<SecretWriter, "scheduleDeletion">;
}

export interface StoredCredentials {
  readonly credentials: CredentialsRecord;
  readonly verification: Verification;
}

/**
 * Stores or rotates a feed's keys: checked for what is plainly wrong with them, tested against mParticle, claimed for the tenant, and
 * only then made current. One change of a feed's keys at a time.
 *
 * The claim follows the test: only who has a key's secret too learns that it is another tenant's, or can keep it from that tenant.
 *
 * The keys that they replace stay the secret's previous version; see ADR 10.
 *
 * @throws {ProblemError} and nothing has changed, for keys that are malformed, another tenant's, or not accepted. After a `conflict`, as
 * after any other error, they may be stored: the same request again, the next one, or upkeep within the hour ends what was begun.
 */
export async function storeCredentials(
  feed: FeedId,
  keys: CredentialsInput,
  caller: Caller,
  deps: StoreCredentialsDeps,
): Promise<StoredCredentials> {
  const errors = formatErrors(keys);
  if (errors[0]) throw new ProblemError("credentials_malformed", errors[0].message, { errors });

  const reserved = await settle(feed, await reserve(feed, caller, deps), deps);
  const verification = await orEnd(feed, reserved, () => test(feed, { keys, reserved }, caller, deps), deps);
  return { credentials: await store(feed, { keys, reserved, verification }, caller, deps), verification };
}

async function test(
  feed: FeedId,
  { keys, reserved }: { readonly keys: CredentialsInput; readonly reserved: FeedRecord },
  caller: Caller,
  { prover, clock, audit }: StoreCredentialsDeps,
): Promise<Verification> {
  const outcome = await prover.prove(reserved, keys);
  const verification = verificationOf(outcome, reserved, new Date(clock.nowMs()).toISOString());
  if (verification.outcome === "accepted") return verification;
  // Without a fingerprint: what is no key may be a password in the wrong field, which is found from its hash by trying.
  await audit.write({
    ...feed,
    ...caller,
    action: "credentials_not_accepted",
    details: { outcome: verification.outcome },
  });
  throw notAccepted(verification);
}

/** What fails here leaves the reservation to end by itself, and the intention to whoever comes next: how far it came is not known. */
async function store(
  feed: FeedId,
  {
    keys,
    reserved,
    verification,
  }: {
    readonly keys: CredentialsInput;
    readonly reserved: FeedRecord;
    readonly verification: Verification;
  },
  caller: Caller,
  deps: StoreCredentialsDeps,
): Promise<CredentialsRecord> {
  const keyHash = keyHashOf(keys.apiKey);
  const fingerprint = fingerprintOf(keyHash);
  const { outcome, checkedAt } = verification;
  const { kind, pod } = reserved;
  const version = secretVersionOf(feed, keys);
  const stored = { fingerprint, keyHash, secretVersion: version, storedAt: checkedAt };
  const tested = { verification: { outcome, checkedAt }, kind, pod };
  const intending = await intend(feed, reserved, { ...stored, ...tested }, deps);
  await claimAudited(feed, intending, caller, deps);
  const ready = await withoutRefusedKeys(feed, intending, deps);
  await deps.audit.write({ ...feed, ...caller, action: "credentials_stored", details: { fingerprint } });
  await deps.secrets.store(feed, keys, version);
  const { credentials } = await fulfil(feed, ready, ended, deps);
  if (!credentials) throw new Error("The keys of a feed were stored and are not there");
  return credentials;
}

/**
 * Claims the key of a feed's intention for its tenant.
 *
 * @throws {ProblemError} for another tenant's; the reservation has ended then.
 */
export async function claim(feed: FeedId, reserved: FeedRecord, deps: RotationDeps): Promise<void> {
  const keyHash = reserved.rotation?.intended?.keyHash;
  if (keyHash === undefined || (await deps.claims.claim(keyHash, feed))) return;
  await changeReserved(feed, reserved, ended, deps);
  throw new ProblemError(
    "key_in_use",
    "This API key is stored for another tenant. Each customer has keys of its own: copy those of this one.",
  );
}

/** As {@link claim}. Who comes with another tenant's key has somebody's working keys: that is written down. */
async function claimAudited(
  feed: FeedId,
  reserved: FeedRecord,
  caller: Caller,
  deps: StoreCredentialsDeps,
): Promise<void> {
  try {
    await claim(feed, reserved, deps);
  } catch (error) {
    if (error instanceof ProblemError && error.code === "key_in_use")
      await deps.audit.write({
        ...feed,
        ...caller,
        action: "credentials_not_accepted",
        details: { outcome: error.code },
      });
    throw error;
  }
}

/**
 * Brings former keys back before others replace refused ones: a secret has one previous version, which has to be one that worked. So
 * does upkeep, which had to wait.
 */
async function withoutRefusedKeys(
  feed: FeedId,
  intending: FeedRecord,
  deps: StoreCredentialsDeps,
): Promise<FeedRecord> {
  const isAgain = intending.credentials?.secretVersion === intending.rotation?.intended?.secretVersion;
  if (isAgain || !isRefused(intending) || !(await canBringBack(feed, intending, deps))) return intending;
  await bringBack(feed, intending, deps);
  return held(await changeReserved(feed, intending, withFormerKeys, deps));
}

/** @throws {ProblemError} while the feed's keys are being changed: a secret would outlive its feed, or keys replace each other. */
export function assertNoRotation(feed: Pick<StoredFeed, "rotation">, nowMs: number): void {
  if (isRotating(feed, nowMs))
    throw new ProblemError("busy", "Keys of this feed are being stored just now: try again.", {
      headers: { "retry-after": "30" },
    });
}

/** Nobody else changes the feed's keys meanwhile. */
export async function reserve(feed: FeedId, caller: Caller, deps: ChangeDeps): Promise<FeedRecord> {
  const id = deps.randomText(9);
  const { record } = await changeFeed(
    feed,
    (given) => {
      const before = presentFeed(given);
      // By the try before, whose answer did not come.
      if (before.rotation?.id === id) return undefined;
      assertNoRotation(before, deps.clock.nowMs());
      return { next: reservedBy(id, before, deps.clock.nowMs()) };
    },
    caller,
    deps,
  );
  return record;
}

/** Ends the reservation where nothing comes of it. */
async function orEnd<Result>(
  feed: FeedId,
  reserved: FeedRecord,
  work: () => Promise<Result>,
  deps: StoreCredentialsDeps,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await changeReserved(feed, reserved, ended, deps).catch(() => {
      // It ends by itself; what went wrong first is what is to be told.
    });
    throw error;
  }
}

function notAccepted(verification: Verification): ProblemError {
  const { outcome, summary, advice } = verification;
  const detail = `${summary} Nothing was stored. ${advice}`;
  return outcome === "refused"
    ? new ProblemError("credentials_refused", detail, { verification })
    : new ProblemError("unavailable", detail, { verification, headers: { "retry-after": "30" } });
}
