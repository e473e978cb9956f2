import type { Lane } from "../../shared/core/flow/flow-state.schema.ts";
import type { Census } from "./census.ts";
import { type BatchRange, type Load, messageBytes } from "./load.ts";
import type { Plan, Stream } from "./plan.ts";
import type { SimQueue } from "./queue.ts";
import type { Usage } from "./usage.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Milliseconds before the run in which a backlog was sent, evenly. */
const BACKLOG_MS = 2 * 3_600_000;

export interface TrafficWorld {
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly census: Census;
  readonly usage: Usage;
  readonly queues: Readonly<Record<Lane, SimQueue<Load>>>;
}

/**
 * What partners send. Tenants are numbered: first those with traffic of their own, then the quiet ones, whose messages come by
 * chance, as of many that know nothing of each other.
 */
export class Traffic {
  readonly #plan: Plan;
  readonly #world: TrafficWorld;
  readonly #untilMs: number;
  /** What each tenant with traffic of its own sent. */
  readonly ranges: BatchRange[][];
  quietMessages = 0;

  constructor(plan: Plan, world: TrafficWorld) {
    this.#plan = plan;
    this.#world = world;
    this.#untilMs = world.clock.nowMs() + plan.minutes * 60_000;
    this.ranges = plan.feeds.map(() => []);
  }

  start(): void {
    const { quiet, feeds, withheld } = this.#plan;
    const { census, clock } = this.#world;
    for (const [tenant, { streams }] of feeds.entries()) {
      for (const stream of streams) {
        this.#sendBacklog(tenant, stream);
        this.#stream(stream, () => this.#send(tenant, stream));
      }
    }
    this.#stream(quiet, () => {
      const tenant = feeds.length + Math.floor(this.#world.random() * quiet.tenants);
      this.quietMessages++;
      this.#send(tenant, { ...quiet, lane: "live" });
    });
    if (withheld > 0) census.send(withheld, 1, clock.nowMs());
  }

  #stream(
    { eventsPerMinute, eventsPerMessage }: Pick<Stream, "eventsPerMinute" | "eventsPerMessage">,
    send: () => void,
  ): void {
    if (eventsPerMinute === 0) return;
    const { clock, random } = this.#world;
    const meanMs = (60_000 * eventsPerMessage) / eventsPerMinute;
    // Instants are kept exactly, though the clock goes by whole milliseconds.
    const next = (afterMs: number) => {
      const atMs = afterMs - Math.log(1 - random()) * meanMs;
      if (atMs >= this.#untilMs) return;
      clock.at(atMs, () => {
        send();
        next(atMs);
      });
    };
    next(clock.nowMs());
  }

  #send(
    tenant: number,
    { lane, eventsPerMessage, eventsPerBatch }: Pick<Stream, "lane" | "eventsPerMessage" | "eventsPerBatch">,
  ): void {
    const { census, clock, queues, usage } = this.#world;
    const range = census.send(Math.ceil(eventsPerMessage / eventsPerBatch), eventsPerBatch, clock.nowMs());
    this.ranges[tenant]?.push(range);
    const bytes = messageBytes(range.count * eventsPerBatch);
    usage.sqs(bytes);
    queues[lane].send({ group: tenant, bytes, body: { tenant, ranges: [range], origin: "partner" } });
  }

  #sendBacklog(tenant: number, { lane, backlogEvents, eventsPerMessage, eventsPerBatch }: Stream): void {
    if (backlogEvents === 0) return;
    const { census, clock, queues } = this.#world;
    const perMessage = Math.ceil(eventsPerMessage / eventsPerBatch);
    const messages = Math.ceil(backlogEvents / (perMessage * eventsPerBatch));
    const startMs = clock.nowMs();
    const all = census.send(messages * perMessage, eventsPerBatch, startMs);
    this.ranges[tenant]?.push(all);
    queues[lane].sendBacklog({
      group: tenant,
      messages,
      sentAtMs: (index) => startMs - (BACKLOG_MS * (messages - index)) / messages,
      make: (index) => ({
        group: tenant,
        bytes: messageBytes(perMessage * eventsPerBatch),
        body: {
          tenant,
          ranges: [{ ...all, first: all.first + index * perMessage, count: perMessage }],
          origin: "partner",
        },
      }),
    });
  }
}
