import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { ConfigError } from "../core/config-error.ts";
import { nameOf } from "../core/error-name.ts";
import type { ArchivedMapping, FeedRecord, TenantRecord } from "../core/onboarding/record.schema.ts";
import { parseArchivedMapping, parseFeedRecord, parseTenantRecord } from "../core/validators.ts";
import type { FeedId, PageRequest, TenantPage, TenantRegistry } from "../ports-onboarding.ts";
import { type BatchGetOptions, batchGet } from "./batch-get.ts";
import { isWritten } from "./is-written.ts";

/** Partition of the list of tenants: `sk` is the tenant's id. The table is never scanned; it holds ledgers and flows too. */
const LIST = "tenants";

type Item = Record<string, AttributeValue>;

/** Tenants and feeds as items that delivery reads (`tenant-store.ts`), each beside what only onboarding needs of it. */
export class DynamoTenantRegistry implements TenantRegistry {
  readonly #options: BatchGetOptions;

  constructor(options: BatchGetOptions) {
    this.#options = options;
  }

  async tenants({ limit, after }: PageRequest): Promise<TenantPage> {
    const { client, tableName } = this.#options;
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: after === undefined ? "pk = :pk" : "pk = :pk AND sk > :after",
        ExpressionAttributeValues: {
          ":pk": { S: LIST },
          ...(after !== undefined && { ":after": { S: after } }),
        },
        ConsistentRead: true,
        Limit: limit,
      }),
    );
    const ids = Items.flatMap(({ sk }) => sk?.S ?? []);
    const read = await batchGet(
      ids.map((id) => keyOf(id, "profile")),
      this.#options,
    );
    // An id whose tenant is not there: its creation did not come to its end.
    const entries: TenantRecord[] = [];
    const unreadable: string[] = [];
    for (const item of read) {
      try {
        entries.push(parseTenantRecord(unmarshall(item)));
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        unreadable.push((item["pk"]?.S ?? "").replace("tenant#", ""));
      }
    }
    entries.sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
    const last = LastEvaluatedKey && ids.at(-1);
    return { entries, unreadable, ...(last !== undefined && { next: last }) };
  }

  async tenant(tenantId: string): Promise<TenantRecord | undefined> {
    return this.#read(parseTenantRecord, keyOf(tenantId, "profile"));
  }

  async saveTenant(next: TenantRecord, before: TenantRecord | undefined): Promise<boolean> {
    // First, so that no tenant is missing from the list.
    if (!before) await this.#put({ pk: LIST, sk: next.tenantId });
    const key = { pk: `tenant#${next.tenantId}`, sk: "profile" };
    return this.#put({ ...key, ...next }, sameRevision(before));
  }

  async removeTenant(before: TenantRecord): Promise<boolean> {
    const isRemoved = await this.#delete(keyOf(before.tenantId, "profile"), sameRevision(before));
    if (!isRemoved) return false;
    await this.#delete({ pk: { S: LIST }, sk: { S: before.tenantId } });
    // Who created it anew meanwhile put it on the list before.
    if (await this.tenant(before.tenantId)) await this.#put({ pk: LIST, sk: before.tenantId });
    return true;
  }

  async feeds(tenantId: string): Promise<readonly FeedRecord[]> {
    const { client, tableName: TableName } = this.#options;
    const feeds: FeedRecord[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :feed)",
        ExpressionAttributeValues: { ":pk": { S: `tenant#${tenantId}` }, ":feed": { S: "feed#" } },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages)
      feeds.push(...Items.map((item) => recordOf(parseFeedRecord, item)));
    return feeds;
  }

  async feed(tenantId: string, feedId: string): Promise<FeedRecord | undefined> {
    return this.#read(parseFeedRecord, keyOf(tenantId, `feed#${feedId}`));
  }

  async saveFeed(tenantId: string, next: FeedRecord, before: FeedRecord | undefined): Promise<boolean> {
    const key = { pk: `tenant#${tenantId}`, sk: `feed#${next.feedId}` };
    // First, and as it was read: should the feed have changed meanwhile, its former mapping is kept all the same.
    if (before && versionOf(next) !== versionOf(before)) await this.#archive(tenantId, before);
    return this.#put({ ...key, ...next }, sameFeed(before));
  }

  /** Its flow state and names first: a feed that is created under the id is another one, of which neither is known. */
  async removeFeed(tenantId: string, before: FeedRecord): Promise<boolean> {
    for (const kind of ["flow", "names"]) await this.#delete(keyOf(tenantId, `${kind}#${before.feedId}`));
    const isRemoved = await this.#delete(keyOf(tenantId, `feed#${before.feedId}`), sameFeed(before));
    // What stays, should this fail, is written over before anybody can see it: a new feed counts its mappings anew.
    if (isRemoved)
      for (let version = versionOf(before) - 1; version > 0; version--)
        await this.#delete(mappingKey({ tenantId, feedId: before.feedId }, version));
    return isRemoved;
  }

  async mappings(feed: FeedId, before: number, limit: number) {
    if (before <= 1) return [];
    const { client, tableName: TableName } = this.#options;
    const versions: Omit<ArchivedMapping, "mapping">[] = [];
    // A page ends at 1 MB of what is stored, documents included, however little of it is asked for.
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues: {
          ":pk": { S: `tenant#${feed.tenantId}` },
          ":first": { S: mappingSk(feed.feedId, 1) },
          ":last": { S: mappingSk(feed.feedId, before - 1) },
        },
        ProjectionExpression: "pk, sk, version, since",
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: limit,
      },
    );
    for await (const { Items = [] } of pages) {
      versions.push(...Items.map(versionIn));
      if (versions.length >= limit) break;
    }
    return versions.slice(0, limit);
  }

  async mapping(feed: FeedId, version: number): Promise<ArchivedMapping | undefined> {
    return this.#read(parseArchivedMapping, mappingKey(feed, version));
  }

  #archive(tenantId: string, feed: FeedRecord): Promise<boolean> {
    const { feedId, mapping, mappingSince: since = feed.createdAt } = feed;
    const version = versionOf(feed);
    const archived: ArchivedMapping = { version, since, mapping };
    return this.#put({ pk: `tenant#${tenantId}`, sk: mappingSk(feedId, version), ...archived });
  }

  async #read<Kept>(parse: (value: unknown) => Kept, Key: Item): Promise<Kept | undefined> {
    const { client, tableName: TableName } = this.#options;
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return Item && recordOf(parse, Item);
  }

  #put(item: object, condition?: Condition): Promise<boolean> {
    const { client, tableName: TableName } = this.#options;
    const Item = marshall(item, { removeUndefinedValues: true });
    return isWritten(client.send(new PutItemCommand({ TableName, Item, ...condition })));
  }

  #delete(Key: Item, condition?: Condition): Promise<boolean> {
    const { client, tableName: TableName } = this.#options;
    return isWritten(client.send(new DeleteItemCommand({ TableName, Key, ...condition })));
  }
}

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
}

function sameRevision(before: { readonly revision?: string | undefined } | undefined): Condition {
  if (!before) return { ConditionExpression: "attribute_not_exists(pk)" };
  if (before.revision === undefined)
    return { ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(revision)" };
  return {
    ConditionExpression: "revision = :revision",
    ExpressionAttributeValues: { ":revision": { S: before.revision } },
  };
}

/** Delivery changes status and refused version, and no revision: they are compared as well. */
function sameFeed(before: FeedRecord | undefined): Condition {
  const revision = sameRevision(before);
  if (!before) return revision;
  const { status, refusedSecretVersion: refused } = before;
  return {
    ConditionExpression: [
      revision.ConditionExpression,
      // An item without a status has the default one.
      status === "pending" ? "(attribute_not_exists(#status) OR #status = :status)" : "#status = :status",
      refused === undefined
        ? "attribute_not_exists(refusedSecretVersion)"
        : "refusedSecretVersion = :refused",
    ].join(" AND "),
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: {
      ...revision.ExpressionAttributeValues,
      ":status": { S: status },
      ...(refused !== undefined && { ":refused": { S: refused } }),
    },
  };
}

/** Feeds that were stored before there were versions, or without the API, have their first mapping. */
function versionOf({ mappingVersion = 1 }: FeedRecord): number {
  return mappingVersion;
}

function mappingKey({ tenantId, feedId }: FeedId, version: number): Item {
  return keyOf(tenantId, mappingSk(feedId, version));
}

/** An archived mapping without its document. */
function versionIn(item: Item): Omit<ArchivedMapping, "mapping"> {
  const { version, since } = unmarshall(item) as Omit<ArchivedMapping, "mapping">;
  return { version, ...(since !== undefined && { since }) };
}

/** In the order of the versions. */
function mappingSk(feedId: string, version: number): string {
  return `mapping#${feedId}#${String(version).padStart(8, "0")}`;
}

function keyOf(tenantId: string, sk: string): Item {
  return { pk: { S: `tenant#${tenantId}` }, sk: { S: sk } };
}

/** @throws where the table holds what no tenant or feed can be. */
function recordOf<Kept>(parse: (value: unknown) => Kept, item: Item): Kept {
  try {
    return parse(unmarshall(item));
  } catch (error) {
    const problem = error instanceof ConfigError ? error.message : nameOf(error);
    throw new Error(`The item ${item["pk"]?.S} ${item["sk"]?.S} cannot be read: ${problem}`);
  }
}
