import type { S3Client } from "@aws-sdk/client-s3";
import { DynamoLedgerAccounts } from "../../shared/aws/ledger-accounts.ts";
import { type OnboardingStoresWorld, onboardingStores } from "../../shared/aws/onboarding-stores.ts";
import { S3ParkedStore } from "../../shared/aws/parked-store.ts";
import { DynamoUpkeepPlace } from "../../shared/aws/upkeep-place.ts";
import type { Log } from "../../shared/ports.ts";
import type { FeedChanges } from "../../shared/ports-onboarding.ts";
import { randomText } from "../../shared/runtime/random-text.ts";
import type { OnboardingUpkeepEnv } from "./env.schema.ts";
import type { UpkeepDeps } from "./upkeep.ts";

export interface UpkeepWorld extends OnboardingStoresWorld {
  readonly clients: OnboardingStoresWorld["clients"] & { readonly s3: S3Client };
  readonly changes: FeedChanges;
  readonly log: Log;
}

/** Everything that upkeep needs, from settings and clients: once per cold start. */
export function createDeps(env: OnboardingUpkeepEnv, world: UpkeepWorld): UpkeepDeps {
  const { clients, changes, clock, log } = world;
  const table = { client: clients.dynamodb, tableName: env.TABLE_NAME };
  return {
    ...onboardingStores(env, world),
    changes,
    ledger: new DynamoLedgerAccounts({ ...table, clock }),
    place: new DynamoUpkeepPlace(table),
    parked: new S3ParkedStore({ client: clients.s3, bucketName: env.BUCKET_NAME, log }),
    clock,
    randomText,
    log,
  };
}
