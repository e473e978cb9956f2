import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { SqsIngestQueue } from "../../shared/aws/ingest-queue.ts";
import { DynamoLedger } from "../../shared/aws/ledger-store.ts";
import { S3ParkedStore } from "../../shared/aws/parked-store.ts";
import { DynamoTenantStore } from "../../shared/aws/tenant-store.ts";
import type { Clock, Log } from "../../shared/ports.ts";
import type { ReleasePace } from "../../shared/ports-parked.ts";
import { PutBack } from "../../shared/requeue/put-back.ts";
import type { ReplayRejectedEnv } from "./env.schema.ts";
import type { ReplayDeps } from "./replay-rejected.ts";

export interface ReplayWorld {
  readonly clients: {
    readonly sqs: SQSClient;
    readonly dynamodb: DynamoDBClient;
    readonly s3: S3Client;
  };
  readonly pace: ReleasePace;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** Everything that replaying needs, from settings and clients: once per cold start. */
export function createDeps(env: ReplayRejectedEnv, world: ReplayWorld): ReplayDeps {
  const { clients, pace, clock, random, log } = world;
  const table = { client: clients.dynamodb, tableName: env.TABLE_NAME };
  const store = new S3ParkedStore({ client: clients.s3, bucketName: env.BUCKET_NAME, log });
  const queueOf = (queueUrl: string) => new SqsIngestQueue({ client: clients.sqs, queueUrl, clock, log });
  return {
    store,
    tenants: new DynamoTenantStore({ ...table, clock, random, log }),
    pace,
    putBack: new PutBack({
      store,
      queues: { live: queueOf(env.QUEUE_URL), backfill: queueOf(env.BACKFILL_QUEUE_URL) },
      ledger: new DynamoLedger({ ...table, clock, log, writerId: randomUUID().slice(0, 8) }),
      log,
    }),
    clock,
    log,
  };
}
