import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { nameOf } from "../core/error-name.ts";
import type { FlowSettings } from "../core/flow/flow-settings.ts";
import type { FlowState } from "../core/flow/flow-state.schema.ts";
import { initialFlow, slowed } from "../core/flow/flow-state.ts";
import { flowText, parseFlow } from "../core/flow/flow-text.ts";
import { stepBlocked } from "../core/flow/step-blocked.ts";
import type { Clock, Log } from "../ports.ts";
import type { FeedIds, FlowStep, FlowStore } from "../ports-flow.ts";
import { ExpiringCache } from "./expiring-cache.ts";
import { isOverload, TABLE_REST_MS, TableRest } from "./table-rest.ts";

/** Tries to be the first to write, before a step gives way. */
const MAX_TRIES = 6;

/** Longest pause before the next try, in milliseconds; the first one has none. */
const TRY_PAUSE_MS = 40;

/** Milliseconds for which nothing is let through after so many lost races, beyond the time that an invocation can wait. */
const GIVE_WAY_MS = 500;

/** Milliseconds for which a word about everyone is taken from memory. */
const EVERYONE_CACHE_MS = 5_000;

/** Days after which a feed's flow is forgotten: the table deletes what has expired. */
const KEPT_DAYS = 30;

/** Version of a state that the table does not have. */
const UNKNOWN_VERSION = -1;

/** Milliseconds without a step after which a feed's table trouble is another one: longer than anything of a feed waits for. */
const OVER_AFTER_MS = 900_000;

/** Feeds whose state is kept in memory; the one unused for longest goes first. */
const MAX_KNOWN = 10_000;

interface Known {
  readonly state: FlowState;
  /** 0: the table has no item. */
  readonly version: number;
  /** The table was overloaded by this feed, and is asked for it again then. */
  readonly restsUntilMs?: number;
  /** Set while the table cannot be used. */
  readonly alone?: Alone;
}

interface Alone {
  readonly sinceMs: number;
  readonly lastMs: number;
  /** Batches a second that this instance lets through at most. */
  readonly rate: number;
}

export interface DynamoFlowStoreOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly settings: FlowSettings;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
}

/**
 * Flow states in the table: `pk` = `tenant#<tenantId>`, `sk` = `flow#<feedId>`, the state as text beside a `version` that every
 * write is conditional on. What was last seen is kept in memory, so that an uncontended step costs one write and no read.
 */
export class DynamoFlowStore implements FlowStore {
  readonly #options: DynamoFlowStoreOptions;
  readonly #known = new Map<string, Known>();
  readonly #everyone: ExpiringCache<number>;
  readonly #rest: TableRest;

  constructor(options: DynamoFlowStoreOptions) {
    this.#options = options;
    this.#rest = new TableRest(options.clock);
    this.#everyone = new ExpiringCache({ ttlMs: () => EVERYONE_CACHE_MS, clock: options.clock });
  }

  async update<Result>(
    feed: FeedIds,
    step: FlowStep<Result>,
    options: { readonly mayBeOld?: boolean } = {},
  ): Promise<Result> {
    const { clock, log } = this.#options;
    const { restsUntilMs = 0 } = this.#known.get(nameFor(feed)) ?? {};
    if (this.#rest.isResting || clock.nowMs() < restsUntilMs)
      return this.#updateLocally(feed, step, restsUntilMs);
    try {
      return await this.#updateShared(feed, step, options);
    } catch (error) {
      log.error("The flow state cannot be used: the feed goes on slowly", { ...feed, error: nameOf(error) });
      if (!isOverload(error)) this.#rest.begin();
      return this.#updateLocally(feed, step, clock.nowMs() + TABLE_REST_MS);
    }
  }

  async #updateShared<Result>(
    feed: FeedIds,
    step: FlowStep<Result>,
    { mayBeOld = false }: { readonly mayBeOld?: boolean },
  ): Promise<Result> {
    const { clock, random, log, settings } = this.#options;
    const name = nameFor(feed);
    let known = this.#known.get(name);
    let isOld = known !== undefined;
    const everyoneUntilMs = await this.#everyone.get("everyone", () => this.#readEveryone());
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      if (tries > 2) await clock.sleep(random() * TRY_PAUSE_MS);
      known ??= await this.#read(feed);
      let stepped = stepBlocked(known.state, everyoneUntilMs, step);
      // No write will tell that others have changed it since.
      if (stepped.state === known.state && isOld && !mayBeOld) {
        known = await this.#read(feed);
        stepped = stepBlocked(known.state, everyoneUntilMs, step);
      }
      isOld = false;
      const { state, result } = stepped;
      if (state === known.state) {
        this.#remember(name, known);
        return result;
      }
      const written = await this.#write(feed, state, known.version);
      if (written.isDone) {
        this.#remember(name, { state, version: known.version + 1 });
        return result;
      }
      known = written.others;
    }
    log.warn("Others were faster again and again: the feed waits a moment", { ...feed });
    const { state } = known ?? (await this.#read(feed));
    return stepBlocked(state, clock.nowMs() + settings.paceMs + GIVE_WAY_MS, step).result;
  }

  /**
   * At this instance's part of the rate: should all that may run do the same, they keep within it together, unless one batch a second
   * each, which is the least, is too much. Kept with a version that the table does not have: the next write there finds out and
   * reads what is true.
   */
  #updateLocally<Result>(feed: FeedIds, step: FlowStep<Result>, restsUntilMs: number): Result {
    const { clock, settings } = this.#options;
    const nowMs = clock.nowMs();
    const known = this.#known.get(nameFor(feed));
    const before = known?.state ?? initialFlow(settings, nowMs);
    const { sinceMs, lastMs, rate = before.rate / settings.maxInstances } = known?.alone ?? {};
    const isSame = lastMs !== undefined && nowMs - lastMs < OVER_AFTER_MS;
    const alone = { sinceMs: isSame ? (sinceMs ?? nowMs) : nowMs, lastMs: nowMs, rate };
    const { state, result } = step(slowed(before, rate, nowMs), nowMs - alone.sinceMs);
    this.#remember(nameFor(feed), { state, version: UNKNOWN_VERSION, restsUntilMs, alone });
    return result;
  }

  async blockEveryone(untilMs: number): Promise<void> {
    try {
      await this.#options.client.send(
        new UpdateItemCommand({
          TableName: this.#options.tableName,
          Key: EVERYONE,
          UpdateExpression: "SET blockedUntilMs = :until, expiresAt = :expires",
          ConditionExpression: "attribute_not_exists(pk) OR blockedUntilMs < :until",
          ExpressionAttributeValues: {
            ":until": { N: String(untilMs) },
            ":expires": { N: String(Math.ceil(untilMs / 1000) + 86_400) },
          },
        }),
      );
    } catch (error) {
      if (!isConditionFailure(error))
        this.#options.log.error("Could not tell everyone to wait", { error: nameOf(error) });
    }
    this.#everyone.forget("everyone");
  }

  async #readEveryone(): Promise<number> {
    const { Item } = await this.#options.client.send(
      new GetItemCommand({ TableName: this.#options.tableName, Key: EVERYONE, ConsistentRead: true }),
    );
    return Number(Item?.["blockedUntilMs"]?.N ?? 0);
  }

  async #read(feed: FeedIds): Promise<Known> {
    const { client, tableName } = this.#options;
    const { Item } = await client.send(
      new GetItemCommand({ TableName: tableName, Key: keyOf(feed), ConsistentRead: true }),
    );
    return this.#knownFrom(feed, Item);
  }

  #knownFrom({ tenantId, feedId }: FeedIds, item: Item | undefined): Known {
    const { settings, clock, log } = this.#options;
    const version = Number(item?.["version"]?.N ?? 0);
    const state = item && parseFlow(item["state"]?.S ?? "");
    if (item && !state) log.error("A stored flow state is invalid: it starts anew", { tenantId, feedId });
    return { state: state ?? initialFlow(settings, clock.nowMs()), version };
  }

  /** Not done: somebody else has written since; what they left, if the table told it. */
  async #write(
    feed: FeedIds,
    state: FlowState,
    version: number,
  ): Promise<{ readonly isDone: boolean; readonly others?: Known }> {
    const { client, tableName, clock } = this.#options;
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: keyOf(feed),
          UpdateExpression: "SET #state = :state, #version = :next, expiresAt = :expires",
          ConditionExpression: version === 0 ? "attribute_not_exists(#version)" : "#version = :version",
          ExpressionAttributeNames: { "#state": "state", "#version": "version" },
          ExpressionAttributeValues: {
            ":state": { S: flowText(state) },
            ":next": { N: String(version + 1) },
            ":expires": { N: String(Math.ceil(clock.nowMs() / 1000) + KEPT_DAYS * 86_400) },
            ...(version !== 0 && { ":version": { N: String(version) } }),
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { isDone: true };
    } catch (error) {
      if (!isConditionFailure(error)) throw error;
      const { Item: item } = error;
      return { isDone: false, ...(item && { others: this.#knownFrom(feed, item) }) };
    }
  }

  #remember(name: string, known: Known): void {
    this.#known.delete(name);
    this.#known.set(name, known);
    if (this.#known.size > MAX_KNOWN) this.#known.delete(this.#known.keys().next().value ?? "");
  }
}

type Item = Record<string, AttributeValue>;

const EVERYONE = { pk: { S: "system" }, sk: { S: "flow" } };

function nameFor({ tenantId, feedId }: FeedIds): string {
  return `${tenantId} ${feedId}`;
}

function keyOf({ tenantId, feedId }: FeedIds) {
  return { pk: { S: `tenant#${tenantId}` }, sk: { S: `flow#${feedId}` } };
}

function isConditionFailure(error: unknown): error is ConditionalCheckFailedException {
  return error instanceof ConditionalCheckFailedException;
}
