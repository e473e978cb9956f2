import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import pLimit, { type LimitFunction } from "p-limit";
import { claimKey, claimPlace, KeySearch, packKeys, unpackKeys } from "../core/claims/claim-key.ts";
import { type End, judge, ownerName } from "../core/claims/judge.ts";
import { nameOf } from "../core/error-name.ts";
import type { Clock, Log } from "../ports.ts";
import type { ClaimableMessage, Claimed, MessageClaims } from "../ports-claims.ts";
import { isOverload, TableRest } from "./table-rest.ts";

/** Claims and ends are kept for so many milliseconds: a day. After that a message that comes again is handled again. */
const KEEP_MS = 86_400_000;

/** Calls at once: no more than the client's connections. */
const CONCURRENT_CALLS = 32;

/**
 * Owners in an item from which on one that gave back everything it claimed there takes its claims away again. Most items never have
 * so many; those of messages that wait in an outage would grow with every receive.
 */
const CROWDED_OWNERS = 16;

export interface DynamoMessageClaimsOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Pick<Clock, "nowMs">;
  readonly log: Log;
  /** Letters and digits, never the same again. */
  readonly uniqueId: () => string;
  /** Owners that make an item crowded. @default 16 */
  readonly crowdedOwners?: number;
}

/** What an invocation wrote to one item. */
interface PlacedClaim {
  readonly place: string;
  readonly keys: readonly string[];
  isCrowded: boolean;
}

/**
 * Claims in the table. An item holds those on all messages of one shard of a second (`pk` = `claims#<second>#<shard>`): an
 * attribute for each owner, named as the owner is, with the keys of the messages that it claims. One update claims many messages
 * at once, and answers with what others had claimed before; repeating it changes nothing. That an owner came to its end is an
 * item of its own (`pk` = `invocation#<owner>`), read only where a message was claimed before.
 *
 * An update costs the size of its item, 1 kB for 110 keys. With an attribute for each message, or a set of keys and owners, an
 * item would be three times as large.
 */
export class DynamoMessageClaims implements MessageClaims {
  readonly #options: DynamoMessageClaimsOptions;
  readonly #room: LimitFunction = pLimit(CONCURRENT_CALLS);
  readonly #rest: TableRest;

  constructor(options: DynamoMessageClaimsOptions) {
    this.#options = options;
    this.#rest = new TableRest(options.clock);
  }

  async claim(
    messages: readonly ClaimableMessage[],
    deadlineMs: number,
    mayGoOn: () => boolean,
  ): Promise<Claimed> {
    const { clock, log, uniqueId } = this.#options;
    const owner = ownerName(deadlineMs, uniqueId());
    const keys = messages.map(({ messageId }) => claimKey(messageId));
    const places = Map.groupBy(keys.keys(), (i) => claimPlace(keys[i] ?? "", messages[i]?.sentAtMs ?? 0));
    const claimed = new Set<number>();
    const earlier = new Map<string, string[]>();
    const placed: PlacedClaim[] = [];
    await this.#forEach(places, mayGoOn, async ([place, own]) => {
      const claim = { place, keys: own.map((i) => keys[i] ?? ""), isCrowded: false };
      // One that fails may have been written all the same.
      placed.push(claim);
      for (const [key, other] of await this.#claim(claim, owner))
        earlier.set(key, [...(earlier.get(key) ?? []), other]);
      for (const i of own) claimed.add(i);
    });
    if (claimed.size < messages.length)
      log.warn("Messages are not claimed: one that another invocation is handed too may be doubled", {
        messages: messages.length - claimed.size,
      });
    if (placed.length === 0) return { verdicts: keys.map(() => UNCLAIMED), end: async () => {} };

    // From before the reading: an owner whose time is over later may note its end after it was looked for.
    const nowMs = clock.nowMs();
    const ends = await this.#readEnds(new Set([...earlier.values()].flat()), mayGoOn);
    const verdictOn = (key: string) => judge(key, earlier.get(key) ?? [], ends, nowMs);
    return {
      verdicts: keys.map((key, i) => (claimed.has(i) ? verdictOn(key) : UNCLAIMED)),
      end: (givenBack) => this.#end(owner, placed, new Set(givenBack.map(claimKey))),
    };
  }

  /** @returns which of the messages were claimed before, by key, and by whom. */
  async #claim(claim: PlacedClaim, owner: string): Promise<[string, string][]> {
    const { client, tableName, crowdedOwners = CROWDED_OWNERS } = this.#options;
    const { Attributes = {} } = await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: placeKey(claim.place),
        UpdateExpression: "SET #owner = :keys, expiresAt = :expiresAt",
        ExpressionAttributeNames: { "#owner": owner },
        ExpressionAttributeValues: {
          ":keys": { B: packKeys(claim.keys) },
          ":expiresAt": this.#expiresAt(),
        },
        ReturnValues: "ALL_OLD",
      }),
    );
    const others = Object.entries(Attributes).filter(([name, { B: packed }]) => packed && name !== owner);
    claim.isCrowded = others.length >= crowdedOwners;
    const search = new KeySearch(claim.keys);
    return others.flatMap(([other, { B: packed = NO_KEYS }]) =>
      search.foundIn(packed).map((key): [string, string] => [key, other]),
    );
  }

  /** The ends of those owners that came to one. */
  async #readEnds(owners: ReadonlySet<string>, mayGoOn: () => boolean): Promise<ReadonlyMap<string, End>> {
    const { client, tableName } = this.#options;
    const ends = new Map<string, End>(Array.from(owners, (owner) => [owner, "unread"]));
    await this.#forEach(owners, mayGoOn, async (owner) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: endKey(owner), ConsistentRead: true }),
      );
      if (Item) ends.set(owner, new Set(unpackKeys(Item["givenBack"]?.B ?? NO_KEYS)));
      else ends.delete(owner);
    });
    return ends;
  }

  async #end(owner: string, placed: readonly PlacedClaim[], givenBack: ReadonlySet<string>): Promise<void> {
    // No more than go at once: this is upkeep, and the invocation has to end.
    const leaving = placed
      .filter(({ keys, isCrowded }) => isCrowded && keys.every((key) => givenBack.has(key)))
      .slice(0, CONCURRENT_CALLS - 1);
    await Promise.all([
      this.#noteEnd(owner, givenBack),
      this.#forEach(
        leaving,
        () => true,
        ({ place }) => this.#leave(place, owner),
      ),
    ]);
  }

  async #noteEnd(owner: string, givenBack: ReadonlySet<string>): Promise<void> {
    const { client, tableName, log } = this.#options;
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: endKey(owner),
          UpdateExpression: "SET givenBack = :givenBack, expiresAt = :expiresAt",
          ExpressionAttributeValues: {
            ":givenBack": { B: packKeys([...givenBack]) },
            ":expiresAt": this.#expiresAt(),
          },
        }),
      );
    } catch (error) {
      log.warn("An invocation's end is not noted: its messages may be doubled should they come again", {
        error: nameOf(error),
      });
    }
  }

  /** Takes claims away of which every message was given back: to whoever does not meet them, that says the same. */
  async #leave(place: string, owner: string): Promise<void> {
    await this.#options.client.send(
      new UpdateItemCommand({
        TableName: this.#options.tableName,
        Key: placeKey(place),
        UpdateExpression: "REMOVE #owner",
        ExpressionAttributeNames: { "#owner": owner },
      }),
    );
  }

  /** Makes a call for each, many at once. What fails is logged and left out. @param mayGoOn - False: no further call is begun. */
  async #forEach<Item>(
    items: Iterable<Item>,
    mayGoOn: () => boolean,
    call: (item: Item) => Promise<void>,
  ): Promise<void> {
    const errors: unknown[] = [];
    await this.#room.map(items, async (item) => {
      try {
        if (mayGoOn() && !this.#rest.isResting) await call(item);
      } catch (error) {
        errors.push(error);
        if (!isOverload(error) && !isTooLarge(error)) this.#rest.begin();
      }
    });
    if (errors.length > 0)
      this.#options.log.error("Claims could not be used", { calls: errors.length, error: nameOf(errors[0]) });
  }

  #expiresAt(): AttributeValue {
    return { N: String(Math.ceil((this.#options.clock.nowMs() + KEEP_MS) / 1000)) };
  }
}

const UNCLAIMED = { kind: "unclaimed" } as const;
const NO_KEYS = new Uint8Array();

/** An item that is full says nothing of the others. */
function isTooLarge(error: unknown): boolean {
  return nameOf(error) === "ValidationException";
}

function placeKey(place: string) {
  return { pk: { S: `claims#${place}` }, sk: { S: "claims" } };
}

function endKey(owner: string) {
  return { pk: { S: `invocation#${owner}` }, sk: { S: "end" } };
}
