import fc from "fast-check";
import { expect, test } from "vitest";
import { fillInOrder, type Run } from "../../shared/core/fill-in-order.ts";
import { maxEventBytes, packEvents } from "../../shared/publish/pack-events.ts";
import { packMessages } from "../../shared/publish/pack-messages.ts";

const MIB = 1_048_576;
const ENVELOPE = 60;

const eventSizes = fc.oneof(
  fc.array(fc.integer({ min: 2, max: 3_000 }), { maxLength: 4_000, size: "max" }),
  fc.array(fc.integer({ min: 2, max: 300_000 }), { maxLength: 60 }),
  fc.array(fc.integer({ min: 2, max: maxEventBytes(ENVELOPE) }), { maxLength: 20 }),
);

test("no events need no message", () => {
  expect(packEvents([], ENVELOPE)).toEqual([]);
});

test("events that fit 64 KiB share one message", () => {
  expect(packEvents(Array(50).fill(1_000), ENVELOPE)).toEqual([{ start: 0, end: 50 }]);
});

test("a full call is spread over ten messages of nearly the same size", () => {
  const events = Array(1_000).fill(1_000);

  const messages = packEvents(events, ENVELOPE);

  expect(messages.map(({ start, end }) => end - start)).toEqual(Array(10).fill(100));
});

test("the largest event has a message of exactly 1 MiB", () => {
  const event = maxEventBytes(ENVELOPE);

  const messages = packEvents([event], ENVELOPE);

  expect(messageBytes(messages, [event])).toEqual([MIB]);
});

test("a call without room for further envelopes stays one message", () => {
  // Two events and the comma between them leave not one byte.
  const events = [500_000, maxEventBytes(ENVELOPE) - 500_000 - 1];

  const messages = packEvents(events, ENVELOPE);

  expect(messages).toEqual([{ start: 0, end: 2 }]);
  expect(messageBytes(messages, events)).toEqual([MIB]);
});

test("every event is in exactly one message, in order, and no limit is passed", () => {
  fc.assert(
    fc.property(eventSizes, (events) => {
      const messages = packEvents(events, ENVELOPE);

      const starts = messages.map(({ start }) => start);
      expect(starts).toEqual([0, ...messages.map(({ end }) => end)].slice(0, messages.length));
      expect(messages.at(-1)?.end ?? 0).toBe(events.length);
      expect(messages.every(({ start, end }) => start < end)).toBe(true);
      expect(Math.max(0, ...messageBytes(messages, events))).toBeLessThanOrEqual(MIB);
    }),
    { numRuns: 50 },
  );
});

test("no packing in order takes fewer calls", () => {
  fc.assert(
    fc.property(eventSizes, (events) => {
      const calls = packMessages(messageBytes(packEvents(events, ENVELOPE), events));

      // A call holds the most events as one message: each further one costs another envelope.
      const asOneMessage = fillInOrder(
        events.map((event) => event + 1),
        { maxBytes: MIB - ENVELOPE + 1 },
      );
      expect(calls).toHaveLength(asOneMessage.length);
    }),
    { numRuns: 50 },
  );
});

test("small events take the fewest calls that their bytes allow", () => {
  const events = Array.from({ length: 20_000 }, (_, i) => 700 + (i % 501));

  const calls = packMessages(messageBytes(packEvents(events, ENVELOPE), events));

  const bytes = events.reduce((total, event) => total + event + 1, 0);
  expect(calls).toHaveLength(Math.ceil(bytes / (MIB - ENVELOPE + 1)));
});

function messageBytes(messages: readonly Run[], events: readonly number[]): number[] {
  return messages.map(({ start, end }) => {
    const commas = end - start - 1;
    return events.slice(start, end).reduce((total, event) => total + event, ENVELOPE + commas);
  });
}
