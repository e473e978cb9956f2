import fc from "fast-check";
import { expect, test } from "vitest";
import { fillInOrder } from "../../shared/core/fill-in-order.ts";
import { packMessages } from "../../shared/publish/pack-messages.ts";

const MIB = 1_048_576;

test("no messages need no call", () => {
  expect(packMessages([])).toEqual([]);
});

test.each([
  { name: "ten small messages share a call", bytes: Array(10).fill(1), ends: [10] },
  { name: "the eleventh message opens a call", bytes: Array(11).fill(1), ends: [10, 11] },
  { name: "messages of exactly 1 MiB together share a call", bytes: [MIB - 1, 1], ends: [2] },
  { name: "one byte more opens a call", bytes: [MIB - 1, 2], ends: [1, 2] },
  { name: "a message of 1 MiB has a call of its own", bytes: [1, MIB, 1], ends: [1, 2, 3] },
])("$name", ({ bytes, ends }) => {
  const calls = packMessages(bytes);

  expect(calls.map(({ end }) => end)).toEqual(ends);
});

test("every message is in exactly one call, in order, within both limits", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: MIB })), (bytes) => {
      const calls = packMessages(bytes);

      expect(calls.flatMap(({ start, end }) => bytes.slice(start, end))).toEqual(bytes);
      for (const { start, end } of calls) {
        expect(end - start).toBeGreaterThan(0);
        expect(end - start).toBeLessThanOrEqual(10);
        expect(sum(bytes.slice(start, end))).toBeLessThanOrEqual(MIB);
      }
    }),
  );
});

test("no packing in order has fewer runs", () => {
  const limits = { maxBytes: 20, maxItems: 4 };
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 30 }), (bytes) => {
      expect(fillInOrder(bytes, limits)).toHaveLength(fewestRuns(bytes, limits));
    }),
  );
});

/** The fewest runs of any packing in order, by trying every length of the last run. */
function fewestRuns(bytes: readonly number[], limits: { maxBytes: number; maxItems: number }): number {
  const fewest = [0];
  for (let end = 1; end <= bytes.length; end++) {
    const starts = Array.from({ length: end }, (_, start) => start).filter(
      (start) => end - start <= limits.maxItems && sum(bytes.slice(start, end)) <= limits.maxBytes,
    );
    fewest[end] = 1 + Math.min(...starts.map((start) => fewest[start] ?? 0));
  }
  return fewest[bytes.length] ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
