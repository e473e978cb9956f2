import type { SQSClient } from "@aws-sdk/client-sqs";
import type { FeedReport } from "../../functions/deliver-events/report.ts";
import { DynamoLedgerAccounts } from "../../shared/aws/ledger-accounts.ts";
import type { LedgerAccounts, Log } from "../../shared/ports.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import { startEmbeddedAws } from "../aws/embedded-aws.ts";
import { provision } from "../aws/provision.ts";
import { connectorEnv, createClients, createConnector, destroyClients, SECRET_PREFIX } from "../connector.ts";
import { startPoller } from "../poller.ts";
import type { RequestLine } from "../stand-in/request-line.ts";
import { type StandIn, startStandIn } from "../stand-in/stand-in.ts";
import { type StoredTenant, storeTenants } from "../store-tenants.ts";
import type { StartOptions } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** Everything that runs in a local run. */
export interface Stack {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** What `AWS_ENDPOINT_URL` is to be set to. */
  readonly endpoint: string;
  readonly standIn: StandIn;
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
  const { nowMs, partnerIdentity, batchesPerSecond, faults } = options;
  const standIn = await orPortTaken("--stand-in-port", options.standInPort, () =>
    startStandIn({
      port: options.standInPort,
      feeds: tenants.flatMap(({ feeds }) =>
        feeds.map(({ feed, credentials }) => ({
          ...credentials,
          kind: feed.kind,
          ...(partnerIdentity !== undefined && { partnerIdentity }),
        })),
      ),
      faults,
      onRequest: events.onRequest,
      ...(batchesPerSecond !== undefined && { batchesPerSecond }),
      ...(nowMs !== undefined && { clock: { nowMs: () => nowMs } }),
    }),
  );
  const aws = await orPortTaken("--port", options.port, () => startEmbeddedAws({ port: options.port })).catch(
    async (error) => {
      await standIn.close();
      throw error;
    },
  );
  const state = await provision(aws, { visibilityTimeoutSeconds: 6 * FUNCTION_TIMEOUT_SECONDS });
  const { queueUrl, tableName } = state;
  const clients = createClients(aws.clientConfig);
  await storeTenants(tenants, { ...clients, tableName, secretPrefix: SECRET_PREFIX });

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
  const connector = createConnector(
    env,
    { clients, clock: systemClock, random: Math.random, log: events.log },
    { onReports: events.onReports, nowMs: nowMs === undefined ? undefined : () => nowMs },
  );
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
  return {
    sqs: clients.sqs,
    queueUrl,
    endpoint: aws.endpoint,
    standIn,
    ledger: new DynamoLedgerAccounts({ client: clients.dynamodb, tableName, clock: systemClock }),
    async close() {
      await poller.stop();
      connector.close();
      destroyClients(clients);
      await Promise.all([aws.close(), standIn.close()]);
    },
  };
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
