import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Fate, type SettleBatch, type SettleItem, settle } from "../../shared/core/settle.ts";

const delivered: Fate = { kind: "delivered" };
const rejected: Fate = { kind: "rejected", code: "refused_by_mparticle" };
const held: Fate = { kind: "held", cause: "credentials_refused" };
const throttled = (delaySeconds = 30): Fate => ({ kind: "deferred", delaySeconds, maybeWritten: false });
const unknown = (delaySeconds = 30): Fate => ({ kind: "deferred", delaySeconds, maybeWritten: true });

const item = (record: number, over: Partial<SettleItem> = {}): SettleItem => ({
  kind: "event",
  record,
  ...over,
});
const batch = (fate: Fate, ...items: number[]): SettleBatch => ({ fate, items });

describe("settle", () => {
  it("ends each item as its batch did", () => {
    const items = [item(0), item(1), item(2)];

    const { endings, returned, frozen } = settle(items, [
      batch(delivered, 0),
      batch(rejected, 1),
      batch(held, 2),
    ]);

    expect(endings).toEqual([delivered, rejected, held]);
    expect([...returned]).toEqual([]);
    expect(frozen).toEqual([]);
  });

  it("keeps an ending that came before sending", () => {
    const filtered = { kind: "filtered", rule: "consent" } as const;

    expect(settle([item(0, { ending: filtered })], []).endings).toEqual([filtered]);
  });

  it("gives a throttled message back when nothing of it left a trace", () => {
    const { endings, returned, frozen } = settle(
      [item(0), item(0)],
      [batch(throttled(30), 0), batch(throttled(45), 1)],
    );

    expect(endings).toEqual([undefined, undefined]);
    expect([...returned]).toEqual([[0, 45]]);
    expect(frozen).toEqual([]);
  });

  it("does not count a filtered event of a message that goes back", () => {
    const items = [item(0, { ending: { kind: "filtered", rule: "consent" } }), item(0)];

    const { endings, returned } = settle(items, [batch(throttled(), 1)]);

    expect(endings).toEqual([undefined, undefined]);
    expect([...returned.keys()]).toEqual([0]);
  });

  it.each([
    ["delivered", batch(delivered, 0)],
    ["rejected", batch(rejected, 0)],
    ["perhaps delivered", batch(unknown(), 0)],
  ])("freezes what is open of a message of which something was %s", (_, first) => {
    const { returned, frozen } = settle([item(0), item(0)], [first, batch(throttled(), 1)]);

    expect([...returned]).toEqual([]);
    expect(frozen).toContainEqual({ batch: 1, decides: [1], delaySeconds: 30 });
  });

  it("freezes what is open of a message of which something was parked before sending", () => {
    const items = [item(0, { ending: { kind: "rejected", code: "event_invalid" } }), item(0)];

    const { endings, frozen } = settle(items, [batch(throttled(), 1)]);

    expect(endings).toEqual([items[0]?.ending, undefined]);
    expect(frozen).toEqual([{ batch: 0, decides: [1], delaySeconds: 30 }]);
  });

  it("freezes on through batches that messages share", () => {
    // Message 0 was delivered in part; batch 1 holds events of messages 0 and 1, batch 2 of messages 1 and 2.
    const items = [item(0), item(0), item(1), item(1), item(2), item(3)];
    const batches = [
      batch(delivered, 0),
      batch(throttled(), 1, 2),
      batch(throttled(), 3, 4),
      batch(throttled(), 5),
    ];

    const { returned, frozen } = settle(items, batches);

    expect(frozen.map((order) => [order.batch, order.decides.length]).sort()).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect([...returned.keys()]).toEqual([3]);
  });

  it("counts an event of several batches once, under the worst of their endings", () => {
    const { endings } = settle(
      [item(0), item(1)],
      [batch(delivered, 0, 1), batch(held, 0), batch(rejected, 0)],
    );

    expect(endings).toEqual([rejected, delivered]);
  });

  it("lets one frozen batch decide the ending of an event whose batches are all open", () => {
    const { frozen } = settle([item(0)], [batch(unknown(), 0), batch(unknown(), 0)]);

    expect(frozen.map(({ decides }) => decides.length).sort()).toEqual([0, 1]);
  });

  it("gives a frozen message back as it is while none of its batches has an ending", () => {
    const items = [item(0, { kind: "frozen" }), item(0, { kind: "frozen" })];

    const { returned, frozen } = settle(items, [batch(unknown(60), 0), batch(throttled(30), 1)]);

    expect([...returned]).toEqual([[0, 60]]);
    expect(frozen).toEqual([]);
  });

  it("gives a message back that could not be decided, whatever ended in it", () => {
    const items = [
      item(0, { ending: { kind: "rejected", code: "event_invalid" } }),
      item(0, { deferSeconds: 12 }),
    ];

    const { endings, returned } = settle(items, []);

    expect(endings).toEqual([undefined, undefined]);
    expect([...returned]).toEqual([[0, 12]]);
  });

  it("settles every event in exactly one place, and never gives a message back that left a trace", () => {
    const fates = fc.constantFrom(delivered, rejected, held, throttled(), unknown());
    const scenario = fc.record({
      records: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 14 }),
      batches: fc.array(
        fc.record({ fate: fates, items: fc.uniqueArray(fc.nat(13), { minLength: 1, maxLength: 5 }) }),
        {
          maxLength: 10,
        },
      ),
    });

    fc.assert(
      fc.property(scenario, ({ records, batches: drawn }) => {
        const items = records.map((record) => item(record));
        const batches: SettleBatch[] = drawn
          .map(({ fate, items: members }) => ({
            fate,
            items: members.filter((index) => index < items.length),
          }))
          .filter(({ items: members }) => members.length > 0);
        // As in a real pass, every item is in a batch.
        const inBatch = new Set(batches.flatMap(({ items: members }) => members));
        for (const index of items.keys()) if (!inBatch.has(index)) batches.push(batch(delivered, index));

        const { endings, returned, frozen } = settle(items, batches);

        const frozenBatches = new Set(frozen.map((order) => order.batch));
        const fatesOf = (index: number) =>
          batches.flatMap((b, i) => (b.items.includes(index) ? [{ ...b.fate, i }] : []));
        for (const [index, { record }] of items.entries()) {
          const own = fatesOf(index);
          if (returned.has(record)) {
            expect(endings[index]).toBeUndefined();
            expect(
              own.every(
                (fate) => fate.kind === "deferred" && !fate.maybeWritten && !frozenBatches.has(fate.i),
              ),
            ).toBe(true);
          } else {
            expect(own.every((fate) => fate.kind !== "deferred" || frozenBatches.has(fate.i))).toBe(true);
          }
        }
        const ended = endings.filter((ending) => ending !== undefined).length;
        const waiting = frozen.reduce((sum, { decides }) => sum + decides.length, 0);
        const back = items.filter(({ record }) => returned.has(record)).length;
        expect(ended + waiting + back).toBe(items.length);
      }),
      { numRuns: 2_000 },
    );
  });
});
