import type { CredentialsInput } from "../api/credentials.schema.ts";
import type { Verification } from "../api/verification.schema.ts";
import { formatErrors } from "../core/onboarding/credential-format.ts";
import { isRotating, statusOf } from "../core/onboarding/feed-state.ts";
import { fingerprintOf, keyHashOf, secretVersionOf } from "../core/onboarding/fingerprint.ts";
import type { CredentialsRecord, FeedRecord, StoredKeys } from "../core/onboarding/record.schema.ts";
import { verificationOf } from "../core/onboarding/verification.ts";
import type { FeedChanges, FeedId, KeyClaims, KeyProver, SecretWriter } from "../ports-onboarding.ts";
import type { Caller } from "./caller.ts";
import { type ChangeDeps, changeFeed, presentFeed } from "./change.ts";
import { ProblemError } from "./problem.ts";

/** What storing keys takes. */
export interface StoreCredentialsDeps extends ChangeDeps {
  readonly changes: FeedChanges;
  readonly claims: KeyClaims;
  readonly prover: KeyProver;
  readonly secrets: SecretWriter;
}

/** Milliseconds after which a change of keys counts as died: longer than a function that serves HTTP may run. */
const ROTATION_MS = 40_000;

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
 * @throws {ProblemError} and nothing has changed, for keys that are malformed, another tenant's, or not accepted.
 */
export async function storeCredentials(
  feed: FeedId,
  keys: CredentialsInput,
  caller: Caller,
  deps: StoreCredentialsDeps,
): Promise<StoredCredentials> {
  const errors = formatErrors(keys);
  if (errors[0]) throw new ProblemError("credentials_malformed", errors[0].message, { errors });

  const reserved = await reserve(feed, caller, deps);
  try {
    return await storeReserved(feed, { keys, reserved }, caller, deps);
  } catch (error) {
    await giveUp(feed, reserved, caller, deps).catch(() => {
      // It ends by itself; what went wrong first is what is to be told.
    });
    throw error;
  }
}

async function storeReserved(
  feed: FeedId,
  { keys, reserved }: { readonly keys: CredentialsInput; readonly reserved: FeedRecord },
  caller: Caller,
  deps: StoreCredentialsDeps,
): Promise<StoredCredentials> {
  const { clock, claims, prover, secrets, audit } = deps;
  const keyHash = keyHashOf(keys.apiKey);
  const fingerprint = fingerprintOf(keyHash);
  const facts = { ...feed, ...caller };
  const outcome = await prover.prove(reserved, keys);
  const storedAt = new Date(clock.nowMs()).toISOString();
  const verification = verificationOf(outcome, reserved, storedAt);
  if (verification.outcome !== "accepted") {
    // Without a fingerprint: what is no key may be a password in the wrong field, which is found from its hash by trying.
    await audit.write({
      ...facts,
      action: "credentials_not_accepted",
      details: { outcome: verification.outcome },
    });
    throw notAccepted(verification);
  }

  if (!(await claims.claim(keyHash, feed)))
    throw new ProblemError(
      "key_in_use",
      "This API key is stored for another tenant. Each customer has keys of its own: copy those of this one.",
    );
  await audit.write({ ...facts, action: "credentials_stored", details: { fingerprint } });
  const version = secretVersionOf(feed, keys);
  await secrets.store(feed, keys, version);
  const stored: StoredKeys = { fingerprint, keyHash, secretVersion: version, storedAt };
  const { record } = await changeFeed(
    feed,
    (before) => ({ next: withKeys(presentFeed(before), { stored, verification, reserved }) }),
    caller,
    deps,
  );
  const dropped = [...hashesOf(reserved)].filter((hash) => !hashesOf(record).has(hash));
  for (const hash of dropped) await claims.release(hash, feed);
  await deps.changes.announce(feed);
  if (!record.credentials) throw new Error("The keys of a feed were stored and are not there");
  return { credentials: record.credentials, verification };
}

/** @throws {ProblemError} while the feed's keys are being changed: a secret would outlive its feed, or keys replace each other. */
export function assertNoRotation(feed: FeedRecord, nowMs: number): void {
  if (isRotating(feed, nowMs))
    throw new ProblemError("busy", "Keys of this feed are being stored just now: try again in a minute.", {
      headers: { "retry-after": "30" },
    });
}

/** Nobody else changes the feed's keys meanwhile. */
async function reserve(feed: FeedId, caller: Caller, deps: StoreCredentialsDeps): Promise<FeedRecord> {
  const { clock, randomText } = deps;
  const { record } = await changeFeed(
    feed,
    (given) => {
      const before = presentFeed(given);
      assertNoRotation(before, clock.nowMs());
      const rotation = { id: randomText(9), untilMs: clock.nowMs() + ROTATION_MS };
      return { next: { ...before, rotation } };
    },
    caller,
    deps,
  );
  return record;
}

async function giveUp(
  feed: FeedId,
  { rotation }: FeedRecord,
  caller: Caller,
  deps: StoreCredentialsDeps,
): Promise<void> {
  await changeFeed(
    feed,
    (given) => {
      const before = presentFeed(given);
      if (before.rotation?.id !== rotation?.id) return undefined;
      const { rotation: _, ...next } = before;
      return { next };
    },
    caller,
    deps,
  );
}

/** The test says nothing of a kind or pod that the feed was given meanwhile. */
function withKeys(
  before: FeedRecord,
  {
    stored,
    verification: { outcome, checkedAt },
    reserved,
  }: { readonly stored: StoredKeys; readonly verification: Verification; readonly reserved: FeedRecord },
): FeedRecord {
  const { rotation: _, refusedSecretVersion: __, ...feed } = before;
  const isSame = feed.kind === reserved.kind && feed.pod === reserved.pod;
  const credentials = {
    ...replacing(feed.credentials, stored),
    ...(isSame && { verification: { outcome, checkedAt } }),
  };
  const next = { ...feed, credentials };
  return { ...next, status: feed.status === "paused" ? "paused" : statusOf({ ...next, status: "pending" }) };
}

/** What replaces others keeps them as its previous ones, as their secret does; the same again changes its date only. */
export function replacing(replaced: CredentialsRecord | undefined, stored: StoredKeys): CredentialsRecord {
  const previous =
    replaced?.secretVersion === stored.secretVersion ? replaced.previous : replaced && keysOf(replaced);
  return { ...stored, ...(previous && { previous }) };
}

function keysOf({ fingerprint, keyHash, secretVersion, storedAt }: StoredKeys): StoredKeys {
  return { fingerprint, keyHash, secretVersion, storedAt };
}

function hashesOf({ credentials }: FeedRecord): ReadonlySet<string> {
  return new Set([credentials?.keyHash, credentials?.previous?.keyHash].filter((hash) => hash !== undefined));
}

function notAccepted(verification: Verification): ProblemError {
  const { outcome, summary, advice } = verification;
  const detail = `${summary} Nothing was stored. ${advice}`;
  return outcome === "refused"
    ? new ProblemError("credentials_refused", detail, { verification })
    : new ProblemError("unavailable", detail, { verification, headers: { "retry-after": "30" } });
}
