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
import { assertPartnerUrl } from "../../shared/mparticle/endpoint.ts";
import { HttpEventsApi } from "../../shared/mparticle/events-api.ts";
import { HttpKeyProver } from "../../shared/mparticle/key-prover.ts";
import type { Clock, Log } from "../../shared/ports.ts";
import type { FeedChanges, Replays, StoredKeyProver } from "../../shared/ports-onboarding.ts";
import type { OnboardingApiEnv } from "./env.schema.ts";
import type { OnboardingDeps } from "./use-case.ts";

export interface OnboardingWorld {
  readonly clients: {
    readonly dynamodb: DynamoDBClient;
    readonly secretsManager: SecretsManagerClient;
    readonly s3: S3Client;
  };
  readonly replays: Replays;
  readonly storedKeys: StoredKeyProver;
  readonly changes: FeedChanges;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Everything that onboarding needs, from settings and clients: once per cold start.
 *
 * @throws {ConfigError} for a partner URL that keys must not be sent to.
 */
export function createDeps(
  env: OnboardingApiEnv,
  { clients, changes, storedKeys, replays, clock, log }: OnboardingWorld,
): OnboardingDeps & { close(): void } {
  const table = { client: clients.dynamodb, tableName: env.TABLE_NAME, clock };
  const events = new HttpEventsApi({
    partnerUrl: assertPartnerUrl(env.PARTNER_URL, env.STAGE),
    maxSockets: 16,
    clock,
  });
  return {
    registry: new DynamoTenantRegistry(table),
    audit: new DynamoAuditTrail({ ...table, uniqueId: () => randomUUID().slice(0, 8) }),
    claims: new DynamoKeyClaims(table),
    secrets: new SecretsManagerWriter({
      client: clients.secretsManager,
      prefix: env.SECRET_PREFIX,
      keyArn: env.SECRET_KEY_ARN || undefined,
      recoveryDays: env.SECRET_RECOVERY_DAYS,
    }),
    prover: new HttpKeyProver({ events, clock, uniqueId: randomUUID, timeoutMs: env.PROOF_TIMEOUT_MS }),
    storedKeys,
    changes,
    links: new DynamoConnectLinks(table),
    ledger: new DynamoLedgerAccounts(table),
    parked: new S3ParkedStore({ client: clients.s3, bucketName: env.BUCKET_NAME, log }),
    replays,
    clock,
    randomText: (bytes) => randomBytes(bytes).toString("base64url"),
    log,
    settings: {
      graceDays: env.GRACE_DAYS,
      connectUrl: env.CONNECT_URL || undefined,
      partnerIdentity: env.PARTNER_IDENTITY || undefined,
    },
    close: () => events.close(),
  };
}
