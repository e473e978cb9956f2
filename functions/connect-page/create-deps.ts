import { randomBytes, randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DynamoAuditTrail } from "../../shared/aws/audit-trail.ts";
import { DynamoConnectLinks } from "../../shared/aws/connect-links.ts";
import { DynamoKeyClaims } from "../../shared/aws/key-claims.ts";
import { SecretsManagerWriter } from "../../shared/aws/secret-writer.ts";
import { DynamoTenantRegistry } from "../../shared/aws/tenant-registry.ts";
import { assertPartnerUrl } from "../../shared/mparticle/endpoint.ts";
import { HttpEventsApi } from "../../shared/mparticle/events-api.ts";
import { HttpKeyProver } from "../../shared/mparticle/key-prover.ts";
import type { Clock } from "../../shared/ports.ts";
import type { FeedChanges } from "../../shared/ports-onboarding.ts";
import type { ConnectPageEnv } from "./env.schema.ts";
import type { OnboardingLinksDeps } from "./onboarding-links.ts";

export interface ConnectPageWorld {
  readonly clients: { readonly dynamodb: DynamoDBClient; readonly secretsManager: SecretsManagerClient };
  readonly changes: FeedChanges;
  readonly clock: Clock;
}

/**
 * Everything that the page needs of onboarding, from settings and clients: once per cold start.
 *
 * @throws {ConfigError} for a partner URL that keys must not be sent to.
 */
export function createDeps(
  env: ConnectPageEnv,
  { clients, changes, clock }: ConnectPageWorld,
): OnboardingLinksDeps {
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
    links: new DynamoConnectLinks(table),
    changes,
    clock,
    randomText: (bytes) => randomBytes(bytes).toString("base64url"),
  };
}
