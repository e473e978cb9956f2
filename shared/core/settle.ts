/**
 * Settlement: from what became of each batch to what happens to each queue message.
 *
 * A message holds events that end in different ways, and a batch holds events of different messages. A message can only
 * be deleted or go back whole, and a redelivered one would be merged into other batches with other ids, which
 * mParticle could not recognise as known. Hence the rule that keeps every event from being doubled:
 *
 *     a message goes back only when nothing of it left a trace; otherwise what is still open of it is frozen.
 *
 * To freeze a batch is to put it on the queue as it was built, same bytes and same id, and to delete the messages that it
 * came from. Freezing one batch of a message means freezing all its open ones, and so on through shared batches.
 */

export type Ending =
  | { readonly kind: "delivered" }
  | { readonly kind: "filtered"; readonly rule: string }
  | { readonly kind: "rejected"; readonly code: string }
  | { readonly kind: "held"; readonly cause: string };

/** What became of a batch. `maybeWritten`: mParticle may have taken it, so it may only be sent again as it is. */
export type Fate =
  | Exclude<Ending, { kind: "filtered" }>
  | { readonly kind: "deferred"; readonly delaySeconds: number; readonly maybeWritten: boolean };

export interface SettleItem {
  /** Which message it came in. */
  readonly record: number;
  /** Set when it ended before anything was sent. */
  readonly ending?: Ending | undefined;
  /** Set when its whole record goes back without anything of it being sent or parked. */
  readonly deferSeconds?: number | undefined;
  /** A frozen batch: when its record comes again, so do the same bytes. Anything else is converted anew. */
  readonly kind: "event" | "frozen";
}

export interface SettleBatch {
  /** Indexes of the items whose ending depends on this batch. */
  readonly items: readonly number[];
  readonly fate: Fate;
}

export interface FreezeOrder {
  /** Index of the batch. */
  readonly batch: number;
  /** Indexes of the items whose ending this batch now decides alone. */
  readonly decides: readonly number[];
  readonly delaySeconds: number;
}

export interface Settlement {
  /** By item; undefined: still in progress, on the queue in one form or the other. */
  readonly endings: readonly (Ending | undefined)[];
  /** Messages that go back, with the seconds that they stay hidden. All others are done with. */
  readonly returned: ReadonlyMap<number, number>;
  readonly frozen: readonly FreezeOrder[];
}

const DELIVERED: Ending = { kind: "delivered" };

/**
 * Settles one invocation. Where an item's batches end differently, it ends as the worst of them: rejected, held,
 * still open, delivered.
 */
export function settle(items: readonly SettleItem[], batches: readonly SettleBatch[]): Settlement {
  const batchesOf = indexBatches(items, batches);
  const itemsOf = Map.groupBy(items.keys(), (item) => items[item]?.record ?? -1);

  const frozen = freezeClosure(items, batches, batchesOf, itemsOf);

  const returned = new Map<number, number>();
  const giveBack = (record: number, seconds: number) =>
    returned.set(record, Math.max(returned.get(record) ?? 0, seconds));
  for (const { record, deferSeconds } of items)
    if (deferSeconds !== undefined) giveBack(record, deferSeconds);
  for (const { fate, items: members } of batches) {
    if (fate.kind !== "deferred") continue;
    for (const item of members) {
      const record = items[item]?.record ?? -1;
      if (!frozen.records.has(record)) giveBack(record, fate.delaySeconds);
    }
  }

  const decides = new Map<number, number[]>();
  const endings = items.map((item, i) => {
    if (returned.has(item.record)) return undefined;
    if (item.ending) return item.ending;
    const own = (batchesOf[i] ?? []).map((batch) => ({ batch, fate: batches[batch]?.fate }));
    const worst =
      own.find(({ fate }) => fate?.kind === "rejected") ?? own.find(({ fate }) => fate?.kind === "held");
    const open = own.find(({ fate }) => fate?.kind === "deferred");
    if (worst?.fate && worst.fate.kind !== "deferred") return worst.fate;
    if (open) decides.set(open.batch, [...(decides.get(open.batch) ?? []), i]);
    return open ? undefined : DELIVERED;
  });

  return {
    endings,
    returned,
    frozen: Array.from(frozen.batches, (batch) => {
      const fate = batches[batch]?.fate;
      return {
        batch,
        decides: decides.get(batch) ?? [],
        delaySeconds: fate?.kind === "deferred" ? fate.delaySeconds : 0,
      };
    }),
  };
}

/** The open batches to freeze, and the records that thereby are done with. */
function freezeClosure(
  items: readonly SettleItem[],
  batches: readonly SettleBatch[],
  batchesOf: readonly (readonly number[])[],
  itemsOf: ReadonlyMap<number, readonly number[]>,
): { batches: ReadonlySet<number>; records: ReadonlySet<number> } {
  const isOpen = (batch: number) => batches[batch]?.fate.kind === "deferred";
  const openBatchesOf = (record: number) =>
    (itemsOf.get(record) ?? []).flatMap((item) => (batchesOf[item] ?? []).filter(isOpen));

  const frozen = new Set<number>();
  const records = new Set<number>();
  const todo = [...itemsOf.keys()].filter((record) =>
    leftTrace(itemsOf.get(record) ?? [], items, batches, batchesOf),
  );
  for (let record = todo.pop(); record !== undefined; record = todo.pop()) {
    if (records.has(record)) continue;
    records.add(record);
    for (const batch of openBatchesOf(record)) {
      if (frozen.has(batch)) continue;
      frozen.add(batch);
      for (const item of batches[batch]?.items ?? []) todo.push(items[item]?.record ?? -1);
    }
  }
  return { batches: frozen, records };
}

/** Something of this record was written where a second time would count: at mParticle, perhaps at mParticle, or parked. */
function leftTrace(
  members: readonly number[],
  items: readonly SettleItem[],
  batches: readonly SettleBatch[],
  batchesOf: readonly (readonly number[])[],
): boolean {
  if (members.some((item) => items[item]?.deferSeconds !== undefined)) return false;
  return members.some((item) => {
    const kind = items[item]?.ending?.kind;
    if (kind === "rejected" || kind === "held") return true;
    return (batchesOf[item] ?? []).some((batch) => {
      const fate = batches[batch]?.fate;
      return (
        fate !== undefined &&
        (fate.kind !== "deferred" || (fate.maybeWritten && items[item]?.kind === "event"))
      );
    });
  });
}

function indexBatches(
  items: readonly SettleItem[],
  batches: readonly SettleBatch[],
): readonly (readonly number[])[] {
  const batchesOf: number[][] = items.map(() => []);
  for (const [index, batch] of batches.entries())
    for (const item of batch.items) batchesOf[item]?.push(index);
  return batchesOf;
}
