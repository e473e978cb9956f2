import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { UpkeepPlace } from "../ports-onboarding.ts";

export interface DynamoUpkeepPlaceOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

const KEY = { pk: { S: "upkeep" }, sk: { S: "place" } };

/** Where upkeep stopped: one item, `pk` = `upkeep`, `sk` = `place`, in a partition that nothing else uses. */
export class DynamoUpkeepPlace implements UpkeepPlace {
  readonly #options: DynamoUpkeepPlaceOptions;

  constructor(options: DynamoUpkeepPlaceOptions) {
    this.#options = options;
  }

  async read(): Promise<string | undefined> {
    const { client, tableName: TableName } = this.#options;
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: KEY, ConsistentRead: true }));
    return Item?.["tenantId"]?.S;
  }

  async save(tenantId: string): Promise<void> {
    const { client, tableName: TableName } = this.#options;
    await client.send(new PutItemCommand({ TableName, Item: { ...KEY, tenantId: { S: tenantId } } }));
  }
}
