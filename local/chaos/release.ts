import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "aws-lambda";
import { createDeps } from "../../functions/release-held/create-deps.ts";
import { createHandler } from "../../functions/release-held/create-handler.ts";
import { CLIENT_SETTINGS } from "../../shared/aws/client-settings.ts";
import { DynamoFlowStore } from "../../shared/aws/flow-store.ts";
import { DEFAULT_FLOW_SETTINGS } from "../../shared/core/flow/flow-settings.ts";
import { parseReleaseHeldEnv } from "../../shared/core/validators.ts";
import type { Log } from "../../shared/ports.ts";
import { FlowReleasePace } from "../../shared/requeue/flow-pace.ts";
import type { EmbeddedAwsClientConfig } from "../aws/embedded-aws.ts";
import { createClients, destroyClients } from "../connector.ts";
import { shortenDelays } from "./virtual-time.ts";
import { type ClockSetting, timeBy } from "./worker-clock.ts";

/** Milliseconds from the end of one run to the start of the next. */
const PAUSE_MS = 1_500;

/** Of one run. */
const TIMEOUT_MS = 60_000;

export interface ReleaseOptions {
  /** As the delivering function's. */
  readonly env: Readonly<Record<string, string>>;
  readonly aws: EmbeddedAwsClientConfig;
  readonly clock: ClockSetting;
  readonly random: () => number;
  readonly log: Log;
}

/** Runs the release function again and again, one run at a time as its schedule does. @returns how to end that. */
export function startReleases({ env, aws, clock, random, log }: ReleaseOptions): () => Promise<void> {
  const clients = createClients(aws, CLIENT_SETTINGS);
  shortenDelays(clients.sqs, clock.scale);
  const scaled = {
    nowMs: () => timeBy(clock, Date.now()),
    sleep: async (ms: number) => {
      await sleep(ms / clock.scale);
    },
  };
  const table = { client: clients.dynamodb, tableName: env["TABLE_NAME"] ?? "" };
  const flow = new DynamoFlowStore({ ...table, settings: DEFAULT_FLOW_SETTINGS, clock: scaled, random, log });
  const pace = new FlowReleasePace(flow, DEFAULT_FLOW_SETTINGS);
  const deps = createDeps(parseReleaseHeldEnv({ ...env, BACKFILL_QUEUE_URL: env["QUEUE_URL"] }), {
    clients,
    pace,
    clock: scaled,
    random,
    log,
  });
  const handler = createHandler(deps, () => {});

  const stopping = new AbortController();
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const endsAt = performance.now() + TIMEOUT_MS;
      const context = { getRemainingTimeInMillis: () => endsAt - performance.now() } as Context;
      // A run that fails is followed by the next one, as with a schedule.
      await handler({}, context).catch((error: Error) =>
        log.error("A release failed", { error: error.message }),
      );
      await sleep(PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }
  const running = run();
  return async () => {
    stopping.abort();
    await running;
    destroyClients(clients);
  };
}
