import type { ParkedLine } from "../../shared/core/parked-line.ts";
import { type RequeueMessage, requeue } from "../../shared/core/requeue.ts";
import type { Ending } from "../../shared/core/settle.ts";
import type { ParkedEvent } from "../../shared/ports.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import { inRounds } from "./in-rounds.ts";
import { ParkedItems } from "./parked-items.ts";
import type { Item, Pass } from "./pass.ts";

/** What is known of a pass by now. */
export interface SoFar {
  /** By item, as far as it ended. */
  readonly endings: readonly (Ending | undefined)[];
  /** Indexes of the items that wait on the queue in another message than the one they came in. */
  readonly requeued: ReadonlySet<number>;
  /** Records that are to go back, with the seconds that they stay hidden. */
  readonly delays: ReadonlyMap<number, number>;
}

export interface Resent {
  /** Indexes of the records that need not go back thereby. */
  readonly records: ReadonlySet<number>;
  /** Indexes of those of their items that are on the queue now. */
  readonly items: ReadonlySet<number>;
}

export const NOTHING_RESENT: Resent = { records: new Set(), items: new Set() };

interface Outgoing extends RequeueMessage {
  readonly record: number;
  readonly delaySeconds: number;
}

/**
 * Puts on the queue what is left of records that would go back although a part of them is done with, which would be done a second
 * time: most of all where the bucket took one part of what was to be parked and refused another. The rest goes as released
 * events do, with its ids and times. Of what the queue does not take either, the record goes back all the same.
 */
export async function resendRest(
  pass: Pass,
  soFar: SoFar,
  mayRepeat: (pauseMs?: number) => boolean,
  deps: DeliverDeps,
): Promise<Resent> {
  const rests = restsOf(pass, soFar);
  const read = new ParkedItems(pass);
  const messages = [...rests].flatMap(([record, rest]): Outgoing[] => {
    const delaySeconds = soFar.delays.get(record) ?? 0;
    return messagesOf(rest, pass, read, deps).map((message) => ({ ...message, record, delaySeconds }));
  });
  if (messages.length === 0) return NOTHING_RESENT;

  const put = async (left: readonly Outgoing[]) => {
    const notTaken = new Set(await deps.queue.send(left, mayRepeat));
    return left.filter((_, i) => notTaken.has(i));
  };
  const failed = new Set((await inRounds(messages, put, mayRepeat, deps)).map(({ record }) => record));
  const records = new Set(messages.flatMap(({ record }) => (failed.has(record) ? [] : [record])));
  if (failed.size > 0)
    deps.log.error("Records go back though a part of them is done with", { records: failed.size });
  return { records, items: new Set([...records].flatMap((record) => rests.get(record) ?? [])) };
}

/** By record that goes back although a part of it is done with: the items that are not. */
function restsOf({ items }: Pass, { endings, requeued, delays }: SoFar): Map<number, number[]> {
  const rests = new Map<number, number[]>();
  const split = new Set<number>();
  for (const [index, { record, isParked, ending }] of items.entries()) {
    // What was filtered left no trace.
    if (!delays.has(record) || ending?.kind === "filtered") continue;
    if (isParked || endings[index] || requeued.has(index)) split.add(record);
    else rests.set(record, [...(rests.get(record) ?? []), index]);
  }
  for (const record of rests.keys()) if (!split.has(record)) rests.delete(record);
  return rests;
}

/**
 * What was told keeps its feed, and is counted as received already; the rest is counted as it would be if its record came again.
 *
 * @returns none when not everything fits into messages.
 */
function messagesOf(
  rest: readonly number[],
  { items }: Pass,
  read: ParkedItems,
  { settings }: DeliverDeps,
): RequeueMessage[] {
  const byFeed = Map.groupBy(rest, (index) => items[index]?.feedId);
  const made = Array.from(byFeed, ([feedId, own]) => {
    const { tenantId, isCounted = false }: Partial<Item> = items[own[0] ?? -1] ?? {};
    const lines = own.map((index) => lineOf(read.read(index)));
    const owner = { ...(tenantId !== undefined && { tenantId }), ...(feedId !== undefined && { feedId }) };
    const options = { oneBatchEach: false, areCounted: feedId !== undefined || isCounted };
    return requeue(lines, { ending: "held", lane: settings.lane, ...owner }, options);
  });
  return made.some(({ tooLarge }) => tooLarge.length > 0) ? [] : made.flatMap(({ messages }) => messages);
}

function lineOf({ content, sqsMessageId, sentAtMs, mode, hours }: ParkedEvent): ParkedLine {
  const common = { text: "", sqsMessageId, sentAtMs, mode, code: "", hours };
  if ("batch" in content)
    return { ...common, content: { kind: "batch", body: content.batch, route: content.route } };
  if ("body" in content) return { ...common, content: { kind: "body", body: content.body } };
  const text = "eventText" in content ? content.eventText : JSON.stringify(content.event);
  return { ...common, content: { kind: "event", text } };
}
