import {
  type AttributeValue,
  paginateQuery,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { sumColumns } from "../core/ledger.ts";
import type { Clock, LedgerAccount, LedgerAccounts } from "../ports.ts";
import { batchGet, MAX_BATCH_GET } from "./batch-get.ts";
import { isWritten } from "./is-written.ts";
import {
  accountOfKey,
  LEDGER_INDEX,
  type LedgerTable,
  ledgerKey,
  ledgerPk,
  ledgerSk,
  WATCHED,
} from "./ledger-table.ts";

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
      Limit: MAX_BATCH_GET,
    });
    for await (const page of keys) yield (await batchGet(page, this.#options)).map(accountOf);
  }

  watched(): AsyncIterable<readonly LedgerAccount[]> {
    return this.lastWrittenIn(WATCHED);
  }

  async setWatched(account: LedgerAccount, isWatched: boolean): Promise<void> {
    const writtenAt = { ":writtenAt": { N: String(account.writtenAtMs) } };
    // If it was added to since it was read, it is found under its new hour.
    await isWritten(
      this.#options.client.send(
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
      ),
    );
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
