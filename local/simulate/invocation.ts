import type { FeedBatches, OutboundBatch } from "../../functions/deliver-events/assemble-feeds.ts";
import { claimRecords } from "../../functions/deliver-events/claim-records.ts";
import type { DeliverDeps } from "../../functions/deliver-events/deliver-records.ts";
import type { Item, Pass, QueueRecord } from "../../functions/deliver-events/pass.ts";
import { hideReturned, returnRecords } from "../../functions/deliver-events/return-records.ts";
import { type SentBatch, sendFeeds } from "../../functions/deliver-events/send-feeds.ts";
import { hourOf } from "../../shared/core/hour.ts";
import { DEFAULT_PACK_LIMITS } from "../../shared/core/pack.ts";
import { settle } from "../../shared/core/settle.ts";
import { parseFeed, parseTenant } from "../../shared/core/validators.ts";
import type { IngestQueue } from "../../shared/ports.ts";
import type { FunctionInstance } from "./function-instance.ts";
import { addBatch, type BatchRange, credentialsOf, EVENT_BYTES, type Load, messageBytes } from "./load.ts";
import {
  CONCURRENT_ITEMS,
  CONCURRENT_SQS_CALLS,
  CPU_MS_AFTER,
  CPU_MS_BEFORE,
  DYNAMO_MS,
  draw,
  INVOCATION_MS,
  ITEM_BYTES,
  LOG_BYTES,
  LOG_BYTES_PER_FEED,
  rounds,
  SQS_ENTRIES,
  SQS_MS,
} from "./model.ts";
import type { QueueMessage } from "./queue.ts";

type Message = QueueMessage<Load>;
type Batch = Omit<BatchRange, "count">;

/**
 * One invocation, as `deliverRecords` runs it: its own claiming, sending, settling and returning, with batches that are there already instead
 * of conversion. Parking, which would read the messages' bodies, and the ledger are counted and take their time.
 */
export class Invocation {
  readonly #messages: readonly Message[];
  readonly #instance: FunctionInstance;
  #pass: Pass = { records: [], items: [], feeds: [], failedParkings: [] };
  /** By item. */
  readonly #batches: Batch[] = [];

  constructor(messages: readonly Message[], instance: FunctionInstance) {
    this.#messages = messages;
    this.#instance = instance;
  }

  /** @returns the messages that go back. */
  async run(): Promise<ReadonlySet<Message>> {
    const { clock, usage, memoryMb, timeoutMs, onInvoked } = this.#instance.world;
    const startMs = clock.nowMs();
    const returned = await this.#deliver(() => timeoutMs - (clock.nowMs() - startMs));
    const tookMs = clock.nowMs() - startMs;
    usage.lambdaRequests++;
    usage.lambdaGbSeconds += (tookMs / 1000) * (memoryMb / 1024);
    onInvoked(tookMs);
    return returned;
  }

  async #deliver(remainingMs: () => number): Promise<ReadonlySet<Message>> {
    const { world } = this.#instance;
    const { clock, random, usage, census } = world;
    const deps = { ...this.#instance.deps, queue: this.#queue() };
    const claimed = await claimRecords(this.#records(), remainingMs, deps);
    this.#pass = { ...this.#pass, records: claimed.records };
    const feeds = this.#assemble();
    const events = this.#pass.items.reduce((sum, item) => sum + item.events, 0);
    await this.#instance.know(feeds.map(({ tenant }) => Number(tenant.tenantId)));
    await clock.sleep(INVOCATION_MS + events * CPU_MS_BEFORE);

    const { batches } = await sendFeeds(this.#pass, feeds, remainingMs, deps);
    await clock.sleep(events * CPU_MS_AFTER);
    await this.#park(batches);
    const settlement = settle(this.#pass.items, batches);
    // What goes back on the queue as it was built says by its bytes which batch it is.
    const named = batches.slice();
    for (const { batch } of settlement.frozen) {
      const sent = batches[batch];
      if (!sent) continue;
      const name = JSON.stringify(this.#batchOf(sent)).padEnd(sent.body.length);
      named[batch] = { ...sent, body: Buffer.from(name) };
    }
    const settled = await returnRecords(this.#pass, named, settlement, remainingMs, deps);
    const { returned } = settled;

    const delivered = new Map<number, { tenant: number; sentAtMs: number }>();
    for (const [index, ending] of settlement.endings.entries()) {
      const item = this.#pass.items[index];
      const batch = this.#batches[index];
      if (ending?.kind !== "delivered" || !item || !batch || returned.has(item.record)) continue;
      census.found("delivered", { first: batch.first, count: 1 });
      delivered.set(item.record, { tenant: Number(item.tenantId), sentAtMs: batch.sentAtMs });
    }
    for (const { tenant, sentAtMs } of delivered.values()) world.onDelivered(tenant, sentAtMs);

    for (const _ of feeds) usage.dynamoWrite(ITEM_BYTES);
    usage.logBytes += LOG_BYTES + feeds.length * LOG_BYTES_PER_FEED;
    await clock.sleep(rounds(feeds.length, CONCURRENT_ITEMS) * draw(DYNAMO_MS, random));
    const back = [
      ...claimed.busy,
      ...Array.from(returned, (record) => claimed.records[record]?.messageId ?? ""),
    ];
    await claimed.end(back);
    await hideReturned(this.#pass, settled, remainingMs, deps);
    const returnedIds = new Set(back);
    return new Set(this.#messages.filter((message) => returnedIds.has(this.#idOf(message))));
  }

  /** As SQS's ids are: no two messages have the same, of whatever queue. */
  #idOf({ id }: Message): string {
    return `${this.#instance.world.settings.lane}-${id}`;
  }

  #records(): QueueRecord[] {
    return this.#messages.map((message, index) => {
      const { receiveCount, sentAtMs } = message;
      return {
        messageId: this.#idOf(message),
        receiptHandle: String(index),
        body: "",
        receiveCount,
        sentAtMs,
      };
    });
  }

  #assemble(): FeedBatches[] {
    const batches = new Map<number, OutboundBatch[]>();
    for (const [record, { receiptHandle, receiveCount }] of this.#pass.records.entries()) {
      const { body } = this.#messages[Number(receiptHandle)] as Message;
      let own = batches.get(body.tenant);
      if (!own) {
        own = [];
        batches.set(body.tenant, own);
      }
      const isReturning = receiveCount > 1 || body.origin !== "partner";
      for (const range of body.ranges) {
        const { eventsEach, sentAtMs } = range;
        this.#instance.world.census.received(range);
        for (let i = 0; i < range.count; i++) {
          const items = [this.#batches.push({ first: range.first + i, eventsEach, sentAtMs }) - 1];
          this.#pass.items.push(itemOf(record, body, range, isReturning));
          const bytes = bodyOf(eventsEach);
          own.push({ route: "live", body: bytes, eventCount: eventsEach, items, receiveCount, isReturning });
        }
      }
    }
    return Array.from(batches, ([tenant, own]): FeedBatches => {
      const tenantId = String(tenant);
      return {
        tenant: { ...TENANT, tenantId },
        feed: FEED,
        feedIdsOfTenant: FEED_IDS,
        items: [],
        messageIds: NO_IDS,
        credentials: credentialsOf(tenantId),
        batches: own,
        limits: DEFAULT_PACK_LIMITS,
      };
    });
  }

  /** Writes what is held to the bucket, one object for each tenant and cause. */
  async #park(sent: readonly SentBatch[]): Promise<void> {
    const { bucket, settings } = this.#instance.world;
    const objects = new Map<string, { tenant: number; cause: string; ranges: BatchRange[] }>();
    for (const batch of sent) {
      if (batch.fate.kind !== "held") continue;
      const { cause } = batch.fate;
      const name = `${batch.tenantId} ${cause}`;
      const object = objects.get(name) ?? { tenant: Number(batch.tenantId), cause, ranges: [] };
      objects.set(name, object);
      addBatch(object.ranges, this.#batchOf(batch));
    }
    await Promise.all(
      Array.from(objects.values(), ({ ranges, ...folder }) =>
        bucket.put({ ...folder, lane: settings.lane }, ranges),
      ),
    );
  }

  #batchOf({ items }: OutboundBatch): Batch {
    return this.#batches[items[0] ?? -1] as Batch;
  }

  #queue(): DeliverDeps["queue"] & IngestQueue {
    const { queue, clock, random, usage } = this.#instance.world;
    return {
      hiddenMessages: () => this.#instance.hiddenMessages(),
      hide: async (messages) => {
        const calls = rounds(messages.length, SQS_ENTRIES);
        for (let i = 0; i < calls; i++) usage.sqs();
        await clock.sleep(draw(SQS_MS, random) * rounds(calls, CONCURRENT_SQS_CALLS));
        for (const { receiptHandle, delaySeconds } of messages) {
          const message = this.#messages[Number(receiptHandle)];
          if (message) queue.hide(message, delaySeconds);
        }
      },
      send: async (messages) => {
        await clock.sleep(draw(SQS_MS, random) * rounds(messages.length, CONCURRENT_SQS_CALLS));
        for (const { body, groupId, delaySeconds } of messages) {
          const ranges: BatchRange[] = [];
          for (const frozen of JSON.parse(body).frozen.batches) addBatch(ranges, JSON.parse(frozen.body));
          const bytes = messageBytes(ranges.reduce((sum, r) => sum + r.count * r.eventsEach, 0));
          usage.sqs(bytes);
          const tenant = Number(groupId);
          queue.send({ group: tenant, bytes, body: { tenant, ranges, origin: "frozen" } }, delaySeconds);
        }
        return [];
      },
    };
  }
}

const TENANT = parseTenant({ tenantId: "any" });
const FEED = parseFeed({ feedId: "default", status: "active" });
const FEED_IDS = [FEED.feedId];
const NO_IDS = new Set<string>();

function itemOf(
  record: number,
  { tenant, origin }: Load,
  { eventsEach: events, sentAtMs }: BatchRange,
  isReturning: boolean,
): Item {
  const base = { record, tenantId: String(tenant), feedId: FEED.feedId, events, isReturning };
  const isCounted = isReturning;
  return origin === "frozen"
    ? { ...base, isCounted, kind: "frozen", route: "live", body: "", hours: { [hourOf(sentAtMs)]: events } }
    : { ...base, isCounted, kind: "event", index: 0, sentAtMs, findings: [] };
}

const BODIES = new Map<number, Buffer>();

/** A batch's bytes: as many as it would have, the same for all. */
function bodyOf(events: number): Buffer {
  const known = BODIES.get(events);
  if (known) return known;
  const body = Buffer.alloc(events * EVENT_BYTES, "x");
  BODIES.set(events, body);
  return body;
}
