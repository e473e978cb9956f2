import { type AttributeValue, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import pLimit, { type LimitFunction } from "p-limit";
import { nameOf } from "../core/error-name.ts";
import { hourOf } from "../core/hour.ts";
import {
  accountKey,
  addUp,
  LEDGER_COLUMNS,
  type LedgerAccountId,
  type LedgerColumns,
  type LedgerEntry,
  sumColumns,
} from "../core/ledger.ts";
import type { Clock, Ledger, Log } from "../ports.ts";
import { type LedgerTable, ledgerKey } from "./ledger-table.ts";

/** Accounts are kept for so many milliseconds after their hour: 90 days. */
const KEEP_MS = 90 * 86_400_000;

/** Writes at once: no more than the client's connections. */
const CONCURRENT_WRITES = 32;

/** After so many failed writes a call begins no more: the table is not well, and the invocation has to end. */
const MAX_FAILURES = 8;

/** Accounts that wait in memory at most: about 5 MB. */
const MAX_WAITING = 10_000;

export interface DynamoLedgerOptions extends LedgerTable {
  readonly clock: Pick<Clock, "nowMs">;
  readonly log: Log;
  /** Tells this instance from every other one that ever writes: short, of letters and digits. */
  readonly writerId: string;
}

/** A write that is under way, or of which only the table knows whether it was done. */
interface Write {
  /** Rises from write to write of this instance. */
  readonly number: number;
  readonly columns: LedgerColumns;
}

interface WaitingAccount {
  readonly id: LedgerAccountId;
  write: Write | undefined;
  /** What comes after that write. */
  waiting: LedgerColumns | undefined;
  /** Ends when the last write so far has. An account's writes never overlap. */
  turn: Promise<unknown>;
}

/**
 * Writes the ledger: one update for each account, adding to its numbers.
 *
 * An addition must be done exactly once, and an answer that does not come leaves open whether it was. So each item
 * remembers the number of every writer's latest write (`w_<writerId>`), and takes none twice: repeating is safe,
 * however late the first try arrives. This costs the item about 15 bytes a writer: with 50 instances it stays within one
 * write unit, 1 kB.
 *
 * Each update also names the hour in which it happens, the partition key of the index that {@link LedgerTable} tells of.
 */
export class DynamoLedger implements Ledger {
  readonly #options: DynamoLedgerOptions;
  readonly #room: LimitFunction = pLimit(CONCURRENT_WRITES);
  readonly #accounts = new Map<string, WaitingAccount>();
  #lastNumber = 0;

  constructor(options: DynamoLedgerOptions) {
    this.#options = options;
  }

  async add(
    entries: readonly LedgerEntry[],
    mayGoOn: () => boolean = () => true,
  ): Promise<readonly LedgerAccountId[]> {
    for (const entry of addUp(entries)) this.#keep(entry);
    let failures = 0;
    const left = await Promise.all(
      Array.from(this.#accounts.values(), (account) =>
        this.#room(async () => {
          account.turn = account.turn.then(async () => {
            if (failures < MAX_FAILURES && !(await this.#write(account, mayGoOn))) failures++;
          });
          await account.turn;
          return isWaiting(account) ? [account.id] : [];
        }),
      ),
    );
    const waiting = left.flat();
    if (waiting.length > 0)
      this.#options.log.warn("The ledger waits for the next write", { accounts: waiting.length });
    return waiting;
  }

  #keep({ tenantId, feedId, hour, ...columns }: LedgerAccountId & LedgerColumns): void {
    const id = { tenantId, feedId, hour };
    const known = this.#accounts.get(accountKey(id));
    if (known) {
      known.waiting = sumColumns([known.waiting ?? {}, columns]);
    } else if (this.#accounts.size < MAX_WAITING) {
      this.#accounts.set(accountKey(id), {
        id,
        write: undefined,
        waiting: columns,
        turn: Promise.resolve(),
      });
    } else {
      this.#options.log.error("The ledger leaves out what it cannot keep", { ...id, ...columns });
    }
  }

  /**
   * Writes what waits for an account, and forgets the account then. One that fails goes to the end of the line, so that it
   * keeps no other from its turn.
   *
   * @returns whether nothing waits any more.
   */
  async #write(account: WaitingAccount, mayGoOn: () => boolean): Promise<boolean> {
    while (isWaiting(account) && mayGoOn()) {
      if (!account.write && account.waiting) {
        account.write = { number: ++this.#lastNumber, columns: account.waiting };
        account.waiting = undefined;
      }
      if (account.write && !(await this.#update(account.id, account.write))) break;
      account.write = undefined;
    }
    const key = accountKey(account.id);
    if (this.#accounts.get(key) === account) this.#accounts.delete(key);
    if (isWaiting(account)) this.#accounts.set(key, account);
    return !isWaiting(account);
  }

  async #update(id: LedgerAccountId, { number, columns }: Write): Promise<boolean> {
    const { client, tableName, clock, writerId, log } = this.#options;
    const added = LEDGER_COLUMNS.filter((column) => columns[column] !== 0);
    if (added.length === 0) return true;
    const nowMs = clock.nowMs();
    const values: Record<string, number | string> = {
      ":number": number,
      ":writtenAt": nowMs,
      ":writtenIn": hourOf(nowMs),
      ":expiresAt": Math.floor((Date.parse(`${id.hour}:00Z`) + KEEP_MS) / 1000),
      ...Object.fromEntries(added.map((column) => [`:${column}`, columns[column]])),
    };
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: ledgerKey(id),
          UpdateExpression: `SET #writer = :number, writtenAtMs = :writtenAt, writtenIn = :writtenIn, expiresAt = :expiresAt ADD ${added.map((column) => `#${column} :${column}`).join(", ")}`,
          ConditionExpression: "attribute_not_exists(#writer) OR #writer < :number",
          ExpressionAttributeNames: {
            "#writer": `w_${writerId}`,
            ...Object.fromEntries(added.map((column) => [`#${column}`, column])),
          },
          ExpressionAttributeValues: Object.fromEntries(
            Object.entries(values).map(([name, value]) => [name, attribute(value)]),
          ),
        }),
      );
      return true;
    } catch (error) {
      // An earlier try of this write was done, though its answer did not come.
      if (nameOf(error) === "ConditionalCheckFailedException") return true;
      log.error("The ledger could not be written: it is with the next write", {
        ...id,
        error: nameOf(error),
      });
      return false;
    }
  }
}

function isWaiting({ write, waiting }: WaitingAccount): boolean {
  return write !== undefined || waiting !== undefined;
}

function attribute(value: number | string): AttributeValue {
  return typeof value === "number" ? { N: String(value) } : { S: value };
}
