import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoMessageClaims } from "../../shared/aws/claim-store.ts";
import { SecretsCredentialStore } from "../../shared/aws/credential-store.ts";
import { DynamoEventNames } from "../../shared/aws/event-name-store.ts";
import { DynamoFlowStore } from "../../shared/aws/flow-store.ts";
import { SqsIngestQueue } from "../../shared/aws/ingest-queue.ts";
import { DynamoLedger } from "../../shared/aws/ledger-store.ts";
import { S3ParkedEvents } from "../../shared/aws/parked-events.ts";
import { DynamoTenantStore } from "../../shared/aws/tenant-store.ts";
import { deferralSeconds } from "../../shared/core/backoff.ts";
import type { FlowSettings } from "../../shared/core/flow/flow-settings.ts";
import { assertPartnerUrl } from "../../shared/mparticle/endpoint.ts";
import { HttpEventsApi } from "../../shared/mparticle/events-api.ts";
import type { Clock, Log } from "../../shared/ports.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import type { DeliverEventsEnv } from "./env.schema.ts";

export interface DeliverWorld {
  readonly clients: {
    readonly sqs: SQSClient;
    readonly dynamodb: DynamoDBClient;
    readonly secretsManager: SecretsManagerClient;
    readonly s3: S3Client;
  };
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/**
 * Everything that delivering needs, from settings and clients: once per cold start.
 *
 * @throws {ConfigError} for a partner URL that keys must not be sent to.
 */
export function createDeps(
  env: DeliverEventsEnv,
  { clients, clock, random, log }: DeliverWorld,
): DeliverDeps & { close(): void } {
  const events = new HttpEventsApi({
    partnerUrl: assertPartnerUrl(env.PARTNER_URL, env.STAGE),
    maxSockets: env.MAX_CONCURRENT_REQUESTS,
    clock,
  });
  const flow: FlowSettings = {
    initialRate: env.INITIAL_RATE,
    paceMs: env.PACE_MS,
    maxLineMs: env.MAX_LINE_MS,
    maxHiddenMessages: env.MAX_HIDDEN_MESSAGES,
    backfillShare: env.BACKFILL_SHARE,
    maxInstances: env.MAX_INSTANCES,
  };
  const backoff = { baseSeconds: env.BACKOFF_BASE_SECONDS, maxSeconds: env.BACKOFF_MAX_SECONDS };
  return {
    tenants: new DynamoTenantStore({
      client: clients.dynamodb,
      tableName: env.TABLE_NAME,
      clock,
      random,
      log,
    }),
    credentials: new SecretsCredentialStore({
      client: clients.secretsManager,
      prefix: env.SECRET_PREFIX,
      clock,
      random,
      log,
    }),
    events,
    parked: new S3ParkedEvents({
      client: clients.s3,
      bucketName: env.BUCKET_NAME,
      clock,
      uniqueId: randomUUID,
    }),
    queue: new SqsIngestQueue({ client: clients.sqs, queueUrl: env.QUEUE_URL, clock, log }),
    claims: new DynamoMessageClaims({
      client: clients.dynamodb,
      tableName: env.TABLE_NAME,
      clock,
      log,
      uniqueId: () => randomUUID().slice(0, 8),
    }),
    ledger: new DynamoLedger({
      client: clients.dynamodb,
      tableName: env.TABLE_NAME,
      clock,
      log,
      writerId: randomUUID().slice(0, 8),
    }),
    names: new DynamoEventNames({ client: clients.dynamodb, tableName: env.TABLE_NAME, clock, log }),
    flow: new DynamoFlowStore({
      client: clients.dynamodb,
      tableName: env.TABLE_NAME,
      settings: flow,
      clock,
      random,
      log,
    }),
    clock,
    ageNowMs: () => clock.nowMs(),
    random,
    log,
    deferralSeconds: (receiveCount) => deferralSeconds(receiveCount, backoff, random()),
    settings: {
      lane: env.LANE,
      flow,
      partnerIdentity: env.PARTNER_IDENTITY || undefined,
      maxConcurrentRequests: env.MAX_CONCURRENT_REQUESTS,
      maxConcurrentRequestsPerFeed: env.MAX_CONCURRENT_REQUESTS_PER_FEED,
      requestTimeoutMs: env.REQUEST_TIMEOUT_MS,
      maxAttempts: env.MAX_ATTEMPTS,
      retryBaseMs: env.RETRY_BASE_MS,
      holdAfterReceives: env.HOLD_AFTER_RECEIVES,
    },
    close: () => events.close(),
  };
}
