import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Clock } from "../ports.ts";
import { DynamoAuditTrail } from "./audit-trail.ts";
import { DynamoConnectLinks } from "./connect-links.ts";
import { DynamoKeyClaims } from "./key-claims.ts";
import { SecretsManagerWriter } from "./secret-writer.ts";
import { DynamoTenantRegistry } from "./tenant-registry.ts";

/** Of the environment variables of the functions that write what onboarding keeps. */
export interface OnboardingStoresEnv {
  readonly TABLE_NAME: string;
  readonly SECRET_PREFIX: string;
  /** Absent or empty: AWS's own key. */
  readonly SECRET_KEY_ARN?: string;
  /** Absent: it never has a secret deleted. */
  readonly SECRET_RECOVERY_DAYS?: number;
}

export interface OnboardingStoresWorld {
  readonly clients: { readonly dynamodb: DynamoDBClient; readonly secretsManager: SecretsManagerClient };
  readonly clock: Clock;
}

/** Where onboarding keeps tenants and feeds, their keys, their links and what was done. */
export function onboardingStores(env: OnboardingStoresEnv, { clients, clock }: OnboardingStoresWorld) {
  const table = { client: clients.dynamodb, tableName: env.TABLE_NAME, clock };
  return {
    registry: new DynamoTenantRegistry(table),
    claims: new DynamoKeyClaims(table),
    secrets: new SecretsManagerWriter({
      client: clients.secretsManager,
      prefix: env.SECRET_PREFIX,
      keyArn: env.SECRET_KEY_ARN || undefined,
      ...(env.SECRET_RECOVERY_DAYS !== undefined && { recoveryDays: env.SECRET_RECOVERY_DAYS }),
    }),
    links: new DynamoConnectLinks(table),
    audit: new DynamoAuditTrail({ ...table, uniqueId: () => randomUUID().slice(0, 8) }),
  };
}
