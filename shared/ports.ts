/** What the use cases need from the world. Adapters in `shared/aws`, `shared/mparticle` and `shared/runtime` provide it. */

import type { FeedChoice } from "./core/feed-of-event.ts";
import type { Hours } from "./core/hour.ts";
import type { LedgerAccountId, LedgerColumns, LedgerEntry } from "./core/ledger.ts";
import type { Mode } from "./core/message.schema.ts";
import type { DeliveryOutcome } from "./core/outcome.ts";
import type { ParkedFolder } from "./core/parked-object.ts";
import type { Route } from "./core/route.ts";
import type { Credentials, Feed, Tenant } from "./core/tenant.schema.ts";

/** A tenant with its feeds by id. */
export interface TenantWithFeeds extends FeedChoice {
  readonly tenant: Tenant;
}

export interface TenantStore {
  /** Undefined: nobody has onboarded this tenant. @throws when the store cannot be read. */
  find(tenantId: string): Promise<TenantWithFeeds | undefined>;
  /** Marks a version of a feed's credentials as refused. */
  credentialsRefused(tenantId: string, feedId: string, secretVersion: string): Promise<void>;
  /** Marks a feed as active again after mParticle took its credentials. */
  credentialsAccepted(tenantId: string, feedId: string): Promise<void>;
}

export interface VersionedCredentials extends Credentials {
  /** Identifies this value of the secret among its earlier and later ones. */
  readonly version: string;
}

export interface CredentialStore {
  /**
   * A feed's credentials, from memory while fresh. Undefined: none are stored.
   *
   * @param options.not - A version that was refused: a cached value of it is read again, but not several times a second.
   * @param options.afresh - Even then.
   * @throws when the store cannot be read.
   */
  find(
    tenantId: string,
    feedId: string,
    options?: { not?: string; afresh?: boolean },
  ): Promise<VersionedCredentials | undefined>;
}

/** One POST to mParticle. Resolves for every outcome: a failed exchange is a value. */
export interface EventsApi {
  post(request: EventsApiRequest): Promise<DeliveryOutcome>;
}

export interface EventsApiRequest {
  readonly feed: Pick<Feed, "kind" | "pod">;
  readonly route: Route;
  readonly credentials: Credentials;
  /** The whole JSON array as UTF-8. */
  readonly body: Buffer;
  readonly timeoutMs: number;
}

/** An event that left the way of delivery, with everything that is needed to replay it. */
export interface ParkedEvent {
  /** SQS message that carried it, and its place there. */
  readonly sqsMessageId: string;
  readonly index?: number;
  /** When the message was sent: the time of events that name none. */
  readonly sentAtMs: number;
  /** As the message named it. */
  readonly mode?: Mode;
  readonly reasons: readonly ParkReason[];
  /**
   * Exactly one of: the event as it came; the same as JSON text, where it nests too deep to be written anew; a batch as it
   * was built; a body that could not be read.
   */
  readonly content:
    | { readonly event: unknown }
    | { readonly eventText: string }
    | { readonly batch: string; readonly route: Route }
    | { readonly body: string };
  /** Source events that this stands for, by the hour in which they were sent, and their sum. */
  readonly hours: Hours;
  readonly events: number;
}

export interface ParkReason {
  readonly code: string;
  readonly path?: string;
  readonly message?: string;
}

export interface ParkedObject extends ParkedFolder {
  readonly events: readonly ParkedEvent[];
}

export interface ParkedEvents {
  /** Writes one object. @throws when it was not written. */
  write(object: ParkedObject): Promise<void>;
}

/** The queue that the records came from. */
export interface IngestQueue {
  /**
   * Hides received messages for a time. Best effort: a message that is not hidden comes back at its own time.
   *
   * @param mayGoOn - False: there is no time for another call.
   */
  hide(
    messages: readonly { receiptHandle: string; delaySeconds: number }[],
    mayGoOn: () => boolean,
  ): Promise<void>;
  /**
   * Messages of all tenants that are received or hidden just now, approximately and some seconds ago; 0 where it cannot be
   * told.
   */
  hiddenMessages(): Promise<number>;
  /**
   * Puts messages on the queue.
   *
   * @param mayRepeat - Whether there is time to send again what may have been taken already. Absent: that would do harm. Once a
   *   message was not taken, those that are not begun by then are not sent either without it.
   * @returns the indexes of those that were not taken, as far as is known.
   */
  send(
    messages: readonly { body: string; groupId: string; delaySeconds: number }[],
    mayRepeat?: () => boolean,
  ): Promise<readonly number[]>;
}

/** Takes what happened to events; see `core/ledger.ts`. */
export interface Ledger {
  /**
   * Adds entries to their accounts, each account in one write. Never throws: what could not be written is logged, kept in
   * memory, and written with the next call.
   *
   * @param mayGoOn - False: there is no time for another call. @default always
   * @returns the accounts that wait for the next call.
   */
  add(entries: readonly LedgerEntry[], mayGoOn?: () => boolean): Promise<readonly LedgerAccountId[]>;
}

/** Counts the different names of a feed's events and screens; see `core/event-names.ts`. */
export interface EventNames {
  /**
   * Takes names into account. Never throws: a count that fails is logged, and made good by the next event of the name.
   *
   * @returns how many there have been; undefined: it cannot be told.
   */
  add(
    feed: { readonly tenantId: string; readonly feedId: string },
    names: ReadonlySet<string>,
  ): Promise<number | undefined>;
}

/** An account as it stands. */
export interface LedgerAccount extends LedgerAccountId, LedgerColumns {
  /** When it was last added to, epoch milliseconds. */
  readonly writtenAtMs: number;
  /** The check looks at it every time, whenever it was written. */
  readonly isWatched: boolean;
}

/** Reads the ledger. Everything throws when the store cannot be read. */
export interface LedgerAccounts {
  /** The accounts of all of a tenant's feeds, from hour to hour, both included. */
  ofTenant(
    tenantId: string | undefined,
    hours: { readonly from: string; readonly to: string },
  ): Promise<readonly LedgerAccount[]>;
  /** The accounts that were last added to in an hour, in pages. */
  lastWrittenIn(hour: string): AsyncIterable<readonly LedgerAccount[]>;
  /** The accounts that are watched, in pages. */
  watched(): AsyncIterable<readonly LedgerAccount[]>;
  /** Watches an account, or no more, unless it was added to since it was read. */
  setWatched(account: LedgerAccount, isWatched: boolean): Promise<void>;
}

/** Messages on the queues: visible, hidden and delayed. */
export interface QueuedMessages {
  readonly live: number;
  /** Where a message may wait for long with nothing wrong: on the backfill queue, and on the dead-letter queues. */
  readonly others: number;
}

/** How much waits on the queues. */
export interface QueueDepth {
  /** Messages on all queues that events may wait on. @throws when it cannot be told. */
  messages(): Promise<QueuedMessages>;
}

export interface Clock {
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

/** Structured log; fields are ids, codes and counts, never content. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}
