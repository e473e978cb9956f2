import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { nameOf } from "../core/error-name.ts";
import { hashOfName, MAX_COUNTED_NAMES } from "../core/event-names.ts";
import type { Clock, EventNames, Log } from "../ports.ts";
import { eventNamesKey } from "./event-names-key.ts";

export interface DynamoEventNamesOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Pick<Clock, "nowMs">;
  readonly log: Log;
}

/** What this instance knows of a feed. */
interface FeedNames {
  /** Counted names that need no second look, as given; no more than are counted. */
  readonly seen: Set<string>;
  /** Hashes that the table has. */
  stored: Set<string> | undefined;
  readonly forgetAtMs: number;
}

/** Feeds that an instance remembers; about 150 kB each at the very most. */
const MAX_FEEDS = 500;

/** Milliseconds for which an instance remembers a feed: somebody may have its names counted anew, by deleting the item. */
const REMEMBERED_MS = 3_600_000;

/**
 * Counts a feed's names as a set of hashes in one item: `pk` = `tenant#<tenantId>`, `sk` = `names#<feedId>`, `names`. Adding to a
 * set is the same however often and in whatever order it is done, so that instances need not agree on anything.
 *
 * An instance reads the item once an hour, and writes only when a name comes that it has not seen there. A set that is full is left
 * alone; the invocations at work when it becomes full may overshoot it by what each of them adds at once.
 */
export class DynamoEventNames implements EventNames {
  readonly #options: DynamoEventNamesOptions;
  readonly #feeds = new Map<string, FeedNames>();

  constructor(options: DynamoEventNamesOptions) {
    this.#options = options;
  }

  async add(
    feed: { tenantId: string; feedId: string },
    names: ReadonlySet<string>,
  ): Promise<number | undefined> {
    const known = this.#known(feed);
    const unseen = [...names].filter((name) => !known.seen.has(name));
    try {
      if (unseen.length > 0 || !known.stored) await this.#count(feed, known, unseen);
    } catch (error) {
      this.#options.log.warn("The names of a feed's events could not be counted", {
        ...feed,
        error: nameOf(error),
      });
    }
    return known.stored?.size;
  }

  async #count(
    feed: { tenantId: string; feedId: string },
    known: FeedNames,
    unseen: readonly string[],
  ): Promise<void> {
    const { client, tableName } = this.#options;
    const item = {
      TableName: tableName,
      Key: eventNamesKey(feed),
    };
    if (!known.stored) {
      const { Item } = await client.send(
        new GetItemCommand({
          ...item,
          ProjectionExpression: "#names",
          ExpressionAttributeNames: { "#names": "names" },
        }),
      );
      known.stored = new Set(Item?.["names"]?.SS);
    }
    const { stored } = known;
    const isRoom = () => stored.size < MAX_COUNTED_NAMES;
    const added = new Set(unseen.map(hashOfName).filter((name) => !stored.has(name)));
    const fitting = [...added].slice(0, MAX_COUNTED_NAMES - Math.min(stored.size, MAX_COUNTED_NAMES));
    if (fitting.length > 0 && isRoom()) {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          ...item,
          UpdateExpression: "ADD #names :names",
          ExpressionAttributeNames: { "#names": "names" },
          ExpressionAttributeValues: { ":names": { SS: fitting } },
          ReturnValues: "UPDATED_NEW",
        }),
      );
      for (const name of Attributes?.["names"]?.SS ?? fitting) stored.add(name);
    }
    for (const name of unseen) if (known.seen.size < MAX_COUNTED_NAMES) known.seen.add(name);
  }

  #known({ tenantId, feedId }: { tenantId: string; feedId: string }): FeedNames {
    const key = `${tenantId} ${feedId}`;
    const nowMs = this.#options.clock.nowMs();
    let known = this.#feeds.get(key);
    if (!known || known.forgetAtMs <= nowMs) {
      if (this.#feeds.size >= MAX_FEEDS) this.#feeds.clear();
      known = { seen: new Set(), stored: undefined, forgetAtMs: nowMs + REMEMBERED_MS };
      this.#feeds.set(key, known);
    }
    return known;
  }
}
