import { DynamoFlowStore } from "../../shared/aws/flow-store.ts";
import type { FlowSettings } from "../../shared/core/flow/flow-settings.ts";
import type { Lane } from "../../shared/core/flow/flow-state.schema.ts";
import type { Log } from "../../shared/ports.ts";
import { FlowReleasePace } from "../../shared/requeue/flow-pace.ts";
import { type Room, Rooms } from "../../shared/requeue/rooms.ts";
import type { Folder, HeldObject, SimBucket } from "./bucket.ts";
import { addBatch, type BatchRange, type Load, messageBytes } from "./load.ts";
import { CONCURRENT_SQS_CALLS, draw, ITEM_BYTES, rounds, SQS_MS } from "./model.ts";
import type { SimQueue } from "./queue.ts";
import type { SimTable } from "./table.ts";
import type { Usage } from "./usage.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Milliseconds between runs. */
const EVERY_MS = 60_000;

/** Of `functions/release-held` and `shared/core/requeue.ts`: objects at once, events in a message, objects in a listing. */
const OBJECTS_AT_ONCE = 8;
const EVENTS_PER_MESSAGE = 100;
const OBJECTS_PER_LISTING = 1000;

export interface ReleaseOptions {
  readonly bucket: SimBucket;
  readonly queues: Readonly<Record<Lane, SimQueue<Load>>>;
  readonly table: SimTable;
  readonly settings: FlowSettings;
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly usage: Usage;
  readonly log: Log;
}

/** The release function: real pacing by the lines of the feeds, objects and messages as `functions/release-held` makes them. */
export class Release {
  readonly #options: ReleaseOptions;
  readonly #pace: FlowReleasePace;
  #isStopped = false;
  isRunning = false;
  /** Source events put back. */
  released = 0;

  constructor(options: ReleaseOptions) {
    this.#options = options;
    const { table, settings, clock, random, log } = options;
    const flow = new DynamoFlowStore({
      client: table.client,
      tableName: "table",
      settings,
      clock,
      random,
      log,
    });
    this.#pace = new FlowReleasePace(flow, settings);
  }

  start(): void {
    const { clock } = this.#options;
    clock.at(clock.nowMs() + EVERY_MS, () => void this.#runEveryMinute());
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #runEveryMinute(): Promise<void> {
    if (this.#isStopped) return;
    this.start();
    if (this.isRunning) return;
    this.isRunning = true;
    await this.#run();
    this.isRunning = false;
  }

  async #run(): Promise<void> {
    const { bucket, clock, usage } = this.#options;
    const rooms = new Rooms(this.#pace, clock.nowMs());
    usage.s3Writes++;
    // All other causes end by what somebody does, or after an hour.
    for (const folder of bucket.folders)
      if (folder.cause === "backlog") await this.#releaseFolder(folder, rooms);
    await rooms.reserve((feed, error) => this.#options.log.warn("No line", { ...feed, error }));
  }

  async #releaseFolder({ tenant, lane, objects }: Folder, rooms: Rooms): Promise<void> {
    const { usage } = this.#options;
    const feed = { tenantId: String(tenant), feedId: "default", lane };
    const room = await rooms.of(feed);
    usage.s3Writes += Math.max(1, rounds(objects.length, OBJECTS_PER_LISTING));
    for (let before = -1; objects.length > 0 && before < this.released; ) {
      before = this.released;
      const some: HeldObject[] = [];
      for (const object of objects) if (some.push(object) === OBJECTS_AT_ONCE) break;
      await Promise.all(some.map((object) => this.#putBack(object, { tenant, lane }, room)));
      while (objects.first && objects.first.ranges.length === 0) objects.shift();
    }
    if (objects.length === 0) await this.#pace.backlogReleased(feed);
    usage.dynamoWrite(ITEM_BYTES);
  }

  /** One object: the events of a batch, a user's, share a place in the line, and go in messages delayed until the first is due. */
  async #putBack(
    object: HeldObject,
    { tenant, lane }: Pick<Folder, "tenant" | "lane">,
    room: Room,
  ): Promise<void> {
    const { bucket, queues, clock, random, usage } = this.#options;
    usage.s3Reads++;
    await bucket.travel(object.ranges);
    const left: BatchRange[] = [];
    const messages: { ranges: BatchRange[]; events: number; delaySeconds: number }[] = [];
    for (const range of object.ranges) {
      for (let i = 0; i < range.count; i++) {
        const batch = { ...range, first: range.first + i };
        const delaySeconds = room.take();
        if (delaySeconds === undefined) {
          addBatch(left, batch);
          continue;
        }
        let message = messages.at(-1);
        if (!message || message.events + range.eventsEach > EVENTS_PER_MESSAGE) {
          message = { ranges: [], events: 0, delaySeconds };
          messages.push(message);
        }
        addBatch(message.ranges, batch);
        message.events += range.eventsEach;
      }
    }
    await clock.sleep(draw(SQS_MS, random) * rounds(messages.length, CONCURRENT_SQS_CALLS));
    for (const { ranges, events, delaySeconds } of messages) {
      const bytes = messageBytes(events);
      usage.sqs(bytes);
      this.released += events;
      queues[lane].send({ group: tenant, bytes, body: { tenant, ranges, origin: "released" } }, delaySeconds);
    }
    if (left.length > 0 && messages.length > 0) usage.s3Writes++;
    object.ranges = left;
  }
}
