import { DeleteItemCommand, type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { EventNameCounts, FeedId } from "../ports-onboarding.ts";
import { eventNamesKey } from "./event-names-key.ts";

export interface DynamoEventNameCountsOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** Reads and deletes the items that `event-name-store.ts` writes. */
export class DynamoEventNameCounts implements EventNameCounts {
  readonly #options: DynamoEventNameCountsOptions;

  constructor(options: DynamoEventNameCountsOptions) {
    this.#options = options;
  }

  async count(feed: FeedId): Promise<number> {
    const { client } = this.#options;
    const { Item } = await client.send(new GetItemCommand({ ...this.#item(feed), ConsistentRead: true }));
    return Item?.["names"]?.SS?.length ?? 0;
  }

  async reset(feed: FeedId): Promise<void> {
    await this.#options.client.send(new DeleteItemCommand(this.#item(feed)));
  }

  #item(feed: FeedId) {
    return { TableName: this.#options.tableName, Key: eventNamesKey(feed) };
  }
}
