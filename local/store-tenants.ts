import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Credentials, Feed, Tenant } from "../shared/core/tenant.schema.ts";

export interface StoredTenant {
  readonly tenant: Tenant;
  readonly feeds: readonly { readonly feed: Feed; readonly credentials: Credentials }[];
}

export interface TenantStorage {
  readonly dynamodb: DynamoDBClient;
  readonly secretsManager: SecretsManagerClient;
  readonly tableName: string;
  readonly secretPrefix: string;
}

/** Stores tenants, feeds and keys as the connector expects them: what onboarding does for a real customer. */
export async function storeTenants(tenants: readonly StoredTenant[], storage: TenantStorage): Promise<void> {
  const { dynamodb, secretsManager, tableName: TableName, secretPrefix } = storage;
  const put = (tenantId: string, sk: string, document: object) =>
    dynamodb.send(
      new PutItemCommand({
        TableName,
        Item: marshall({ pk: `tenant#${tenantId}`, sk, ...document }, { removeUndefinedValues: true }),
      }),
    );
  for (const { tenant, feeds } of tenants) {
    const { tenantId } = tenant;
    await put(tenantId, "profile", tenant);
    for (const { feed, credentials } of feeds) {
      await put(tenantId, `feed#${feed.feedId}`, feed);
      await secretsManager.send(
        new CreateSecretCommand({
          Name: `${secretPrefix}/${tenantId}/${feed.feedId}`,
          SecretString: JSON.stringify({ apiKey: credentials.apiKey, apiSecret: credentials.apiSecret }),
        }),
      );
    }
  }
}
