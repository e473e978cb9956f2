import { fillInOrder, type Run } from "../core/fill-in-order.ts";
import { MAX_MESSAGE_BYTES, MAX_QUEUE_ENTRIES } from "../core/limits.ts";

/**
 * Packs messages into SendMessageBatch calls, in order: at most 10 messages and 1 MiB in each.
 *
 * Filling each call before the next is opened gives the fewest calls that any packing in order has.
 *
 * @param bytes - UTF-8 bytes of each message body, none over 1 MiB.
 */
export function packMessages(bytes: readonly number[]): Run[] {
  return fillInOrder(bytes, { maxBytes: MAX_MESSAGE_BYTES, maxItems: MAX_QUEUE_ENTRIES });
}
