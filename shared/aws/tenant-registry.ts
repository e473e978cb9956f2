import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { ConfigError } from "../core/config-error.ts";
import type { ArchivedMapping, FeedRecord, TenantRecord } from "../core/onboarding/record.schema.ts";
import { type StoredFeed, storedFeedOf } from "../core/onboarding/stored-feed.ts";
import { UnreadableRecordError } from "../core/onboarding/unreadable-record.ts";
import { parseArchivedMapping, parseFeedRecord, parseTenantRecord } from "../core/validators.ts";
import type {
  FeedId,
  FeedList,
  PageRequest,
  Revised,
  TenantPage,
  TenantRegistry,
} from "../ports-onboarding.ts";
import { type BatchGetOptions, batchGet } from "./batch-get.ts";
import { readable } from "./readable.ts";
import {
  fieldsIn,
  type Item,
  keyOf,
  RegistryTable,
  unchanged,
  under,
  type Watched,
} from "./registry-table.ts";

/** Partition of the list of tenants: `sk` is the tenant's id. The table is never scanned; it holds ledgers and flows too. */
const LIST = "tenants";

/** Delivery changes status and refused version, and no revision. */
const OF_FEED: readonly Watched[] = ["revision", "status", "refusedSecretVersion"];

/** Tenants and feeds as items that delivery reads (`tenant-store.ts`), each beside what only onboarding needs of it. */
export class DynamoTenantRegistry implements TenantRegistry {
  readonly #table: RegistryTable;

  constructor(options: BatchGetOptions) {
    this.#table = new RegistryTable(options);
  }

  async tenants({ limit, after }: PageRequest): Promise<TenantPage> {
    const { client, tableName } = this.#table.options;
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
      this.#table.options,
    );
    // An id whose tenant is not there: its creation did not come to its end.
    const { entries, unreadable } = sorted(read, tenantIn, tenantIdOf);
    entries.sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
    const last = LastEvaluatedKey && ids.at(-1);
    return { entries, unreadable, ...(last !== undefined && { next: last }) };
  }

  async tenant(tenantId: string): Promise<TenantRecord | undefined> {
    const item = await this.#table.get(keyOf(tenantId, "profile"));
    return item && tenantIn(item);
  }

  async storedTenant(tenantId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const item = await this.#table.get(keyOf(tenantId, "profile"));
    return item && fieldsIn(item);
  }

  async saveTenant(next: TenantRecord, before: Revised | undefined): Promise<boolean> {
    // First, so that no tenant is missing from the list.
    if (!before) await this.#table.put({ pk: LIST, sk: next.tenantId });
    const key = { pk: `tenant#${next.tenantId}`, sk: "profile" };
    return this.#table.put({ ...key, ...next }, unchanged(before));
  }

  async removeTenant(before: Revised & Pick<TenantRecord, "tenantId">): Promise<boolean> {
    const isRemoved = await this.#table.delete(keyOf(before.tenantId, "profile"), unchanged(before));
    if (!isRemoved) return false;
    await this.#table.delete({ pk: { S: LIST }, sk: { S: before.tenantId } });
    // Who created it anew meanwhile put it on the list before.
    if (await this.tenant(before.tenantId)) await this.#table.put({ pk: LIST, sk: before.tenantId });
    return true;
  }

  async feedIds(tenantId: string): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const items of this.#table.pages(tenantId, under("feed#"), { ProjectionExpression: "sk" }))
      ids.push(...items.map(feedIdOf));
    return ids;
  }

  async feeds(tenantId: string): Promise<FeedList> {
    const items: Item[] = [];
    for await (const page of this.#table.pages(tenantId, under("feed#"))) items.push(...page);
    return sorted(items, feedIn, feedIdOf);
  }

  async feed(tenantId: string, feedId: string): Promise<FeedRecord | undefined> {
    const item = await this.#table.get(keyOf(tenantId, `feed#${feedId}`));
    return item && feedIn(item);
  }

  async storedFeed(tenantId: string, feedId: string): Promise<StoredFeed | undefined> {
    const item = await this.#table.get(keyOf(tenantId, `feed#${feedId}`));
    return item && storedFeedOf(feedId, fieldsIn(item));
  }

  async saveFeed(
    tenantId: string,
    next: FeedRecord,
    before: FeedRecord | StoredFeed | undefined,
  ): Promise<boolean> {
    // First, and as it was read: should the feed have changed meanwhile, its former mapping is kept all the same.
    const former = before && archivedOf(isRecord(before) ? before : before.fields);
    if (former && former.version < versionOf(next))
      await this.#table.put({
        pk: `tenant#${tenantId}`,
        sk: mappingSk(next.feedId, former.version),
        ...former,
      });
    const key = { pk: `tenant#${tenantId}`, sk: `feed#${next.feedId}` };
    return this.#table.put({ ...key, ...next }, sameFeed(before));
  }

  async beginRemoval(
    tenantId: string,
    before: StoredFeed,
    revision: string,
  ): Promise<StoredFeed | undefined> {
    const { feedId, fields } = before;
    const key = { pk: `tenant#${tenantId}`, sk: `feed#${feedId}` };
    const next = { ...fields, ...key, status: "paused", isDeleting: true, revision };
    return (await this.#table.put(next, sameFeed(before))) ? storedFeedOf(feedId, next) : undefined;
  }

  /** Its flow state and names first: a feed that is created under the id is another one, of which neither is known. */
  async removeFeed(tenantId: string, before: StoredFeed): Promise<boolean> {
    const { feedId } = before;
    for (const kind of ["flow", "names"]) await this.#table.delete(keyOf(tenantId, `${kind}#${feedId}`));
    const isRemoved = await this.#table.delete(keyOf(tenantId, `feed#${feedId}`), sameFeed(before));
    if (!isRemoved) return false;
    // What stays, should this fail, is written over before anybody can see it: a new feed counts its mappings anew.
    const archive = under(`mapping#${feedId}#`);
    for await (const items of this.#table.pages(tenantId, archive, { ProjectionExpression: "sk" }))
      for (const { sk } of items) await this.#table.delete(keyOf(tenantId, sk?.S ?? ""));
    return true;
  }

  async mappings({ tenantId, feedId }: FeedId, before: number, limit: number) {
    if (before <= 1) return [];
    const versions: Omit<ArchivedMapping, "mapping">[] = [];
    const pages = this.#table.pages(tenantId, [mappingSk(feedId, 1), mappingSk(feedId, before - 1)], {
      ProjectionExpression: "pk, sk, version, since",
      ScanIndexForward: false,
      Limit: limit,
    });
    for await (const items of pages) {
      versions.push(...items.map(versionIn));
      if (versions.length >= limit) break;
    }
    return versions.slice(0, limit);
  }

  async mapping({ tenantId, feedId }: FeedId, version: number): Promise<ArchivedMapping | undefined> {
    const item = await this.#table.get(keyOf(tenantId, mappingSk(feedId, version)));
    const what = `mapping ${version} of the feed ${feedId}`;
    return item && readable(item, parseArchivedMapping, what, "The feed's other mappings are not concerned.");
  }
}

function isRecord(feed: FeedRecord | StoredFeed | undefined): feed is FeedRecord {
  return feed !== undefined && !("fields" in feed);
}

function sameFeed(before: FeedRecord | StoredFeed | undefined) {
  return unchanged(before && (isRecord(before) ? before : before.fields), OF_FEED);
}

/** Items by whether they can be read: one that cannot is nobody else's trouble. */
function sorted<Kept>(
  items: readonly Item[],
  parse: (item: Item) => Kept,
  idOf: (item: Item) => string,
): { entries: Kept[]; unreadable: Map<string, string> } {
  const entries: Kept[] = [];
  const unreadable = new Map<string, string>();
  for (const item of items) {
    try {
      entries.push(parse(item));
    } catch (error) {
      if (!(error instanceof UnreadableRecordError)) throw error;
      unreadable.set(idOf(item), error.problem);
    }
  }
  return { entries, unreadable };
}

/** @throws {UnreadableRecordError} */
function tenantIn(item: Item): TenantRecord {
  return readable(item, parseTenantRecord, `the tenant ${tenantIdOf(item)}`, "Set it anew.");
}

/** @throws {UnreadableRecordError} */
function feedIn(item: Item): FeedRecord {
  return readable(item, parseFeedRecord, `the feed ${feedIdOf(item)}`, "Set it anew, or delete it.");
}

function tenantIdOf({ pk }: Item): string {
  return pk?.S?.slice("tenant#".length) ?? "";
}

function feedIdOf({ sk }: Item): string {
  return sk?.S?.slice("feed#".length) ?? "";
}

/** Feeds that were stored before there were versions, or without the API, have their first mapping. */
function versionOf({ mappingVersion = 1 }: FeedRecord): number {
  return mappingVersion;
}

/** A feed's mapping as it is kept when another one replaces it. Undefined: it cannot be read. */
function archivedOf(
  fields: {
    readonly [Field in "mapping" | "mappingVersion" | "mappingSince" | "createdAt"]?: unknown;
  },
): ArchivedMapping | undefined {
  const { mapping, mappingVersion: version = 1, createdAt, mappingSince: since = createdAt } = fields;
  try {
    return parseArchivedMapping({ version, mapping, ...(since !== undefined && { since }) });
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
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
