import { seededRandom } from "../../bench/sample-events.ts";
import { startEmbeddedAws } from "../aws/embedded-aws.ts";
import { AwsFaultGate } from "../aws/fault-gate.ts";
import { provision } from "../aws/provision.ts";
import { connectorEnv, createClients, SECRET_PREFIX } from "../connector.ts";
import { type StandIn, startStandIn } from "../stand-in/stand-in.ts";
import { storeTenants } from "../store-tenants.ts";
import { Arrivals } from "./arrivals.ts";
import { keyOf, storedTenant } from "./cast.ts";
import { lineLog } from "./line-log.ts";
import { startReleases } from "./release.ts";
import { BUSY_TENANT, quietTenants } from "./traffic.ts";
import type { WorkerConfig } from "./work.ts";
import { timeBy } from "./worker-clock.ts";
import { WorkerFleet } from "./worker-fleet.ts";
import { World, type WorldOptions } from "./world.ts";

/** Of the rig itself: its calls meet no faults. */
const RIG = { accessKeyId: "rig", secretAccessKey: "rig" };

/** Invocations of a worker at once: more than one process has in Lambda, fewer than in a busy account. */
const CONCURRENCY = 2;

/** Seconds; settling keeps 20 of them back. */
const FUNCTION_TIMEOUT_SECONDS = 35;

/** Starts the embedded AWS, the stand-in and the workers, with all tenants stored. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { seed, traffic, surroundings, onLog } = options;
  const clock = { originMs: Date.now(), scale: surroundings.timeScale, skewMs: 0 };
  const tenantIds = [BUSY_TENANT, ...quietTenants(traffic)];
  const arrivals = new Arrivals();
  const standIn: StandIn = await startStandIn({
    feeds: tenantIds.map(keyOf),
    batchesPerSecond: surroundings.batchesPerSecond,
    ...(surroundings.acceleration && { acceleration: surroundings.acceleration }),
    random: seededRandom(seed + 2),
    clock: {
      nowMs: () => timeBy(clock, Date.now()),
      monotonicMs: () => performance.now() * clock.scale,
    },
    onRequest: (line) => arrivals.watch(line, standIn),
  });
  const gate = new AwsFaultGate({ random: seededRandom(seed + 3), spared: [RIG.accessKeyId] });
  const aws = await startEmbeddedAws({ faults: gate, now: () => timeBy(clock, Date.now()) });
  const clients = createClients({ ...aws.clientConfig, credentials: RIG });
  const state = await provision({ clientConfig: { ...aws.clientConfig, credentials: RIG } }, surroundings);
  await storeTenants(tenantIds.map(storedTenant), {
    ...clients,
    tableName: state.tableName,
    secretPrefix: SECRET_PREFIX,
  });
  const fleet = new WorkerFleet((line) => onLog?.(line));
  const config = {
    env: { ...connectorEnv(state, standIn.url), ...USUAL_ENV, ...surroundings.env },
    aws: aws.clientConfig,
    batchSize: 100,
    batchWindowSeconds: 0.1,
    maxConcurrency: CONCURRENCY,
    functionTimeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
    delivery: surroundings.delivery,
    coldStartEvery: surroundings.coldStartEvery,
    log: onLog !== undefined,
  };
  await fleet.start(
    Array.from({ length: surroundings.workers }, (_, i): WorkerConfig => {
      const skewMs = surroundings.skewsMs[i % surroundings.skewsMs.length] ?? 0;
      return { ...config, seed: seed + 10 + i, clock: { ...clock, skewMs } };
    }),
  );
  const endReleases = startReleases({
    env: config.env,
    aws: aws.clientConfig,
    clock,
    random: seededRandom(seed + 4),
    log: lineLog("release", onLog),
  });
  return new World(options, { aws, gate, state, clients, standIn, arrivals, fleet, clock, endReleases });
}

/** Shorter than in production, as everything here is; scenarios in virtual time set production's own. */
const USUAL_ENV = {
  REQUEST_TIMEOUT_MS: "700",
  RETRY_BASE_MS: "40",
  BACKOFF_BASE_SECONDS: "1",
  BACKOFF_MAX_SECONDS: "4",
};
