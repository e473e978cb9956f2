import { hourOf } from "../../shared/core/hour.ts";
import { accountKey, type LedgerColumn, type LedgerEntry } from "../../shared/core/ledger.ts";
import type { Item, Pass } from "./pass.ts";
import type { Returned } from "./return-records.ts";

const HOUR_MS = 3_600_000;

export interface SettledPass extends Pick<Returned, "endings" | "requeued" | "returned"> {
  readonly pass: Pass;
}

/**
 * What a settled pass adds to the ledger, one entry for each account.
 *
 * The two sides come from different sources: what came from the items of the pass, what left from its endings, what was put
 * on the queue and the records that go back. An event that has no ending and is in neither makes its account unbalanced.
 *
 * What goes back before its feed could be told is not counted at all. It comes again, as after a crash.
 */
export function ledgerEntries({ pass, endings, requeued, returned }: SettledPass): LedgerEntry[] {
  const entries = new EntriesByAccount();
  for (const [index, item] of pass.items.entries()) {
    // Where a frozen batch of a record was taken nowhere, the record goes back with all of its events.
    const goesBack = returned.has(item.record);
    const isOnQueue = goesBack || requeued.has(index);
    if (isOnQueue && item.feedId === undefined) continue;
    entries.add(item, item.isCounted ? "again" : "first");
    const ending = goesBack ? undefined : endings[index];
    if (ending) entries.add(item, ending.kind);
    if (isOnQueue) entries.add(item, "returned");
  }
  return entries.all;
}

type Entry = { -readonly [Name in keyof LedgerEntry]: LedgerEntry[Name] };

/** Adds items up as they come: there may be tens of thousands, and a few accounts. */
class EntriesByAccount {
  readonly #entries = new Map<string, Entry>();
  /** Names of hours, by their number since 1970. */
  readonly #hours = new Map<number, string>();

  get all(): LedgerEntry[] {
    return [...this.#entries.values()];
  }

  add(item: Item, column: LedgerColumn): void {
    if (item.kind === "event") this.#add(item, this.#hourOf(item.sentAtMs), column, item.events);
    else for (const [hour, events] of Object.entries(item.hours)) this.#add(item, hour, column, events);
  }

  #add({ tenantId, feedId }: Item, hour: string, column: LedgerColumn, events: number): void {
    const key = accountKey({ tenantId, feedId, hour });
    const entry = this.#entries.get(key);
    if (entry) entry[column] = (entry[column] ?? 0) + events;
    else this.#entries.set(key, { tenantId, feedId, hour, [column]: events });
  }

  #hourOf(ms: number): string {
    const number = Math.floor(ms / HOUR_MS);
    const hour = this.#hours.get(number) ?? hourOf(ms);
    this.#hours.set(number, hour);
    return hour;
  }
}
