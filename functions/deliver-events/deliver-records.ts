import type { FlowSettings } from "../../shared/core/flow/flow-settings.ts";
import type { Lane } from "../../shared/core/flow/flow-state.schema.ts";
import { settle } from "../../shared/core/settle.ts";
import type {
  Clock,
  CredentialStore,
  EventNames,
  EventsApi,
  IngestQueue,
  Ledger,
  Log,
  ParkedEvents,
  TenantStore,
} from "../../shared/ports.ts";
import type { MessageClaims } from "../../shared/ports-claims.ts";
import type { FlowStore } from "../../shared/ports-flow.ts";
import { assembleFeeds } from "./assemble-feeds.ts";
import { type CopyCounts, claimRecords } from "./claim-records.ts";
import { countNames } from "./count-names.ts";
import { findCredentials } from "./find-credentials.ts";
import { ledgerEntries } from "./ledger-entries.ts";
import { parkEnded, parkFates } from "./park.ts";
import type { QueueRecord } from "./pass.ts";
import { readRecords } from "./read-records.ts";
import { type FeedReport, reportOf } from "./report.ts";
import { hideReturned, returnRecords } from "./return-records.ts";
import { sendFeeds } from "./send-feeds.ts";

/** Milliseconds that a call which writes to the ledger may take, its repetition included. */
const LEDGER_CALL_MS = 7_500;

export interface DeliverSettings {
  /** What the queue is for. What is parked goes back on the same one. */
  readonly lane: Lane;
  /** `PartnerName_IdentityName` as registered with mParticle. Undefined: no partner identity is sent. */
  readonly partnerIdentity: string | undefined;
  readonly flow: FlowSettings;
  /** Requests in flight at once over all feeds. */
  readonly maxConcurrentRequests: number;
  readonly maxConcurrentRequestsPerFeed: number;
  readonly requestTimeoutMs: number;
  /** Attempts to send one request within an invocation. */
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  /** Receives after which a message that is still deferred is parked as held. */
  readonly holdAfterReceives: number;
}

export interface DeliverDeps {
  readonly tenants: TenantStore;
  readonly credentials: CredentialStore;
  readonly events: EventsApi;
  readonly parked: ParkedEvents;
  readonly queue: IngestQueue;
  readonly claims: MessageClaims;
  readonly ledger: Ledger;
  readonly names: EventNames;
  readonly flow: FlowStore;
  /** Paces what is sent. */
  readonly clock: Clock;
  /** Epoch milliseconds by which the age of events and messages is judged: the clock's, but for a local run of another day. */
  readonly ageNowMs: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  /** How long a message stays hidden that could not be decided. */
  readonly deferralSeconds: (receiveCount: number) => number;
  readonly settings: DeliverSettings;
}

export interface Delivery {
  /** By record, in their order. `returned`: it stays on the queue and comes again. */
  readonly records: readonly ("done" | "returned")[];
  /** By feed: everything worth counting. */
  readonly reports: readonly FeedReport[];
  readonly copies: CopyCounts;
}

/**
 * The way of an event through one invocation: claim its message, read and convert, find credentials, merge, park what ended,
 * send, settle, add it to the ledger, say that all of this is done, and hide what goes back.
 *
 * @param remainingMs - Milliseconds that the invocation may still take.
 */
export async function deliverRecords(
  records: readonly QueueRecord[],
  remainingMs: () => number,
  deps: DeliverDeps,
): Promise<Delivery> {
  const claimed = await claimRecords(distinctMessages(records), remainingMs, deps);
  const pass = await readRecords(claimed.records, deps);
  const feeds = await findCredentials(pass, deps);

  const nowMs = deps.ageNowMs();
  let outbound = assembleFeeds(pass, feeds, nowMs);
  const mustReturn = await parkEnded(pass, deps);
  if (mustReturn) outbound = assembleFeeds(pass, feeds, nowMs);

  const { batches, counts } = await sendFeeds(pass, outbound, remainingMs, deps);
  const sent = await parkFates(pass, batches, deps);
  const settled = await returnRecords(pass, sent, settle(pass.items, sent), remainingMs, deps);
  const mayGoOn = () => remainingMs() > LEDGER_CALL_MS;
  const [unwritten, nameCounts] = await Promise.all([
    deps.ledger.add(ledgerEntries({ pass, ...settled }), mayGoOn),
    countNames(pass, mayGoOn, deps),
  ]);

  const returnedIds = new Set(claimed.busy);
  for (const record of settled.returned) returnedIds.add(claimed.records[record]?.messageId ?? "");
  await claimed.end([...returnedIds]);
  await hideReturned(pass, settled, remainingMs, deps);

  return {
    records: records.map(({ messageId }) => (returnedIds.has(messageId) ? "returned" : "done")),
    reports: reportOf({ pass, counts, unwritten, nameCounts, ...settled }),
    copies: claimed.counts,
  };
}

/** SQS may hand out a message twice at once. It is one message: the copies share its ending, under the latest handle. */
function distinctMessages(records: readonly QueueRecord[]): QueueRecord[] {
  const byId = new Map<string, QueueRecord>();
  for (const record of records) {
    const receiveCount = Math.min(
      record.receiveCount,
      byId.get(record.messageId)?.receiveCount ?? record.receiveCount,
    );
    byId.set(record.messageId, { ...record, receiveCount });
  }
  return [...byId.values()];
}
