import { fillInOrder } from "../../shared/core/fill-in-order.ts";
import type { Hours } from "../../shared/core/hour.ts";
import type { FrozenMessage } from "../../shared/core/message.schema.ts";
import { DEFAULT_PACK_LIMITS } from "../../shared/core/pack.ts";
import { queueText } from "../../shared/core/queue-text.ts";
import type { Settlement } from "../../shared/core/settle.ts";
import { hoursOf, type Pass } from "./pass.ts";
import type { SentBatch } from "./send-feeds.ts";

/** SQS: longest delay of a new message. */
const MAX_DELAY_SECONDS = 900;

export interface FrozenBatch extends SentBatch {
  /** Indexes of the items whose ending this batch now decides alone. */
  readonly decides: readonly number[];
  /** Their source events. */
  readonly hours: Hours;
  readonly delaySeconds: number;
}

/** A message with built batches, as it is to be put on the queue. */
export interface OutgoingFrozenMessage {
  readonly body: string;
  readonly groupId: string;
  readonly delaySeconds: number;
  readonly tenantId: string;
  readonly feedId: string;
  readonly batches: readonly FrozenBatch[];
}

/** The messages with all that a settlement freezes, each of one feed and route and within the limits of a request. */
export function frozenMessages(
  { items }: Pass,
  sent: readonly SentBatch[],
  settlement: Settlement,
): OutgoingFrozenMessage[] {
  const batches = settlement.frozen.flatMap(({ batch: index, decides, delaySeconds }): FrozenBatch[] => {
    const batch = sent[index];
    const hours = hoursOf(decides.flatMap((item) => items[item] ?? []));
    return batch ? [{ ...batch, decides, hours, delaySeconds }] : [];
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
