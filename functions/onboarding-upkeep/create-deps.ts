import { randomBytes, randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DynamoAuditTrail } from "../../shared/aws/audit-trail.ts";
import { DynamoConnectLinks } from "../../shared/aws/connect-links.ts";
import { DynamoKeyClaims } from "../../shared/aws/key-claims.ts";
import { DynamoLedgerAccounts } from "../../shared/aws/ledger-accounts.ts";
import { S3ParkedStore } from "../../shared/aws/parked-store.ts";
import { SecretsManagerWriter } from "../../shared/aws/secret-writer.ts";
import { DynamoTenantRegistry } from "../../shared/aws/tenant-registry.ts";
import type { Clock, Log } from "../../shared/ports.ts";
import type { FeedChanges } from "../../shared/ports-onboarding.ts";
import type { OnboardingUpkeepEnv } from "./env.schema.ts";
import type { UpkeepDeps } from "./upkeep.ts";

export interface UpkeepWorld {
  readonly clients: {
    readonly dynamodb: DynamoDBClient;
    readonly secretsManager: SecretsManagerClient;
    readonly s3: S3Client;
  };
  readonly changes: FeedChanges;
  readonly clock: Clock;
  readonly log: Log;
}

/** Everything that upkeep needs, from settings and clients: once per cold start. */
export function createDeps(
  env: OnboardingUpkeepEnv,
  { clients, changes, clock, log }: UpkeepWorld,
): UpkeepDeps {
  const table = { client: clients.dynamodb, tableName: env.TABLE_NAME, clock };
  return {
    registry: new DynamoTenantRegistry(table),
    secrets: new SecretsManagerWriter({
      client: clients.secretsManager,
      prefix: env.SECRET_PREFIX,
      recoveryDays: env.SECRET_RECOVERY_DAYS,
    }),
    claims: new DynamoKeyClaims(table),
    links: new DynamoConnectLinks(table),
    audit: new DynamoAuditTrail({ ...table, uniqueId: () => randomUUID().slice(0, 8) }),
    changes,
    ledger: new DynamoLedgerAccounts(table),
    parked: new S3ParkedStore({ client: clients.s3, bucketName: env.BUCKET_NAME, log }),
    clock,
    randomText: (bytes) => randomBytes(bytes).toString("base64url"),
    log,
  };
}
