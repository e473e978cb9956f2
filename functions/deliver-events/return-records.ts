import { fillInOrder } from "../../shared/core/fill-in-order.ts";
import type { Hours } from "../../shared/core/hour.ts";
import type { FrozenMessage } from "../../shared/core/message.schema.ts";
import { DEFAULT_PACK_LIMITS } from "../../shared/core/pack.ts";
import { queueText } from "../../shared/core/queue-text.ts";
import type { Settlement } from "../../shared/core/settle.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import { hoursOf, type Pass } from "./pass.ts";
import type { SentBatch } from "./send-feeds.ts";

/** SQS: longest delay of a new message. */
const MAX_DELAY_SECONDS = 900;

/** Milliseconds that a call to the queue may take, its repetition included. */
const QUEUE_CALL_MS = 6_000;

export interface Returned {
  /** Indexes of the records that go back. */
  readonly returned: ReadonlySet<number>;
  /** Whose frozen messages the queue took. */
  readonly frozen: readonly { readonly tenantId: string; readonly feedId: string }[];
}

interface FrozenBatch extends SentBatch {
  /** Source events whose ending this batch decides alone. */
  readonly hours: Hours;
  readonly delaySeconds: number;
}

/**
 * Carries a settlement out at the queue: sends frozen messages, and hides the records that go back for their delay.
 *
 * A frozen message that the queue does not take sends its records back instead. Those may then be doubled, since they
 * will be merged anew; losing them is the only other choice.
 */
export async function returnRecords(
  pass: Pass,
  sent: readonly SentBatch[],
  settlement: Settlement,
  remainingMs: () => number,
  deps: DeliverDeps,
): Promise<Returned> {
  const delays = new Map(settlement.returned);
  const messages = frozenMessages(pass, sent, settlement);
  // The same batches twice on the queue are known by their ids; merged anew, as they would be in their records, they are not.
  const mayRepeat = () => remainingMs() > 2 * QUEUE_CALL_MS;
  const notTaken = new Set(messages.length > 0 ? await deps.queue.send(messages, mayRepeat) : []);
  for (const [i, { batches, delaySeconds }] of messages.entries()) {
    if (!notTaken.has(i)) continue;
    const records = new Set(
      batches.flatMap(({ items }) => items.flatMap((item) => pass.items[item]?.record ?? [])),
    );
    deps.log.error("A frozen request was not taken by the queue: its records go back", {
      records: records.size,
    });
    for (const record of records) delays.set(record, Math.max(delays.get(record) ?? 0, delaySeconds));
  }

  const hidden = Array.from(delays, ([record, delaySeconds]) => ({
    receiptHandle: pass.records[record]?.receiptHandle ?? "",
    delaySeconds,
  }));
  if (hidden.length > 0) await deps.queue.hide(hidden, () => remainingMs() > QUEUE_CALL_MS);
  const frozen = messages
    .filter((_, i) => !notTaken.has(i))
    .map(({ tenantId, feedId }) => ({ tenantId, feedId }));
  return { returned: new Set(delays.keys()), frozen };
}

interface OutgoingFrozenMessage {
  readonly body: string;
  readonly groupId: string;
  readonly delaySeconds: number;
  readonly tenantId: string;
  readonly feedId: string;
  readonly batches: readonly FrozenBatch[];
}

function frozenMessages(
  { items }: Pass,
  sent: readonly SentBatch[],
  settlement: Settlement,
): OutgoingFrozenMessage[] {
  const batches = settlement.frozen.flatMap(({ batch: index, decides, delaySeconds }): FrozenBatch[] => {
    const batch = sent[index];
    const hours = hoursOf(decides.flatMap((item) => items[item] ?? []));
    return batch ? [{ ...batch, hours, delaySeconds }] : [];
  });
  const byPath = Map.groupBy(batches, ({ tenantId, feedId, route }) => `${tenantId} ${feedId} ${route}`);
  return [...byPath.values()].flatMap(requestsInTurn).flatMap(frozenMessage);
}

/** Batches whose turn is near each other wait in one message, which comes back at the last one's. */
function requestsInTurn(batches: readonly FrozenBatch[]): FrozenBatch[][] {
  const inTurn = batches.toSorted((a, b) => a.delaySeconds - b.delaySeconds);
  const { maxBytes, maxBatches } = batches[0]?.limits ?? DEFAULT_PACK_LIMITS;
  const bytes = inTurn.map(({ body }) => body.length);
  return fillInOrder(bytes, { maxBytes, maxItems: maxBatches }).map(({ start, end }) =>
    inTurn.slice(start, end),
  );
}

function frozenMessage(batches: readonly FrozenBatch[]): OutgoingFrozenMessage[] {
  const [first] = batches;
  if (!first) return [];
  const { tenantId, feedId } = first;
  const message: FrozenMessage = {
    version: 1,
    tenantId,
    feedId,
    frozen: {
      route: first.route,
      batches: batches.map(({ body, hours }) => ({ body: body.toString("utf8"), hours })),
    },
  };
  const delaySeconds = Math.min(MAX_DELAY_SECONDS, Math.max(...batches.map((batch) => batch.delaySeconds)));
  return [
    { body: queueText(JSON.stringify(message)), groupId: tenantId, delaySeconds, tenantId, feedId, batches },
  ];
}
