import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { ConfigError } from "../core/config-error.ts";
import { contextPlatform } from "../core/convert/platform.ts";
import { nameOf } from "../core/error-name.ts";
import type { UnreadableFeed } from "../core/feed-of-event.ts";
import type { Feed, Tenant } from "../core/tenant.schema.ts";
import { parseFeed, parseTenant } from "../core/validators.ts";
import type { Clock, Log, TenantStore, TenantWithFeeds } from "../ports.ts";
import { ExpiringCache } from "./expiring-cache.ts";
import { isWritten } from "./is-written.ts";

/** A change to a tenant or feed takes effect within this time, in milliseconds; jittered. */
const CACHE_MS = 30_000;

/** While the table cannot be read, what was read before serves for so many milliseconds: an outage stops nobody's delivery. */
const STALE_MS = 3_600_000;

/** A tenant that nobody has onboarded yet is looked for again sooner. */
const UNKNOWN_CACHE_MS = 5_000;

type Item = Record<string, AttributeValue>;

export interface DynamoTenantStoreOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Pick<Clock, "nowMs">;
  readonly random: () => number;
  readonly log: Log;
}

/**
 * Tenants and feeds in the table: `pk` = `tenant#<tenantId>`, `sk` = `profile` or `feed#<feedId>`, the document in the
 * item's other attributes.
 */
export class DynamoTenantStore implements TenantStore {
  readonly #options: DynamoTenantStoreOptions;
  readonly #cache: ExpiringCache<TenantWithFeeds | undefined>;

  constructor(options: DynamoTenantStoreOptions) {
    this.#options = options;
    this.#cache = new ExpiringCache({
      ttlMs: (tenant) => (tenant ? CACHE_MS : UNKNOWN_CACHE_MS) * (0.75 + options.random() / 2),
      staleMs: STALE_MS,
      clock: options.clock,
    });
  }

  find(tenantId: string): Promise<TenantWithFeeds | undefined> {
    return this.#cache.get(tenantId, () => this.#read(tenantId));
  }

  /** The version tells the refused secret from a newer one, which is tried again. A paused feed stays paused. */
  async credentialsRefused(tenantId: string, feedId: string, secretVersion: string): Promise<void> {
    await this.#updateFeed(tenantId, feedId, {
      UpdateExpression: "SET #status = :refused, refusedSecretVersion = :version",
      ConditionExpression: "attribute_exists(pk) AND #status <> :paused",
      ExpressionAttributeValues: {
        ":refused": { S: "credentials_refused" },
        ":paused": { S: "paused" },
        ":version": { S: secretVersion },
      },
    });
  }

  async credentialsAccepted(tenantId: string, feedId: string): Promise<void> {
    await this.#updateFeed(tenantId, feedId, {
      UpdateExpression: "SET #status = :active REMOVE refusedSecretVersion",
      ConditionExpression: "#status IN (:pending, :refused)",
      ExpressionAttributeValues: {
        ":active": { S: "active" },
        ":pending": { S: "pending" },
        ":refused": { S: "credentials_refused" },
      },
    });
  }

  async #read(tenantId: string): Promise<TenantWithFeeds | undefined> {
    const { client, tableName: TableName } = this.#options;
    const pk = { S: `tenant#${tenantId}` };
    const [profile, feeds] = await Promise.all([
      client.send(new GetItemCommand({ TableName, Key: { pk, sk: { S: "profile" } } })),
      this.#feedItems(pk),
    ]);
    if (!profile.Item) return undefined;
    const tenant = this.#readTenant(tenantId, unmarshall(profile.Item));
    if (!tenant) return undefined;
    const readable = new Map<string, Feed>();
    const unreadable: UnreadableFeed[] = [];
    for (const item of feeds) {
      const feed = this.#readFeed(tenantId, item);
      if (feed) readable.set(feed.feedId, feed);
      else unreadable.push(unreadableFeed(item));
    }
    return { tenant, feeds: readable, unreadable };
  }

  /** All pages: a page ends at 1 MB, which a dozen large mappings fill. */
  async #feedItems(pk: AttributeValue): Promise<Item[]> {
    const { client, tableName: TableName } = this.#options;
    const items: Item[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :feed)",
        ExpressionAttributeValues: { ":pk": pk, ":feed": { S: "feed#" } },
      },
    );
    for await (const { Items = [] } of pages) items.push(...Items);
    return items;
  }

  /** A stored tenant that cannot be read is as good as unknown: its events are held. */
  #readTenant(tenantId: string, item: unknown): Tenant | undefined {
    try {
      return parseTenant(item);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.#options.log.error("A stored tenant is invalid", { tenantId, problem: error.message });
      return undefined;
    }
  }

  /** Undefined: it cannot be read, whatever the reason. Its events are held, the tenant's other feeds go on. */
  #readFeed(tenantId: string, item: Item): Feed | undefined {
    try {
      return parseFeed(unmarshall(item));
    } catch (error) {
      const problem = error instanceof ConfigError ? error.message : nameOf(error);
      this.#options.log.error("A stored feed is invalid", { tenantId, feedId: feedIdOf(item), problem });
      return undefined;
    }
  }

  async #updateFeed(
    tenantId: string,
    feedId: string,
    update: {
      UpdateExpression: string;
      ConditionExpression: string;
      ExpressionAttributeValues: Record<string, { S: string }>;
    },
  ): Promise<void> {
    this.#cache.forget(tenantId);
    // If someone else changed the feed first, their word stands.
    await isWritten(
      this.#options.client.send(
        new UpdateItemCommand({
          TableName: this.#options.tableName,
          Key: { pk: { S: `tenant#${tenantId}` }, sk: { S: `feed#${feedId}` } },
          ExpressionAttributeNames: { "#status": "status" },
          ...update,
        }),
      ),
    );
  }
}

/** What can be told of a stored feed that is none: whose events have to wait for it. */
function unreadableFeed(item: Item): UnreadableFeed {
  const { platforms } = item;
  const listed = platforms?.L ?? [];
  const known = listed.flatMap(({ S: name }) => contextPlatform({ os: { name } }) ?? []);
  const isList = platforms === undefined || platforms.L !== undefined;
  return {
    feedId: feedIdOf(item),
    platforms: known,
    mayTakeOthers: !isList || known.length < listed.length,
  };
}

function feedIdOf({ sk }: Item): string {
  return sk?.S?.slice("feed#".length) ?? "";
}
