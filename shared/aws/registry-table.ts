import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { convertToAttr, marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { BatchGetOptions } from "./batch-get.ts";
import { isWritten } from "./is-written.ts";

export type Item = Record<string, AttributeValue>;

export interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
}

/** Items of tenants in the table: read as they are now, and written where a condition holds. */
export class RegistryTable {
  readonly options: BatchGetOptions;

  constructor(options: BatchGetOptions) {
    this.options = options;
  }

  async get(Key: Item): Promise<Item | undefined> {
    const { client, tableName: TableName } = this.options;
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return Item;
  }

  /** Pages of a tenant's items, in the order of `sk`. A page ends at 1 MB of what is stored, however little of it is asked for. */
  async *pages(
    tenantId: string,
    [from, to]: readonly [from: string, to: string],
    query: Partial<QueryCommandInput> = {},
  ): AsyncGenerator<readonly Item[]> {
    const { client, tableName: TableName } = this.options;
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
        ExpressionAttributeValues: {
          ":pk": { S: `tenant#${tenantId}` },
          ":from": { S: from },
          ":to": { S: to },
        },
        ConsistentRead: true,
        ...query,
      },
    );
    for await (const { Items = [] } of pages) yield Items;
  }

  /** @returns false: the condition did not hold, and nothing was written. */
  put(item: object, condition?: Condition): Promise<boolean> {
    const { client, tableName: TableName } = this.options;
    const Item = marshall(item, { removeUndefinedValues: true, allowImpreciseNumbers: true });
    return isWritten(client.send(new PutItemCommand({ TableName, Item, ...condition })));
  }

  /** @returns false: the condition did not hold, and nothing was deleted. */
  delete(Key: Item, condition?: Condition): Promise<boolean> {
    const { client, tableName: TableName } = this.options;
    return isWritten(client.send(new DeleteItemCommand({ TableName, Key, ...condition })));
  }
}

/** What an item holds, whatever it is: numbers that are none of JavaScript's become the nearest. */
export function fieldsIn(item: Item): Record<string, unknown> {
  return unmarshall(item, { wrapNumbers: Number });
}

export function keyOf(tenantId: string, sk: string): Item {
  return { pk: { S: `tenant#${tenantId}` }, sk: { S: sk } };
}

/** The first and the last place that begins with a prefix: "$" follows "#", and neither is part of an id. */
export function under(prefix: `${string}#`): readonly [from: string, to: string] {
  return [prefix, `${prefix.slice(0, -1)}$`];
}

/**
 * The condition that an item is as it was read: in its revision, which each change through the API gives anew, and in those fields
 * that delivery changes. Whether they hold what they should does not matter.
 *
 * @param before - Undefined: the item was not there.
 */
export function unchanged(
  before: { readonly [Field in Watched]?: unknown } | undefined,
  watched: readonly Watched[] = ["revision"],
): Condition {
  if (!before) return { ConditionExpression: "attribute_not_exists(pk)" };
  const held = watched.filter((field) => before[field] !== undefined);
  return {
    ConditionExpression: [
      "attribute_exists(pk)",
      ...watched.map((field) =>
        held.includes(field) ? isAs(field, before) : `attribute_not_exists(#${field})`,
      ),
    ].join(" AND "),
    ExpressionAttributeNames: Object.fromEntries(watched.map((field) => [`#${field}`, field])),
    ...(held.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(
        held.map((field) => [`:${field}`, convertToAttr(before[field], { allowImpreciseNumbers: true })]),
      ),
    }),
  };
}

export type Watched = "revision" | "status" | "refusedSecretVersion";

/** An item without a status has the default one. */
function isAs(field: Watched, before: { readonly status?: unknown }): string {
  const isSame = `#${field} = :${field}`;
  return field === "status" && before.status === "pending"
    ? `(attribute_not_exists(#${field}) OR ${isSame})`
    : isSame;
}
