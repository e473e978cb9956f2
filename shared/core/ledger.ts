/**
 * The ledger: how many source events came, ended and are under way, by account.
 *
 * An account is a tenant's feed and an hour of sending. It has columns that only ever grow by additions, so that any number
 * of writers can add at once; everything else is worked out from them:
 *
 *     first + again + released + replayed = delivered + filtered + rejected + held + returned     (what came, what left)
 *
 *     held now = held - released      rejected now = rejected - replayed      in progress = returned - again
 *     received = first = delivered + filtered + rejected now + held now + in progress
 *
 * Each addition keeps the first line true by itself. An invocation that dies before its addition leaves nothing: its
 * messages come again, as `again` that was never `returned`. Such events, and those that came out of the bucket without
 * having been recorded there, are `uncounted`, and count as received. What was handled twice counts twice. A copy of a message that
 * another invocation has or had is no event of the ledger: it neither came nor left.
 */

export const LEDGER_COLUMNS = [
  /** Came, and had not been counted before. */
  "first",
  /** Came, and had been: redelivered, frozen, released or replayed. */
  "again",
  /** Went to the queue: whole messages that go back, frozen batches, what release and replay put there. */
  "returned",
  /** Ended so. */
  "delivered",
  "filtered",
  "rejected",
  "held",
  /** Left the bucket. */
  "released",
  "replayed",
] as const;

export type LedgerColumn = (typeof LEDGER_COLUMNS)[number];

/** Source events by column. */
export type LedgerColumns = Readonly<Record<LedgerColumn, number>>;

export interface LedgerAccountId {
  /** Undefined: bodies that name no tenant. */
  readonly tenantId?: string | undefined;
  /** Undefined: the feed could not be told. */
  readonly feedId?: string | undefined;
  /** In which the queue took the events first, as `2026-11-24T03`. */
  readonly hour: string;
}

/** What to add to an account. A column that is absent stays as it is. */
export interface LedgerEntry extends LedgerAccountId, Partial<LedgerColumns> {}

/** An account, told apart from every other one. */
export function accountKey({ tenantId = "", feedId = "", hour }: LedgerAccountId): string {
  return `${tenantId} ${feedId} ${hour}`;
}

/** Column by column, over all of what is given. */
export function sumColumns(all: readonly Partial<LedgerColumns>[]): LedgerColumns {
  const sum = Object.fromEntries(LEDGER_COLUMNS.map((column) => [column, 0])) as Record<LedgerColumn, number>;
  for (const columns of all) for (const column of LEDGER_COLUMNS) sum[column] += columns[column] ?? 0;
  return sum;
}

/** One entry for each account, in the order in which they first occur. */
export function addUp(entries: readonly LedgerEntry[]): (LedgerAccountId & LedgerColumns)[] {
  return [...Map.groupBy(entries, accountKey).values()].map((own) => {
    const { tenantId, feedId, hour } = own[0] as LedgerEntry;
    return { tenantId, feedId, hour, ...sumColumns(own) };
  });
}

/** Where the events of one or more accounts are now. `received` is the sum of all but the last. */
export interface Balance {
  readonly received: number;
  readonly delivered: number;
  readonly filtered: number;
  /** In the bucket now. */
  readonly rejected: number;
  readonly held: number;
  /** On the queue in one form or the other, or in an invocation. */
  readonly inProgress: number;
  /** Of `received`: those that nobody recorded as received, because an invocation died or SQS repeated itself. */
  readonly uncounted: number;
}

export type Imbalance =
  /** So many more came than left; below zero, so many more left than came. */
  | { readonly kind: "unbalanced"; readonly events: number }
  /** A number that no history explains, whatever died on the way. */
  | { readonly kind: "impossible"; readonly events: number }
  /** In progress, and nowhere to be found. */
  | { readonly kind: "lost"; readonly events: number };

/**
 * The balance of one account, or of all accounts of a tenant and an hour added up. Only of the latter can it be said what is
 * in progress: an event that comes again may be another feed's by then, or nobody's while its tenant is paused.
 */
export function balanceOf(columns: LedgerColumns): Balance {
  const { first, again, returned, delivered, filtered, rejected, held, released, replayed } = columns;
  const uncounted =
    Math.max(0, again - returned) + Math.max(0, released - held) + Math.max(0, replayed - rejected);
  return {
    received: first + uncounted,
    delivered,
    filtered,
    rejected: Math.max(0, rejected - replayed),
    held: Math.max(0, held - released),
    inProgress: Math.max(0, returned - again),
    uncounted,
  };
}

/** What is wrong with an account, or with the accounts of a tenant and an hour; undefined: it adds up. */
export function imbalanceOf(
  columns: LedgerColumns,
  { mayBeInProgress }: { readonly mayBeInProgress: boolean },
): Imbalance | undefined {
  const { first, again, released, replayed, delivered, filtered, rejected, held, returned } = columns;
  const surplus = first + again + released + replayed - (delivered + filtered + rejected + held + returned);
  if (surplus !== 0) return { kind: "unbalanced", events: surplus };

  const { received, inProgress } = balanceOf(columns);
  // `first` alone is also lowered: when it turns out under which feed events are received that were held under none.
  const { first: _, ...growing } = columns;
  const lowest = Math.min(received, ...Object.values(growing));
  if (lowest < 0) return { kind: "impossible", events: -lowest };

  return inProgress > 0 && !mayBeInProgress ? { kind: "lost", events: inProgress } : undefined;
}

/** The sum of several balances. */
export function sumBalances(all: readonly Balance[]): Balance {
  const sum = (name: keyof Balance) => all.reduce((total, balance) => total + balance[name], 0);
  return {
    received: sum("received"),
    delivered: sum("delivered"),
    filtered: sum("filtered"),
    rejected: sum("rejected"),
    held: sum("held"),
    inProgress: sum("inProgress"),
    uncounted: sum("uncounted"),
  };
}
