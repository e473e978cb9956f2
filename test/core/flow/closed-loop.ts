/** A saturated feed in virtual time: callers that never run dry, the real sending code, and the stand-in's own limits. */
import type { OutboundBatch } from "../../../functions/deliver-events/assemble-feeds.ts";
import type { DeliverDeps } from "../../../functions/deliver-events/deliver-records.ts";
import { FeedFlow } from "../../../functions/deliver-events/feed-flow.ts";
import { FeedSender } from "../../../functions/deliver-events/feed-sender.ts";
import { Room } from "../../../functions/deliver-events/room.ts";
import { sendFeed } from "../../../functions/deliver-events/send-feed.ts";
import { VirtualClock } from "../../../local/simulate/virtual-clock.ts";
import type { AccelerationLimitOptions } from "../../../local/stand-in/acceleration-limit.ts";
import { Throttle } from "../../../local/stand-in/throttle.ts";
import { DEFAULT_FLOW_SETTINGS } from "../../../shared/core/flow/flow-settings.ts";
import type { FlowState } from "../../../shared/core/flow/flow-state.schema.ts";
import type { DeliveryOutcome } from "../../../shared/core/outcome.ts";
import { DEFAULT_PACK_LIMITS } from "../../../shared/core/pack.ts";
import type { FlowStep } from "../../../shared/ports-flow.ts";
import { feed, NOW_MS, tenant } from "../../support/builders.ts";
import { DeliverWorld, keyOf } from "../../support/deliver-world.ts";

export interface LoopOptions {
  /** Batches a second that mParticle takes. */
  readonly limit: number;
  readonly seed: number;
  /** Virtual seconds. @default 120 */
  readonly seconds?: number;
  /** Seconds from which on goodput and 429s are counted. @default 60 */
  readonly fromSecond?: number;
  /** Invocations at once. @default 3 */
  readonly callers?: number;
  /** Batches that each invocation comes with. @default three seconds' worth: more than it can send in its pace */
  readonly batches?: number;
  /** Milliseconds that a request travels, from and to. @default [5, 40] */
  readonly travelMs?: readonly [number, number];
  /** How answers round the share of the limit in use; "not told": they do not name it. @default "up" */
  readonly percent?: "up" | "down" | "not told";
  readonly acceleration?: AccelerationLimitOptions;
  /** Other limits from a second on. */
  readonly limitAt?: Readonly<Record<number, number>>;
}

export interface LoopResult {
  /** Batches taken, as a share of the limit. */
  readonly goodput: number;
  /** Requests answered 429, as a share of all. */
  readonly throttledShare: number;
  /** Batches taken in each second. */
  readonly taken: readonly number[];
  readonly requests: number;
  /** At the end. */
  readonly state: FlowState;
}

/** Milliseconds that a write to the table takes, that an answer travels, and until a caller without room comes again. */
const TABLE_MS = 4;
const ANSWER_MS = 10;
const PAUSE_MS = 50;

export async function runLoop(options: LoopOptions): Promise<LoopResult> {
  const { limit, seed, seconds = 120, fromSecond = 60, callers = 3, travelMs = [5, 40] } = options;
  const { batches = Math.ceil(3 * limit), percent = "up", acceleration } = options;
  const random = seeded(seed);
  const clock = new VirtualClock(NOW_MS);
  const second = () => Math.floor((clock.nowMs() - NOW_MS) / 1000);
  let throttle = new Throttle(limit, acceleration);
  for (const [from, other] of Object.entries(options.limitAt ?? {}))
    clock.at(NOW_MS + 1000 * Number(from), () => {
      throttle = new Throttle(other, acceleration);
    });
  const taken = Array.from({ length: seconds + 1 }, () => 0);
  let requests = 0;
  let throttled = 0;

  async function post({ body }: { body: Uint8Array }): Promise<DeliveryOutcome> {
    const batches: number = JSON.parse(String(body)).length;
    await clock.sleep(travelMs[0] + random() * (travelMs[1] - travelMs[0]));
    const answer = throttle.admit(batches, clock.nowMs());
    const isCounted = second() >= fromSecond;
    if (isCounted) requests++;
    if ("scope" in answer) {
      if (isCounted) throttled++;
      await clock.sleep(ANSWER_MS);
      return { kind: "throttled", ...answer, retryAfterSeconds: Math.ceil(answer.retryAfterMs / 1000) };
    }
    taken[second()] = (taken[second()] ?? 0) + batches;
    await clock.sleep(ANSWER_MS);
    const limitUsedPercent = Math[percent === "up" ? "ceil" : "floor"](answer.usedPercent);
    return { kind: "accepted", ...(percent !== "not told" && { limitUsedPercent }) };
  }

  const world = new DeliverWorld({ flow: DEFAULT_FLOW_SETTINGS });
  const flowStore = {
    blockEveryone: async () => {},
    update: async <Result>(ids: { tenantId: string; feedId: string }, step: FlowStep<Result>) => {
      await clock.sleep(TABLE_MS);
      const result = await world.flow.update(ids, step);
      await clock.sleep(TABLE_MS);
      return result;
    },
  };
  const deps: DeliverDeps = { ...world.deps, clock, random, flow: flowStore, events: { post } };

  async function caller(): Promise<void> {
    for (;;) {
      await clock.sleep(PAUSE_MS * (0.5 + random()));
      await invoke(batches, deps);
    }
  }
  for (let i = 0; i < callers; i++) clock.at(NOW_MS + 100 * i, () => void caller());
  await clock.run(NOW_MS + 1000 * seconds - 1);

  const counted = taken.slice(fromSecond, seconds).reduce((sum, batches) => sum + batches, 0);
  return {
    goodput: counted / (limit * (seconds - fromSecond)),
    throttledShare: throttled / Math.max(1, requests),
    taken,
    requests,
    state: world.flow.of("acme"),
  };
}

/** One invocation's part with the feed. What finds no room is forgotten: there is always more. */
async function invoke(count: number, deps: DeliverDeps): Promise<void> {
  const ids = { tenantId: "acme", feedId: "default" };
  const batches = Array.from({ length: count }, (): OutboundBatch => ({ ...BATCH }));
  const outbound = {
    tenant: tenant("acme").tenant,
    feed: feed(),
    feedIdsOfTenant: ["default"],
    items: [],
    messageIds: new Set<string>(),
    credentials: keyOf("acme"),
    batches,
    limits: DEFAULT_PACK_LIMITS,
  };
  const flow = new FeedFlow(ids, [], deps);
  const room = new Room(100);
  const sender = new FeedSender(outbound, { ...deps, remainingMs: () => 60_000, room, flow });
  await sendFeed(outbound, { pass: NO_RECORDS, sender, flow, room, deps });
}

const NO_RECORDS = { records: [], items: [], feeds: [], failedParkings: [] };
const BATCH: OutboundBatch = {
  route: "live",
  body: Buffer.from("{}"),
  eventCount: 1,
  items: [],
  receiveCount: 2,
  isReturning: true,
};

/** Numbers in [0, 1) that are the same for the same seed: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
