import {
  type AttributeValue,
  BatchGetItemCommand,
  paginateQuery,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { nameOf } from "../core/error-name.ts";
import { sumColumns } from "../core/ledger.ts";
import type { Clock, LedgerAccount, LedgerAccounts } from "../ports.ts";
import {
  accountOfKey,
  LEDGER_INDEX,
  type LedgerTable,
  ledgerKey,
  ledgerPk,
  ledgerSk,
  WATCHED,
} from "./ledger-table.ts";

/** DynamoDB: most items of one BatchGetItem. */
const MAX_GET = 100;

/** Times that items which DynamoDB did not get to are asked for again, and milliseconds before the first of them. */
const MAX_REPEATS = 6;
const REPEAT_AFTER_MS = 100;

type Item = Record<string, AttributeValue>;

export interface DynamoLedgerAccountsOptions extends LedgerTable {
  readonly clock: Pick<Clock, "sleep">;
}

/** Reads the ledger from the table that {@link LedgerTable} tells of. */
export class DynamoLedgerAccounts implements LedgerAccounts {
  readonly #options: DynamoLedgerAccountsOptions;

  constructor(options: DynamoLedgerAccountsOptions) {
    this.#options = options;
  }

  /** Feed by feed, each found as the one after the last: a tenant has few, and 2,160 hours of each. */
  async ofTenant(
    tenantId: string | undefined,
    { from, to }: { readonly from: string; readonly to: string },
  ): Promise<readonly LedgerAccount[]> {
    const pk = { S: ledgerPk(tenantId) };
    const accounts: LedgerAccount[] = [];
    let after = "ledger#";
    for (;;) {
      const feedId = await this.#nextFeed(pk, after);
      if (feedId === undefined) return accounts;
      const feed = this.#query({
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
        ExpressionAttributeValues: {
          ":pk": pk,
          ":from": { S: ledgerSk(feedId, from) },
          ":to": { S: ledgerSk(feedId, to) },
        },
        ConsistentRead: true,
      });
      for await (const items of feed) accounts.push(...items.map(accountOf));
      // "$" is the character after "#", and lies before all that an id may hold.
      after = `ledger#${feedId}$`;
    }
  }

  async *lastWrittenIn(hour: string): AsyncIterable<readonly LedgerAccount[]> {
    const keys = this.#query({
      IndexName: LEDGER_INDEX,
      KeyConditionExpression: "writtenIn = :hour",
      ExpressionAttributeValues: { ":hour": { S: hour } },
      Limit: MAX_GET,
    });
    for await (const page of keys) yield (await this.#get(page)).map(accountOf);
  }

  watched(): AsyncIterable<readonly LedgerAccount[]> {
    return this.lastWrittenIn(WATCHED);
  }

  async setWatched(account: LedgerAccount, isWatched: boolean): Promise<void> {
    const writtenAt = { ":writtenAt": { N: String(account.writtenAtMs) } };
    try {
      await this.#options.client.send(
        new UpdateItemCommand({
          TableName: this.#options.tableName,
          Key: ledgerKey(account),
          ConditionExpression: "writtenAtMs = :writtenAt",
          ...(isWatched
            ? {
                UpdateExpression: "SET writtenIn = :watched",
                ExpressionAttributeValues: { ...writtenAt, ":watched": { S: WATCHED } },
              }
            : { UpdateExpression: "REMOVE writtenIn", ExpressionAttributeValues: writtenAt }),
        }),
      );
    } catch (error) {
      // Added to since it was read: it is found under its new hour.
      if (nameOf(error) !== "ConditionalCheckFailedException") throw error;
    }
  }

  async #nextFeed(pk: AttributeValue, after: string): Promise<string | undefined> {
    const { client, tableName } = this.#options;
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :after AND :end",
        // "ledger$" lies behind all that begins with "ledger#".
        ExpressionAttributeValues: { ":pk": pk, ":after": { S: after }, ":end": { S: "ledger$" } },
        ConsistentRead: true,
        Limit: 1,
      }),
    );
    const sk = Items[0]?.["sk"]?.S;
    return sk === undefined ? undefined : (accountOfKey("", sk).feedId ?? "");
  }

  async *#query(input: Omit<QueryCommandInput, "TableName">): AsyncIterable<Item[]> {
    const { client, tableName } = this.#options;
    for await (const { Items = [] } of paginateQuery({ client }, { TableName: tableName, ...input }))
      if (Items.length > 0) yield Items;
  }

  /** The items of up to {@link MAX_GET} keys, as they are now. Those that are gone are left out. */
  async #get(keys: readonly Item[]): Promise<Item[]> {
    const { client, tableName, clock } = this.#options;
    const items: Item[] = [];
    let wanted = keys.map(({ pk, sk }) => ({ pk, sk }) as Item);
    for (let repeats = 0; wanted.length > 0; repeats++) {
      if (repeats > MAX_REPEATS) throw new Error(`${wanted.length} accounts of the ledger could not be read`);
      if (repeats > 0) await clock.sleep(REPEAT_AFTER_MS * 2 ** (repeats - 1));
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: wanted, ConsistentRead: true } } }),
      );
      items.push(...(Responses?.[tableName] ?? []));
      wanted = UnprocessedKeys?.[tableName]?.Keys ?? [];
    }
    return items;
  }
}

function accountOf(item: Item): LedgerAccount {
  const { pk, sk, writtenAtMs, writtenIn, ...columns } = unmarshall(item);
  return {
    ...accountOfKey(pk, sk),
    ...sumColumns([columns]),
    writtenAtMs,
    isWatched: writtenIn === WATCHED,
  };
}
