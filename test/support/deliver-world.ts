import { setImmediate } from "node:timers/promises";
import {
  type DeliverDeps,
  type DeliverSettings,
  type Delivery,
  deliverRecords,
} from "../../functions/deliver-events/deliver-records.ts";
import type { QueueRecord } from "../../functions/deliver-events/pass.ts";
import { type FeedReport, total } from "../../functions/deliver-events/report.ts";
import { DEFAULT_FLOW_SETTINGS } from "../../shared/core/flow/flow-settings.ts";
import { type Hours, eventsIn as sumOf } from "../../shared/core/hour.ts";
import { imbalanceOf, sumColumns } from "../../shared/core/ledger.ts";
import { feed, NOW_MS, tenant } from "./builders.ts";
import { capturedLog } from "./captured-log.ts";
import { FakeBucket } from "./fake-bucket.ts";
import { FakeMessageClaims } from "./fake-claims.ts";
import { FakeFlowStore } from "./fake-flow.ts";
import { FakeMparticle } from "./fake-mparticle.ts";
import {
  FakeCredentialStore,
  FakeEventNames,
  FakeIngestQueue,
  FakeLedger,
  FakeTenantStore,
} from "./fake-stores.ts";

const SETTINGS: DeliverSettings = {
  lane: "live",
  // Room for everything at once, and no waiting: pacing has tests of its own.
  flow: { ...DEFAULT_FLOW_SETTINGS, initialRate: 1_000_000, paceMs: 0 },
  partnerIdentity: undefined,
  maxConcurrentRequests: 16,
  maxConcurrentRequestsPerFeed: 4,
  requestTimeoutMs: 10_000,
  maxAttempts: 4,
  retryBaseMs: 200,
  holdAfterReceives: 300,
};

/** What one invocation did, added up over its feeds. */
export interface Counted {
  readonly received: number;
  readonly delivered: number;
  readonly filtered: Readonly<Record<string, number>>;
  readonly rejected: Readonly<Record<string, number>>;
  readonly held: Readonly<Record<string, number>>;
}

/** Everything around `deliverRecords`, in memory: tenant acme with one feed, its key, and an mParticle that accepts. */
export class DeliverWorld {
  readonly tenants = new FakeTenantStore();
  readonly credentials = new FakeCredentialStore();
  readonly mparticle = new FakeMparticle();
  readonly parked = new FakeBucket(() => this.nowMs);
  readonly queue = new FakeIngestQueue();
  readonly claims = new FakeMessageClaims();
  readonly ledger = new FakeLedger();
  readonly names = new FakeEventNames();
  readonly log = capturedLog();
  readonly flow: FakeFlowStore;
  /** Milliseconds of each pause, in order. */
  readonly slept: number[] = [];
  nowMs = NOW_MS;
  remainingMs: () => number = () => 120_000;
  readonly deps: DeliverDeps;

  constructor(settings: Partial<DeliverSettings> = {}) {
    const all = { ...SETTINGS, ...settings };
    this.flow = new FakeFlowStore(all.flow, () => this.nowMs);
    this.deps = {
      flow: this.flow,
      tenants: this.tenants,
      credentials: this.credentials,
      events: this.mparticle,
      parked: this.parked,
      queue: this.queue,
      claims: this.claims,
      ledger: this.ledger,
      names: this.names,
      clock: {
        nowMs: () => this.nowMs,
        sleep: async (ms) => {
          this.slept.push(ms);
          await setImmediate();
        },
      },
      ageNowMs: () => this.nowMs,
      random: () => 0.5,
      log: this.log,
      // Shows what a delay was worked out from.
      deferralSeconds: (receiveCount) => 7 * receiveCount,
      settings: all,
    };
    this.addTenant("acme");
  }

  /** Stores a tenant whose feeds all have a key: `key of <tenantId>/<feedId>`, version `v1`. */
  addTenant(tenantId: string, feeds = [feed()], over: Record<string, unknown> = {}): void {
    this.tenants.add(tenant(tenantId, feeds, over));
    for (const { feedId } of feeds)
      this.credentials.stored.set(`${tenantId}/${feedId}`, keyOf(tenantId, feedId));
  }

  /** One invocation. @throws when an event got lost or was counted twice. */
  async deliver(...records: QueueRecord[]): Promise<Delivery & { readonly counted: Counted }> {
    const sentBefore = this.queue.sent.length;
    const delivery = await deliverRecords(records, this.remainingMs, this.deps);
    const counted = countedOf(delivery.reports);
    const distinct = new Map(records.map((record, i) => [record.messageId, { record, i }]));
    // A copy of what was handled before brings no events.
    for (const [id, { kind }] of this.claims.verdicts) if (kind === "done") distinct.delete(id);
    const came = [...distinct.values()].reduce((sum, { record }) => sum + eventsIn(record.body), 0);
    const back = [...distinct.values()].reduce(
      (sum, { record, i }) => sum + (delivery.records[i] === "returned" ? eventsIn(record.body) : 0),
      0,
    );
    const frozen = this.queue.sent.slice(sentBefore).reduce((sum, { body }) => sum + eventsIn(body), 0);
    const ended = counted.delivered + total(counted.filtered) + total(counted.rejected) + total(counted.held);
    if (came !== ended + back + frozen) {
      throw new Error(`${came} events came: ${ended} ended, ${back} went back, ${frozen} are frozen`);
    }
    this.#assertLedger(counted);
    return { ...delivery, counted };
  }

  /** What the last invocation added to the ledger adds up in every account, and is what it counted. */
  #assertLedger({ delivered, filtered, rejected, held }: Counted): void {
    const entries = this.ledger.added.at(-1) ?? [];
    for (const { tenantId, feedId, hour, ...columns } of entries) {
      const imbalance = imbalanceOf(sumColumns([columns]), { mayBeInProgress: true });
      if (imbalance)
        throw new Error(`${tenantId}/${feedId} ${hour}: ${JSON.stringify({ imbalance, columns })}`);
    }
    const counted = [delivered, total(filtered), total(rejected), total(held)];
    const added = sumColumns(entries);
    const written = [added.delivered, added.filtered, added.rejected, added.held];
    if (String(written) !== String(counted)) throw new Error(`counted ${counted}, in the ledger ${written}`);
  }

  /** What lies in the bucket, one line per parked event. */
  get parkedLines() {
    return this.parked.objects.flatMap(({ events, ...object }) =>
      events.map((event) => ({ ...object, ...event })),
    );
  }

  /** Message ids of parked events, whether they lie there as they came or in a built batch. */
  get parkedIds(): string[] {
    return this.parkedLines.flatMap(({ content }) => idsOfContent(content)).sort();
  }
}

export function keyOf(tenantId: string, feedId = "default", version = "v1") {
  return { apiKey: `key of ${tenantId}/${feedId}`, apiSecret: `secret ${version}`, version };
}

export function countedOf(reports: readonly FeedReport[]): Counted {
  const sum = { received: 0, delivered: 0, filtered: {}, rejected: {}, held: {} };
  for (const report of reports) {
    sum.received += report.received;
    sum.delivered += report.delivered;
    for (const ending of ["filtered", "rejected", "held"] as const) addTo(sum[ending], report[ending]);
  }
  return sum;
}

/** Source events that a queue message stands for; one that cannot be read counts as one. */
export function eventsIn(body: string): number {
  try {
    const { events, frozen } = JSON.parse(body);
    if (frozen?.batches?.length > 0)
      return frozen.batches.reduce((sum: number, { hours }: { hours: Hours }) => sum + sumOf(hours), 0);
    return Array.isArray(events) && events.length > 0 ? events.length : 1;
  } catch {
    return 1;
  }
}

function addTo(sum: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
}

function idsOfContent(content: object): string[] {
  if ("batch" in content) {
    const { events = [] } = JSON.parse(String(content.batch));
    return events.map(({ data }: { data: { source_message_id: string } }) => data.source_message_id);
  }
  if (!("event" in content)) return [];
  const { messageId } = Object(content.event);
  return typeof messageId === "string" ? [messageId] : [];
}
