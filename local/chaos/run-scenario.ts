import { setTimeout as sleep } from "node:timers/promises";
import type { StandInCounts } from "../stand-in/stand-in-ledger.ts";
import { account, type ParkedLine } from "./account.ts";
import { keyOf } from "./cast.ts";
import { ORDERLY } from "./delivery.ts";
import { gatherEvidence, isAnythingHeld, messagesOn } from "./evidence.ts";
import { type Latency, latencyOf } from "./latency.ts";
import { problemsOf } from "./problems.ts";
import type { Result } from "./result.ts";
import type { Scenario, Surroundings } from "./scenario.ts";
import { startWorld } from "./start-world.ts";
import { BUSY_TENANT, isQuiet, type Traffic, USUAL_TRAFFIC } from "./traffic.ts";
import type { World } from "./world.ts";

export interface RunOptions {
  readonly seed: number;
  /** See `WorldOptions`. */
  readonly withheld: number;
  readonly onLog: ((line: string) => void) | undefined;
  readonly stopped: AbortSignal;
}

const USUAL_SURROUNDINGS: Surroundings = {
  batchesPerSecond: 270,
  acceleration: undefined,
  env: {},
  workers: 2,
  skewsMs: [0],
  timeScale: 1,
  visibilityTimeoutSeconds: 20,
  maxReceiveCount: 400,
  delivery: ORDERLY,
  coldStartEvery: 0,
  // A copy waits until the time of the invocation that has the message is over: 40 s here, on a machine that is not busy.
  patienceSeconds: 120,
};

/** Milliseconds between looks at the queue. */
const LOOK_MS = 100;

/**
 * Runs one scenario to its end: starts everything, lets it go wrong, waits until nothing is on the queue, and looks where each
 * event is. Leaves nothing behind.
 *
 * @throws when stopped.
 */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Result> {
  const traffic = trafficOf(scenario.traffic);
  const surroundings = { ...USUAL_SURROUNDINGS, ...scenario.surroundings };
  const world = await startWorld({ ...options, traffic, surroundings });
  try {
    const startedAt = performance.now();
    const ends = await Promise.allSettled([world.publishTraffic(), scenario.disturb?.(world)]);
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    await drain(world, startedAt + surroundings.patienceSeconds * 1000, options.stopped);
    const seconds = (performance.now() - startedAt) / 1000;
    // What a worker still does with a message that another one has deleted counts too.
    await world.stop();
    return await resultOf(scenario, world, seconds);
  } finally {
    await world.close();
  }
}

export function trafficOf(traffic: Partial<Traffic> = {}): Traffic {
  return { ...USUAL_TRAFFIC, ...traffic };
}

async function drain(world: World, untilMs: number, stopped: AbortSignal): Promise<void> {
  while (performance.now() < untilMs && (await isAnythingUnderWay(world)))
    await sleep(LOOK_MS, undefined, { signal: stopped });
  stopped.throwIfAborted();
}

/** Whether events wait on the queue, or in the bucket for their release. Each may put events into the other at any time. */
async function isAnythingUnderWay(world: World): Promise<boolean> {
  return (await isAnythingHeld(world)) || (await messagesOn(world)) > 0 || (await isAnythingHeld(world));
}

async function resultOf(scenario: Scenario, world: World, seconds: number): Promise<Result> {
  const evidence = await gatherEvidence(world);
  const accounted = account(world.sent, evidence);
  const counts = world.standIn.counts();
  const { handedTwice, received, crashes, failedInvocations } = world.workers;
  const doubledHandedTwice = accounted.doubledIds.filter((id) => handedTwice.has(id)).length;
  const { injected: _, ...dropReasons } = counts.total.dropReasons;
  const result = {
    name: scenario.name,
    about: scenario.about,
    account: accounted,
    doubledHandedTwice,
    messages: world.messages,
    receivesPerMessage: world.messages === 0 ? 0 : received / world.messages,
    requests: counts.requests.total,
    throttledShare: (counts.requests.byResult["429"] ?? 0) / Math.max(1, counts.requests.total),
    busyBatchesPerSecond: batchesTaken(counts, BUSY_TENANT) / seconds,
    quiet: quietLatency(world),
    heldBy: countCauses(evidence.parked),
    awsFaults: world.aws.met,
    crashes,
    failedInvocations,
    dropReasons,
    seconds,
  };
  return { ...result, ...problemsOf(result, scenario.allows ?? {}) };
}

function batchesTaken({ feeds }: StandInCounts, tenantId: string): number {
  const feed = feeds.get(keyOf(tenantId).apiKey);
  return feed ? feed.live.batchesTaken + feed.historical.batchesTaken : 0;
}

function quietLatency({ sent, arrivals }: World): Latency {
  return latencyOf(
    sent.flatMap(({ id, tenantId, publishedAt }) => {
      const takenAt = isQuiet(tenantId) ? arrivals.firstTakenAt.get(id) : undefined;
      return takenAt === undefined ? [] : [takenAt - publishedAt];
    }),
  );
}

/** Lines under `held/` by cause. */
function countCauses(parked: readonly ParkedLine[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { ending, cause = "" } of parked)
    if (ending === "held") counts[cause] = (counts[cause] ?? 0) + 1;
  return counts;
}
