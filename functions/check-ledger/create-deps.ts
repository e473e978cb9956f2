import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoLedgerAccounts } from "../../shared/aws/ledger-accounts.ts";
import { SqsQueueDepth } from "../../shared/aws/queue-depth.ts";
import type { Clock } from "../../shared/ports.ts";
import type { CheckLedgerDeps } from "./check-ledger.ts";
import type { CheckLedgerEnv } from "./env.schema.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface CheckLedgerWorld {
  readonly clients: { readonly sqs: SQSClient; readonly dynamodb: DynamoDBClient };
  readonly clock: Clock;
}

/** Everything that checking needs, from settings and clients: once per cold start. */
export function createDeps(env: CheckLedgerEnv, { clients, clock }: CheckLedgerWorld): CheckLedgerDeps {
  return {
    accounts: new DynamoLedgerAccounts({ client: clients.dynamodb, tableName: env.TABLE_NAME, clock }),
    queues: new SqsQueueDepth({
      client: clients.sqs,
      liveUrl: env.QUEUE_URL,
      otherUrls: env.OTHER_QUEUE_URLS.split(","),
    }),
    clock,
    settings: {
      hours: env.CHECK_HOURS,
      quietMs: env.QUIET_MINUTES * MINUTE_MS,
      queueRetentionMs: env.QUEUE_RETENTION_DAYS * DAY_MS,
    },
  };
}
