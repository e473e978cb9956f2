/**
 * One change of a feed's keys at a time, and none that stays half done: who changes them reserves the feed, says in its item what
 * they are to become, changes the secret, and then ends all in one write. Who dies on the way leaves the item's word and the secret,
 * by which the next one, or upkeep, tells how far it came.
 *
 * @see docs/adr/010-rotate-by-version-stages.md
 */
import { statusOf } from "../core/onboarding/feed-state.ts";
import type {
  CredentialsRecord,
  FeedRecord,
  IntendedKeys,
  StoredKeys,
} from "../core/onboarding/record.schema.ts";
import type { FeedChanges, FeedId, KeyClaims, SecretWriter } from "../ports-onboarding.ts";
import type { ChangeDeps } from "./change.ts";
import { ProblemError } from "./problem.ts";

export interface RotationDeps extends Omit<ChangeDeps, "audit"> {
  readonly claims: KeyClaims;
  readonly changes: FeedChanges;
  readonly secrets: Pick<SecretWriter, "versions" | "dropPrevious">;
}

/** Milliseconds after which a change of keys counts as died: longer than a function that serves HTTP may run. */
const ROTATION_MS = 40_000;

/** Times that a write is tried because somebody else was faster. */
const MAX_ATTEMPTS = 5;

/** A feed whose keys are reserved from now on. What an earlier change left unfinished stays known. */
export function reservedBy(id: string, record: FeedRecord, nowMs: number): FeedRecord {
  return { ...record, rotation: { ...record.rotation, id, untilMs: nowMs + ROTATION_MS } };
}

/**
 * Changes a feed whose keys are reserved, whatever others change of it meanwhile, its tenant's deletion included.
 *
 * @returns undefined: the reservation is over, and somebody else's.
 */
export async function changeReserved(
  { tenantId, feedId }: FeedId,
  { rotation }: FeedRecord,
  nextOf: (record: FeedRecord) => FeedRecord,
  { registry, clock, randomText }: RotationDeps,
): Promise<FeedRecord | undefined> {
  const revision = randomText(9);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const before = await registry.feed(tenantId, feedId);
    // Written by the try before, whose answer did not come.
    if (before?.revision === revision) return before;
    if (!before?.rotation || before.rotation.id !== rotation?.id) return undefined;
    const updatedAt = new Date(clock.nowMs()).toISOString();
    const next = { ...nextOf(before), updatedAt, revision };
    if (await registry.saveFeed(tenantId, next, before)) return next;
  }
  throw new ProblemError("conflict", "Others change it all the time: try again.");
}

/** Ends a reservation whose intention is fulfilled or given up. What only upkeep can set right stays for it. */
export function ended({ rotation, ...feed }: FeedRecord): FeedRecord {
  return rotation?.intended?.restores === undefined
    ? feed
    : { ...feed, rotation: { ...rotation, untilMs: 0 } };
}

/**
 * Brings to its end what an earlier change of the feed's keys has left unfinished: their secret shows whether they were stored.
 *
 * @param reserved - The feed, reserved by the caller.
 * @returns the feed, which is reserved still. It has an intention only if its secret was restored and took nothing: such a secret is to
 * be deleted again, which upkeep does.
 */
export async function settle(feed: FeedId, reserved: FeedRecord, deps: RotationDeps): Promise<FeedRecord> {
  const intended = reserved.rotation?.intended;
  if (!intended) return reserved;
  const { current, isDeleting } = await deps.secrets.versions(feed);
  const isStored = !isDeleting && current === intended.secretVersion;
  // Keys that are there past the API may not have been claimed yet.
  if (isStored && (await deps.claims.claim(intended.keyHash, feed)))
    return fulfil(feed, reserved, (next) => next, deps);
  if (!hashesOf(reserved).has(intended.keyHash)) await deps.claims.release(intended.keyHash, feed);
  const isRestored = !isDeleting && intended.restores !== undefined && current === intended.restores;
  return isRestored ? reserved : held(await changeReserved(feed, reserved, withoutIntention, deps));
}

/**
 * Makes the feed's item say what its secret says since the intended keys are current. The item is last: until then it can be done again.
 *
 * @param then - What else becomes of the item.
 */
export async function fulfil(
  feed: FeedId,
  reserved: FeedRecord,
  then: (next: FeedRecord) => FeedRecord,
  deps: RotationDeps,
): Promise<FeedRecord> {
  if (reserved.rotation?.intended?.restores !== undefined) await dropDeleted(feed, deps);
  const kept = hashesOf(withIntended(reserved));
  for (const hash of hashesOf(reserved)) if (!kept.has(hash)) await deps.claims.release(hash, feed);
  await deps.changes.announce(feed);
  return held(await changeReserved(feed, reserved, (record) => then(withIntended(record)), deps));
}

/** Keys that were deleted are not kept because others are stored under their name. */
async function dropDeleted(feed: FeedId, { secrets }: RotationDeps): Promise<void> {
  const { previous } = await secrets.versions(feed);
  if (previous !== undefined) await secrets.dropPrevious(feed, previous);
}

export function withoutIntention(record: FeedRecord): FeedRecord {
  if (!record.rotation) return record;
  const { intended: _, ...rotation } = record.rotation;
  return { ...record, rotation };
}

/** The test says nothing of a kind or pod that the feed was given meanwhile. A refusal of these very keys came after it. */
function withIntended(record: FeedRecord): FeedRecord {
  const { refusedSecretVersion: refused, ...feed } = withoutIntention(record);
  const intended = record.rotation?.intended;
  if (!intended) return record;
  const { verification, kind, pod, restores, ...stored } = intended;
  const credentials = {
    ...replacing(restores === undefined ? feed.credentials : undefined, stored),
    ...(feed.kind === kind && feed.pod === pod && { verification }),
  };
  const isRefused = refused === stored.secretVersion;
  return unlessPaused({ ...feed, credentials, ...(isRefused && { refusedSecretVersion: refused }) });
}

/** A feed whose keys, or what is known of them, changed: what it is then, if nobody has paused it. */
export function unlessPaused(feed: FeedRecord): FeedRecord {
  return feed.status === "paused" ? feed : { ...feed, status: statusOf({ ...feed, status: "pending" }) };
}

/** What replaces others keeps them as its previous ones, as their secret does; the same again changes its date only. */
function replacing(replaced: CredentialsRecord | undefined, stored: StoredKeys): CredentialsRecord {
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

/**
 * Says what is about to be stored. The test has overruled an earlier refusal of these very keys.
 *
 * @param intended - Without `restores`, which is found out here.
 */
export async function intend(
  feed: FeedId,
  reserved: FeedRecord,
  intended: Omit<IntendedKeys, "restores">,
  deps: RotationDeps,
): Promise<FeedRecord> {
  const { current, isDeleting } = await deps.secrets.versions(feed);
  const restores = isDeleting ? current : reserved.rotation?.intended?.restores;
  const isOverruled = reserved.refusedSecretVersion === intended.secretVersion;
  const withIntention = ({ rotation, ...record }: FeedRecord): FeedRecord =>
    rotation
      ? {
          ...(isOverruled ? withoutRefusal(record) : record),
          rotation: { ...rotation, intended: { ...intended, ...(restores !== undefined && { restores }) } },
        }
      : record;
  return held(await changeReserved(feed, reserved, withIntention, deps));
}

export function withoutRefusal({ refusedSecretVersion: _, ...feed }: FeedRecord): FeedRecord {
  return unlessPaused(feed);
}

/** @throws {ProblemError} where a reservation ended before its work did. */
export function held(reserved: FeedRecord | undefined): FeedRecord {
  if (reserved) return reserved;
  throw new ProblemError("conflict", "It took too long, and the feed was changed meanwhile: try again.");
}
