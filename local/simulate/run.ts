import { seededRandom } from "../../bench/sample-events.ts";
import type { DeliverSettings } from "../../functions/deliver-events/deliver-records.ts";
import type { Lane } from "../../shared/core/flow/flow-state.schema.ts";
import type { Log } from "../../shared/ports.ts";
import { SimBucket } from "./bucket.ts";
import { Census } from "./census.ts";
import { EventSource } from "./event-source.ts";
import { FunctionInstance, type FunctionWorld } from "./function-instance.ts";
import type { Load } from "./load.ts";
import { COLD_START_MS, PRODUCTION } from "./model.ts";
import { SimMparticle } from "./mparticle.ts";
import type { Plan } from "./plan.ts";
import { SimQueue } from "./queue.ts";
import { Release } from "./release.ts";
import { Samples } from "./samples.ts";
import { SimTable } from "./table.ts";
import { Traffic } from "./traffic.ts";
import { Usage } from "./usage.ts";
import { VirtualClock } from "./virtual-clock.ts";

const LANES = ["live", "backfill"] as const;

/** mParticle's own limit of a feed, batches a second. https://docs.mparticle.com/guides/default-service-limits/ */
const DEFAULT_LIMIT = 270;

/** Begins on a full hour, epoch milliseconds. */
const START_MS = Date.parse("2026-03-01T12:00:00Z");

/** Milliseconds after the last event was sent, in which quiet tenants' messages may still arrive. */
const PATIENCE_MS = 60_000;

/** Everything that a run leaves to be counted. */
export interface Run {
  readonly plan: Plan;
  readonly census: Census;
  readonly usage: Usage;
  readonly mparticle: SimMparticle;
  readonly traffic: Traffic;
  readonly queues: Readonly<Record<Lane, SimQueue<Load>>>;
  readonly release: Release;
  readonly table: SimTable;
  /** From sending to being taken, of live messages that were delivered: of all quiet tenants, and by number of the others. */
  readonly quietLatency: Samples;
  readonly latencies: readonly Samples[];
  readonly invocations: Samples;
  /** Events sent by quiet tenants, and messages, that were not delivered though there was time. */
  readonly quietWaiting: number;
  /** Warnings and errors of the connector, by text. */
  readonly logged: ReadonlyMap<string, number>;
  readonly virtualSeconds: number;
}

/** Runs a plan to its end. The same plan gives the same run. */
export async function run(plan: Plan): Promise<Run> {
  const random = seededRandom(plan.seed);
  const clock = new VirtualClock(START_MS);
  const usage = new Usage();
  const census = new Census();
  const table = new SimTable(clock, random, usage);
  const bucket = new SimBucket(clock, random, usage);
  const mparticle = new SimMparticle({
    clock,
    random,
    usage,
    ...plan.mparticle,
    limitOf: (apiKey) => plan.feeds[Number(apiKey)]?.limit ?? DEFAULT_LIMIT,
  });
  const queues = {
    live: new SimQueue<Load>(clock, PRODUCTION.visibilityMs),
    backfill: new SimQueue<Load>(clock, PRODUCTION.visibilityMs),
  };
  const { log, logged } = countingLog();
  const quietLatency = new Samples();
  const latencies = plan.feeds.map(() => new Samples());
  const invocations = new Samples();
  const world = (lane: Lane): FunctionWorld => ({
    clock,
    random,
    usage,
    table,
    bucket,
    mparticle,
    census,
    log,
    queue: queues[lane],
    settings: settingsOf(lane, plan),
    memoryMb: PRODUCTION.memoryMb,
    timeoutMs: PRODUCTION.timeoutMs,
    tenants: plan.feeds.length + plan.quiet.tenants,
    onDelivered(tenant, sentAtMs) {
      if (lane !== "live") return;
      const tookMs = mparticle.of(String(tenant)).lastTakenAtMs - sentAtMs;
      (latencies[tenant] ?? quietLatency).add(tookMs);
    },
    onInvoked: (tookMs) => invocations.add(tookMs),
  });
  const sources = LANES.map(
    (lane) =>
      new EventSource({
        ...PRODUCTION,
        maxConcurrency: PRODUCTION.maxConcurrency[lane],
        queue: queues[lane],
        clock,
        random,
        usage,
        invoke: fleet(world(lane)),
      }),
  );
  const release = new Release({ bucket, queues, table, settings: plan.flow, clock, random, usage, log });
  const traffic = new Traffic(plan, { clock, random, census, usage, queues });

  traffic.start();
  for (const source of sources) source.start();
  release.start();
  const endMs = START_MS + plan.minutes * 60_000;
  await clock.run(endMs);
  await clock.run(endMs + PATIENCE_MS, () => quietLatency.count < traffic.quietMessages);
  release.stop();
  for (const source of sources) source.stop();
  await clock.run(
    Number.POSITIVE_INFINITY,
    () => release.isRunning || sources.some(({ running }) => running > 0),
  );

  for (const lane of LANES)
    for (const { ranges } of queues[lane].contents())
      for (const range of ranges) census.found("queued", range);
  for (const { objects } of bucket.folders)
    for (const { ranges } of objects) for (const range of ranges) census.found("held", range);
  const quietWaiting = traffic.quietMessages - quietLatency.count;
  // What has not arrived has taken at least until now.
  for (const { tenant, ranges } of queues.live.contents())
    if (tenant >= plan.feeds.length)
      for (const { sentAtMs } of ranges) quietLatency.add(clock.nowMs() - sentAtMs);
  return {
    plan,
    census,
    usage,
    mparticle,
    traffic,
    queues,
    release,
    table,
    quietLatency,
    latencies,
    invocations,
    quietWaiting,
    logged,
    virtualSeconds: (clock.nowMs() - START_MS) / 1000,
  };
}

/** Instances of a function: the one that has rested for the shortest time runs next. */
function fleet(world: FunctionWorld) {
  const idle: FunctionInstance[] = [];
  return async (messages: Parameters<FunctionInstance["run"]>[0]) => {
    const { clock, usage, memoryMb } = world;
    let instance = idle.pop();
    if (!instance) {
      instance = new FunctionInstance(world);
      usage.lambdaGbSeconds += (COLD_START_MS / 1000) * (memoryMb / 1024);
      await clock.sleep(COLD_START_MS);
    }
    const returned = await instance.run(messages);
    idle.push(instance);
    return returned;
  };
}

function settingsOf(lane: Lane, { flow }: Plan): DeliverSettings {
  const { maxConcurrentRequests, maxConcurrentRequestsPerFeed } = PRODUCTION;
  return {
    lane,
    flow,
    maxConcurrentRequests,
    maxConcurrentRequestsPerFeed,
    partnerIdentity: undefined,
    requestTimeoutMs: 10_000,
    maxAttempts: 4,
    retryBaseMs: 200,
    holdAfterReceives: 300,
  };
}

function countingLog(): { log: Log; logged: ReadonlyMap<string, number> } {
  const logged = new Map<string, number>();
  const count = (message: string) => logged.set(message, (logged.get(message) ?? 0) + 1);
  return { log: { info: () => {}, warn: count, error: count }, logged };
}
