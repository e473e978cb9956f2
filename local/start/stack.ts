import type { SQSClient } from "@aws-sdk/client-sqs";
import type { FeedReport } from "../../functions/deliver-events/report.ts";
import { DynamoLedgerAccounts } from "../../shared/aws/ledger-accounts.ts";
import type { LedgerAccounts, Log } from "../../shared/ports.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import { startEmbeddedAws } from "../aws/embedded-aws.ts";
import { provision } from "../aws/provision.ts";
import { connectorEnv, createClients, createConnector, destroyClients } from "../connector.ts";
import { startPoller } from "../poller.ts";
import type { StandInFeed } from "../stand-in/feeds.ts";
import type { RequestLine } from "../stand-in/request-line.ts";
import { type StandIn, startStandIn } from "../stand-in/stand-in.ts";
import type { StoredTenant } from "../store-tenants.ts";
import { type LocalOnboarding, onboard, startLocalOnboarding } from "./onboard.ts";
import type { StartOptions } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** Everything that runs in a local run. */
export interface Stack {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** What `AWS_ENDPOINT_URL` is to be set to. */
  readonly endpoint: string;
  readonly standIn: StandIn;
  /** Where the onboarding API is, and the token that it asks for. */
  readonly onboarding: Pick<LocalOnboarding, "url" | "token">;
  readonly ledger: LedgerAccounts;
  close(): Promise<void>;
}

export interface StackEvents {
  onReports(reports: readonly FeedReport[]): void;
  onRequest(line: RequestLine): void;
  onError(error: unknown): void;
  /** The connector's own log. */
  readonly log: Log;
}

/** Keys that the stand-in accepts while a run is watched, for tenants that somebody onboards by hand. */
export const TRIAL_KEYS = [
  { apiKey: "trial-partner-key", apiSecret: "trial-partner-secret", kind: "partner" },
  { apiKey: "trial-custom-key", apiSecret: "trial-custom-secret", kind: "custom" },
] as const;

/** Seconds; the production function has more, but here nobody wants to wait for it. */
const FUNCTION_TIMEOUT_SECONDS = 60;

/**
 * Starts the embedded AWS, the stand-in, and the handler behind its poller, with tenants stored.
 *
 * @throws {UsageError} for a port that is taken.
 */
export async function startStack(
  options: StartOptions,
  tenants: readonly StoredTenant[],
  events: StackEvents,
): Promise<Stack> {
  /** What runs, and how it ends; the last one first. */
  const running: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const end of running.reverse()) await end();
  };
  try {
    return { ...(await start(options, tenants, events, (end) => running.push(end))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  options: StartOptions,
  tenants: readonly StoredTenant[],
  events: StackEvents,
  onClose: (end: () => Promise<void> | void) => void,
): Promise<Omit<Stack, "close">> {
  const { nowMs, partnerIdentity, batchesPerSecond, faults } = options;
  let isOnboarded = false;
  const standIn = await orPortTaken("--stand-in-port", options.standInPort, () =>
    startStandIn({
      port: options.standInPort,
      feeds: feedsOf(tenants, options),
      onRequest: (line) => isOnboarded && events.onRequest(line),
      ...(nowMs !== undefined && { clock: { nowMs: () => nowMs } }),
    }),
  );
  onClose(() => standIn.close());
  const aws = await orPortTaken("--port", options.port, () => startEmbeddedAws({ port: options.port }));
  onClose(() => aws.close());
  const state = await provision(aws, { visibilityTimeoutSeconds: 6 * FUNCTION_TIMEOUT_SECONDS });
  const { queueUrl, tableName } = state;
  const clients = createClients(aws.clientConfig);
  onClose(() => destroyClients(clients));

  const env = {
    ...connectorEnv(state, standIn.url),
    PARTNER_IDENTITY: partnerIdentity ?? "",
    // Faults that never answer are waited for; answers that are late by option are not faults.
    REQUEST_TIMEOUT_MS: String(1_000 + faults.latencyMs[1]),
    RETRY_BASE_MS: "50",
    BACKOFF_BASE_SECONDS: "1",
    BACKOFF_MAX_SECONDS: "3",
    HOLD_AFTER_RECEIVES: String(options.holdAfterReceives),
  };
  const onboarding = await orPortTaken("--api-port", options.apiPort, () =>
    startLocalOnboarding(options, { clients, env, log: events.log }),
  );
  onClose(() => onboarding.close());
  await onboard(onboarding, tenants);
  // From here on mParticle may misbehave; the tests of keys are none of what the run counts.
  if (batchesPerSecond !== undefined) standIn.setLimit(batchesPerSecond);
  standIn.setFaults(faults);
  standIn.beginAnew();
  isOnboarded = true;

  const connector = createConnector(
    env,
    { clients, clock: systemClock, random: Math.random, log: events.log },
    { onReports: events.onReports, nowMs: nowMs === undefined ? undefined : () => nowMs },
  );
  onClose(() => connector.close());
  const poller = startPoller({
    client: clients.sqs,
    queueUrl,
    sqsFunction: connector.sqsFunction,
    batchSize: 1_000,
    batchWindowSeconds: 0.3,
    maxConcurrency: 4,
    functionTimeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
    onError: events.onError,
    ...(nowMs !== undefined && { now: () => nowMs }),
  });
  onClose(() => poller.stop());
  return {
    sqs: clients.sqs,
    queueUrl,
    endpoint: aws.endpoint,
    standIn,
    onboarding,
    ledger: new DynamoLedgerAccounts({ client: clients.dynamodb, tableName, clock: systemClock }),
  };
}

/** The feeds that the stand-in knows: the tenants' and, to try the onboarding API with, one of either kind. */
function feedsOf(tenants: readonly StoredTenant[], { partnerIdentity, watch }: StartOptions): StandInFeed[] {
  const identity = partnerIdentity !== undefined && { partnerIdentity };
  const own = tenants.flatMap(({ feeds }) =>
    feeds.map(({ feed, credentials }) => ({ ...credentials, kind: feed.kind, ...identity })),
  );
  return watch ? [...own, ...TRIAL_KEYS.map((keys) => ({ ...keys, ...identity }))] : own;
}

async function orPortTaken<Server>(
  option: string,
  port: number,
  start: () => Promise<Server>,
): Promise<Server> {
  try {
    return await start();
  } catch (error) {
    if (
      error instanceof Error &&
      "code" in error &&
      (error.code === "EADDRINUSE" || error.code === "EACCES")
    ) {
      throw new UsageError(`${option} ${port}: the port is taken or not allowed`);
    }
    throw error;
  }
}
