import { randomBytes, randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoAuditTrail } from "../../shared/aws/audit-trail.ts";
import { DynamoTenantRegistry } from "../../shared/aws/tenant-registry.ts";
import type { Clock, Log } from "../../shared/ports.ts";
import type { FeedChanges } from "../../shared/ports-onboarding.ts";
import type { OnboardingApiEnv } from "./env.schema.ts";
import type { OnboardingDeps } from "./use-case.ts";

export interface OnboardingWorld {
  readonly clients: { readonly dynamodb: DynamoDBClient };
  readonly changes: FeedChanges;
  readonly clock: Clock;
  readonly log: Log;
}

/** Everything that onboarding needs, from settings and clients: once per cold start. */
export function createDeps(
  env: OnboardingApiEnv,
  { clients, changes, clock, log }: OnboardingWorld,
): OnboardingDeps {
  const table = { client: clients.dynamodb, tableName: env.TABLE_NAME, clock };
  return {
    registry: new DynamoTenantRegistry(table),
    audit: new DynamoAuditTrail({ ...table, uniqueId: () => randomUUID().slice(0, 8) }),
    changes,
    clock,
    randomText: (bytes) => randomBytes(bytes).toString("base64url"),
    log,
    settings: { graceDays: env.GRACE_DAYS },
  };
}
