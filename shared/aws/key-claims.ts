import { DeleteItemCommand, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { FeedId, KeyClaims } from "../ports-onboarding.ts";
import { isWritten } from "./is-written.ts";

export interface DynamoKeyClaimsOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** Whose an API key is: `pk` = `key#<SHA-256 of the key>`, `sk` = `claim`, with the tenant and those of its feeds that use it. */
export class DynamoKeyClaims implements KeyClaims {
  readonly #options: DynamoKeyClaimsOptions;

  constructor(options: DynamoKeyClaimsOptions) {
    this.#options = options;
  }

  claim(keyHash: string, { tenantId, feedId }: FeedId): Promise<boolean> {
    const { client, tableName: TableName } = this.#options;
    return isWritten(
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(keyHash),
          UpdateExpression: "SET tenantId = :tenant ADD feeds :feed",
          ConditionExpression: "attribute_not_exists(pk) OR tenantId = :tenant",
          ExpressionAttributeValues: { ":tenant": { S: tenantId }, ":feed": { SS: [feedId] } },
        }),
      ),
    );
  }

  async release(keyHash: string, { tenantId, feedId }: FeedId): Promise<void> {
    const { client, tableName: TableName } = this.#options;
    const Key = keyOf(keyHash);
    await isWritten(
      client.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: "DELETE feeds :feed",
          ConditionExpression: "tenantId = :tenant",
          ExpressionAttributeValues: { ":tenant": { S: tenantId }, ":feed": { SS: [feedId] } },
        }),
      ),
    );
    // DynamoDB keeps no empty set: without it, no feed has the key any more.
    await isWritten(
      client.send(
        new DeleteItemCommand({
          TableName,
          Key,
          ConditionExpression: "tenantId = :tenant AND attribute_not_exists(feeds)",
          ExpressionAttributeValues: { ":tenant": { S: tenantId } },
        }),
      ),
    );
  }
}

function keyOf(keyHash: string) {
  return { pk: { S: `key#${keyHash}` }, sk: { S: "claim" } };
}
