import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Clock } from "../ports.ts";

/** DynamoDB: most items of one BatchGetItem. */
export const MAX_BATCH_GET = 100;

/** Times that items which DynamoDB did not get to are asked for again, and milliseconds before the first of them. */
const MAX_REPEATS = 6;
const REPEAT_AFTER_MS = 100;

type Item = Record<string, AttributeValue>;

export interface BatchGetOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Pick<Clock, "sleep">;
}

/**
 * Up to {@link MAX_BATCH_GET} items as they are now, in any order. Those that are not there are left out.
 *
 * @param keys - Of what else than `pk` and `sk` stands in them no notice is taken.
 * @throws when DynamoDB does not get to all of them, asked for the rest again and again.
 */
export async function batchGet(
  keys: readonly Item[],
  { client, tableName, clock }: BatchGetOptions,
): Promise<Item[]> {
  const items: Item[] = [];
  let wanted = keys.map(({ pk, sk }) => ({ pk, sk }) as Item);
  for (let repeats = 0; wanted.length > 0; repeats++) {
    if (repeats > MAX_REPEATS) throw new Error(`${wanted.length} items of the table could not be read`);
    if (repeats > 0) await clock.sleep(REPEAT_AFTER_MS * 2 ** (repeats - 1));
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: wanted, ConsistentRead: true } } }),
    );
    items.push(...(Responses?.[tableName] ?? []));
    wanted = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return items;
}
