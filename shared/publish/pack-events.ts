import { fillInOrder, type Run } from "../core/fill-in-order.ts";
import { MAX_MESSAGE_BYTES, MAX_QUEUE_ENTRIES } from "../core/limits.ts";

/**
 * UTF-8 bytes up to which events share one message. SQS bills a call by started 64 KiB of payload, so a smaller message
 * saves nothing; a larger one is delivered, retried and set aside as a whole.
 */
const MESSAGE_TARGET_BYTES = 65_536;

/**
 * Packs events into messages so that the messages fill as few SendMessageBatch calls as a packing in order can.
 *
 * The events of one call are spread evenly over its messages, up to 10, because a message is the unit in which the
 * connector receives and returns events. Only where the text around the events of further messages would cost another
 * call are there fewer.
 *
 * @param bytes - UTF-8 bytes of each event, none over what {@link maxEventBytes} allows.
 * @param envelopeBytes - UTF-8 bytes of a message without its events.
 * @returns The events of each message; every event exactly once, in order.
 */
export function packEvents(bytes: readonly number[], envelopeBytes: number): Run[] {
  // An event and the comma after it. The last event of a message has none, which pays for a byte of its envelope.
  const sizes = bytes.map((size) => size + 1);
  const perMessage = envelopeBytes - 1;
  const fewest = fillInOrder(sizes, { maxBytes: MAX_MESSAGE_BYTES - perMessage });
  const spreadable = fillInOrder(sizes, { maxBytes: MAX_MESSAGE_BYTES - MAX_QUEUE_ENTRIES * perMessage });
  const calls = spreadable.length > fewest.length ? fewest : spreadable;
  return calls.flatMap((call) => spread(call, sizes, perMessage));
}

/** UTF-8 bytes that one event may have in a message of its own. */
export function maxEventBytes(envelopeBytes: number): number {
  return MAX_MESSAGE_BYTES - envelopeBytes;
}

/** Cuts one call's events into messages of nearly the same size. */
function spread({ start, end }: Run, sizes: readonly number[], perMessage: number): Run[] {
  const total = sum(sizes, start, end);
  const affordable = 1 + Math.floor((MAX_MESSAGE_BYTES - perMessage - total) / perMessage);
  const messages = Math.min(MAX_QUEUE_ENTRIES, affordable, Math.ceil(total / MESSAGE_TARGET_BYTES));
  const runs: Run[] = [];
  let runStart = start;
  let share = 0;
  let before = 0;
  for (let position = start; position < end; position++) {
    // An event belongs to the message in whose share of the bytes it begins.
    const next = Math.floor((before * messages) / total);
    if (next > share) {
      runs.push({ start: runStart, end: position });
      runStart = position;
      share = next;
    }
    before += sizes[position] ?? 0;
  }
  runs.push({ start: runStart, end });
  return runs;
}

function sum(sizes: readonly number[], start: number, end: number): number {
  let total = 0;
  for (let position = start; position < end; position++) total += sizes[position] ?? 0;
  return total;
}
