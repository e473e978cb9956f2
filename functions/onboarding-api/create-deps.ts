import type { S3Client } from "@aws-sdk/client-s3";
import { DynamoEventNameCounts } from "../../shared/aws/event-name-counts.ts";
import { DynamoLedgerAccounts } from "../../shared/aws/ledger-accounts.ts";
import { type OnboardingStoresWorld, onboardingStores } from "../../shared/aws/onboarding-stores.ts";
import { S3ParkedStore } from "../../shared/aws/parked-store.ts";
import { createKeyProver } from "../../shared/mparticle/key-prover.ts";
import type { Log } from "../../shared/ports.ts";
import type { FeedChanges, Replays, StoredKeyProver } from "../../shared/ports-onboarding.ts";
import { randomText } from "../../shared/runtime/random-text.ts";
import type { OnboardingApiEnv } from "./env.schema.ts";
import type { OnboardingDeps } from "./use-case.ts";

export interface OnboardingWorld extends OnboardingStoresWorld {
  readonly clients: OnboardingStoresWorld["clients"] & { readonly s3: S3Client };
  readonly replays: Replays;
  readonly storedKeys: StoredKeyProver;
  readonly changes: FeedChanges;
  readonly log: Log;
}

/**
 * Everything that onboarding needs, from settings and clients: once per cold start.
 *
 * @throws {ConfigError} for a partner URL that keys must not be sent to.
 */
export function createDeps(
  env: OnboardingApiEnv,
  world: OnboardingWorld,
): OnboardingDeps & { close(): void } {
  const { clients, changes, storedKeys, replays, clock, log } = world;
  const prover = createKeyProver(env, clock);
  const table = { client: clients.dynamodb, tableName: env.TABLE_NAME };
  return {
    ...onboardingStores(env, world),
    prover,
    storedKeys,
    changes,
    ledger: new DynamoLedgerAccounts({ ...table, clock }),
    eventNames: new DynamoEventNameCounts(table),
    parked: new S3ParkedStore({ client: clients.s3, bucketName: env.BUCKET_NAME, log }),
    replays,
    clock,
    randomText,
    log,
    settings: {
      graceDays: env.GRACE_DAYS,
      connectUrl: env.CONNECT_URL || undefined,
      partnerIdentity: env.PARTNER_IDENTITY || undefined,
    },
    close: () => prover.close(),
  };
}
