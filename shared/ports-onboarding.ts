/** What onboarding needs from the world, beside the ports in `ports.ts`. Everything throws when its store does not answer. */

import type { AuditEntry } from "./api/audit.schema.ts";
import type { FeedChanged } from "./core/feed-changed.schema.ts";
import type { LinkRecord } from "./core/onboarding/link-record.schema.ts";
import type { ArchivedMapping, FeedRecord, TenantRecord } from "./core/onboarding/record.schema.ts";
import type { StoredFeed } from "./core/onboarding/stored-feed.ts";
import type { DeliveryOutcome } from "./core/outcome.ts";
import type { ReplayRequest } from "./core/replay-request.schema.ts";
import type { Credentials, Feed } from "./core/tenant.schema.ts";

/** Entries of a list, in its order. `next` is present while there is more: what the next page begins after. */
export interface Page<Entry> {
  readonly entries: readonly Entry[];
  readonly next?: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly after?: string | undefined;
}

export interface TenantPage extends Page<TenantRecord> {
  /** What is wrong with those whose items hold what no tenant can be, by id: they are nobody else's trouble. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** What tells whether a record is still as it was read; of one that cannot be read it may be anything. */
export interface Revised {
  readonly revision?: unknown;
}

/** A tenant's feeds, by id. */
export interface FeedList {
  readonly entries: readonly FeedRecord[];
  /** What is wrong with those whose items hold what no feed can be, by id. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/**
 * Tenants and feeds, read consistently and written only as long as nobody else wrote meanwhile. What reads one record throws an
 * `UnreadableRecordError` where its item holds what it cannot be.
 */
export interface TenantRegistry {
  /** All tenants that were stored through the registry, by id. */
  tenants(page: PageRequest): Promise<TenantPage>;
  tenant(tenantId: string): Promise<TenantRecord | undefined>;
  /** The fields of its item, whatever they hold. */
  storedTenant(tenantId: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /**
   * @param before - As it was read; undefined: it was not there.
   * @returns false: it is not so any more, and nothing was written.
   */
  saveTenant(next: TenantRecord, before: Revised | undefined): Promise<boolean>;
  /** Removes a tenant that has no feeds left. @returns false: it is not as it was read. */
  removeTenant(before: Revised & Pick<TenantRecord, "tenantId">): Promise<boolean>;
  /** Of all its feeds, whether they can be read or not. */
  feedIds(tenantId: string): Promise<readonly string[]>;
  feeds(tenantId: string): Promise<FeedList>;
  feed(tenantId: string, feedId: string): Promise<FeedRecord | undefined>;
  /** Throws for no item, whatever it holds. */
  storedFeed(tenantId: string, feedId: string): Promise<StoredFeed | undefined>;
  /**
   * As {@link saveTenant}. Beside the revision, status and refused version must be as they were read: delivery sets them. Where the
   * mapping has another version than before, the former one is kept first, if it could be read.
   */
  saveFeed(tenantId: string, next: FeedRecord, before: FeedRecord | StoredFeed | undefined): Promise<boolean>;
  /** Pauses a feed for good: what remains is to remove it. @returns it as it is then; undefined: it is not as it was read. */
  beginRemoval(tenantId: string, before: StoredFeed, revision: string): Promise<StoredFeed | undefined>;
  /** Removes a feed with its former mappings, and what is known of its pace and of its events' names. @returns false: it is not as it was read. */
  removeFeed(tenantId: string, before: StoredFeed): Promise<boolean>;
  /** Mappings that a feed had before version `before`, latest first, without the documents. */
  mappings(feed: FeedId, before: number, limit: number): Promise<readonly Omit<ArchivedMapping, "mapping">[]>;
  mapping(feed: FeedId, version: number): Promise<ArchivedMapping | undefined>;
}

/** The place, in the list of tenants, behind which upkeep begins: where it had no more time, or at a removal, which may take all there is. */
export interface UpkeepPlace {
  /** Id of a tenant that was looked at, and may be gone; undefined: there was no such one yet. */
  read(): Promise<string | undefined>;
  save(tenantId: string): Promise<void>;
}

export interface FeedId {
  readonly tenantId: string;
  readonly feedId: string;
}

/** The different names of feeds' events and screens, which delivery counts; see `core/event-names.ts`. */
export interface EventNameCounts {
  /** How many there have been. Beyond `MAX_COUNTED_NAMES` there may be more. */
  count(feed: FeedId): Promise<number>;
  /** Begins anew. What deliver-events has in memory it counts again within an hour. Nothing happens where nothing was counted. */
  reset(feed: FeedId): Promise<void>;
}

/** Who may use which API key, known by its hash: a key is one tenant's, for any of that tenant's feeds. */
export interface KeyClaims {
  /** @returns false: it is another tenant's. */
  claim(keyHash: string, feed: FeedId): Promise<boolean>;
  /** Gives a feed's claim up. Nothing happens where it has none. */
  release(keyHash: string, feed: FeedId): Promise<void>;
}

/** Versions of a feed's secret. None where there is no secret. */
export interface SecretVersions {
  readonly current?: string;
  readonly previous?: string;
  /** It waits for its deletion. */
  readonly isDeleting: boolean;
}

/** Feeds' secrets, as far as they are written. */
export interface SecretWriter {
  versions(feed: FeedId): Promise<SecretVersions>;
  /**
   * Makes keys the current version of a feed's secret. What was current becomes the previous version. A secret that waits for its
   * deletion is restored first, and keeps no other version.
   *
   * @param version - Of 32 to 64 characters. The same one with the same keys again changes nothing.
   */
  store(feed: FeedId, keys: Credentials, version: string): Promise<void>;
  /** Makes an earlier version current again. @returns false: there is no such version any more. */
  rollBack(feed: FeedId, from: string, to: string): Promise<boolean>;
  /** Lets go of a version, if it is the previous one. Nothing happens where another is, or none. */
  dropPrevious(feed: FeedId, version: string): Promise<void>;
  /** Has the secret deleted when the recovery window is over. Nothing happens where there is none. */
  scheduleDeletion(feed: FeedId): Promise<void>;
}

/** Tests keys against mParticle with a development batch: a marked event of an invented user. */
export interface KeyProver {
  prove(feed: Pick<Feed, "kind" | "pod">, keys: Credentials): Promise<DeliveryOutcome>;
}

/** What a test of stored keys found. */
export interface StoredKeyProof {
  readonly outcome: DeliveryOutcome;
  readonly secretVersion: string;
  /** SHA-256 of the API key, hexadecimal. */
  readonly keyHash: string;
}

/** Tests the keys that are stored for a feed. Undefined: there are none. */
export interface StoredKeyProver {
  prove(feed: FeedId & Pick<Feed, "kind" | "pod">): Promise<StoredKeyProof | undefined>;
}

/** Tells the rest of the connector that held events may go on now. Best effort: it finds out by itself within a minute. */
export interface FeedChanges {
  announce(changed: FeedChanged): Promise<void>;
}

/** What an entry is written with; the trail adds the time. */
export type AuditFact = Omit<AuditEntry, "at"> & { readonly tenantId: string };

export interface AuditTrail {
  /** An entry is written before its change, so that no change lacks one. */
  write(fact: AuditFact): Promise<void>;
  /** Latest first. */
  list(tenantId: string, page: PageRequest): Promise<Page<AuditEntry>>;
}

/** Rejected events that lie in the bucket. */
export interface RejectedCount {
  /** Absent: it could not be told. */
  readonly feedId?: string;
  /** In which they were parked, as `2026-11-24T03`. */
  readonly hour: string;
  /** Of their first reason. */
  readonly code: string;
  readonly events: number;
}

/** What a replay came to. */
export interface ReplayAnswer {
  /** Of `list`, by hour. */
  readonly counts?: readonly RejectedCount[];
  /** Of `replay`: events that are back on the queue. */
  readonly events?: number;
  /** Objects with which something went wrong; the log has it. */
  readonly failures: number;
  /**
   * Set while there is more than time, or room in the feeds' lines, allowed for: the same request `from` this instant on goes on
   * with it.
   */
  readonly continueFrom?: string;
}

/** Replays rejected events, one slice of work at a time. */
export interface Replays {
  /** @returns "busy": another replay is at work. */
  replay(request: ReplayRequest): Promise<ReplayAnswer | "busy">;
}

/** One submission's hold on a link. */
export interface LinkLease {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** When it ends by itself: a submission that died blocks nobody for long. */
  readonly untilMs: number;
}

/** What submissions of a link came to while it stays open. */
export type LinkProgress = Required<Pick<LinkRecord, "storedFeedIds" | "problems">>;

export interface LinkPage extends Page<LinkRecord> {
  /** Ids of those whose items hold what no link can be. */
  readonly unreadable: readonly string[];
}

/** Connect links. What finds a link is the hash of its token; tokens are not stored. */
export interface ConnectLinks {
  create(link: LinkRecord): Promise<void>;
  /** By link id. */
  list(tenantId: string, page: PageRequest): Promise<LinkPage>;
  find(tenantId: string, linkId: string): Promise<LinkRecord | undefined>;
  findByHash(tokenHash: string): Promise<LinkRecord | undefined>;
  /** @returns false: it was used meanwhile. */
  revoke(link: LinkRecord, at: string): Promise<boolean>;
  /** Revokes a link that cannot be read. Nothing happens where there is none. */
  revokeUnread(tenantId: string, linkId: string, at: string): Promise<void>;
  /** Uses a link up to which nothing is left to submit. @returns false: it has ended otherwise meanwhile. */
  complete(link: LinkRecord, at: string): Promise<boolean>;
  /** Takes a link out of its tenant's list. */
  forget(link: Pick<LinkRecord, "tenantId" | "linkId">): Promise<void>;
  /**
   * Reserves an open link for one submission, atomically: of several at once, one gets it.
   *
   * @returns false: it is not open, or reserved.
   */
  reserve(link: LinkRecord, lease: LinkLease): Promise<boolean>;
  /** Ends a reservation: the link is open again, and keeps what came of it. */
  release(link: LinkRecord, leaseId: string, progress?: LinkProgress): Promise<void>;
  /** Ends a reservation by using the link up. @returns false: the reservation was lost. */
  use(link: LinkRecord, leaseId: string, at: string): Promise<boolean>;
}
