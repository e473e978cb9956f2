import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addUp,
  type Balance,
  balanceOf,
  type Imbalance,
  imbalanceOf,
  type LedgerColumns,
  sumBalances,
  sumColumns,
} from "../../shared/core/ledger.ts";
import { History, type Step, type Trouble } from "./ledger-history.ts";

const columns = (some: Partial<LedgerColumns>) => sumColumns([some]);

const NOTHING: Balance = {
  received: 0,
  delivered: 0,
  filtered: 0,
  rejected: 0,
  held: 0,
  inProgress: 0,
  uncounted: 0,
};

describe("the balance of an account", () => {
  it.each<[string, Partial<LedgerColumns>, Partial<Balance>]>([
    ["nothing came", {}, {}],
    [
      "each ending",
      { first: 10, delivered: 4, filtered: 3, rejected: 2, held: 1 },
      { received: 10, delivered: 4, filtered: 3, rejected: 2, held: 1 },
    ],
    ["what went back is in progress", { first: 3, returned: 3 }, { received: 3, inProgress: 3 }],
    [
      "until it comes again",
      { first: 3, returned: 3, again: 3, delivered: 3 },
      { received: 3, delivered: 3 },
    ],
    [
      "however often that is",
      { first: 1, again: 7, returned: 7, delivered: 1 },
      { received: 1, delivered: 1 },
    ],
    [
      "what is released is in progress",
      { first: 2, held: 2, released: 2, returned: 2 },
      { received: 2, inProgress: 2 },
    ],
    [
      "and ends anew",
      { first: 2, held: 3, released: 2, returned: 2, again: 2, delivered: 1 },
      { received: 2, held: 1, delivered: 1 },
    ],
    [
      "what is replayed is in progress",
      { first: 2, rejected: 2, replayed: 1, returned: 1 },
      { received: 2, rejected: 1, inProgress: 1 },
    ],
    ["what was held under no feed leaves it", { first: 0, held: 2, released: 2 }, {}],
    [
      "an invocation died before it wrote",
      { again: 2, delivered: 2 },
      { received: 2, delivered: 2, uncounted: 2 },
    ],
    [
      "an invocation died after it wrote",
      { first: 2, again: 2, delivered: 4 },
      { received: 4, delivered: 4, uncounted: 2 },
    ],
    [
      "an invocation died after it parked",
      { again: 3, held: 1, released: 2, returned: 2, delivered: 2 },
      { received: 2, delivered: 2, uncounted: 2 },
    ],
  ])("%s", (_, some, expected) => {
    const balance = balanceOf(columns(some));

    expect(balance).toEqual({ ...NOTHING, ...expected });
  });
});

describe("an account", () => {
  it.each<[string, Partial<LedgerColumns>, boolean, Imbalance | undefined]>([
    ["adds up when all that came has left", { first: 3, delivered: 2, held: 1 }, false, undefined],
    ["adds up while events may be in progress", { first: 3, returned: 3 }, true, undefined],
    [
      "does not when they are nowhere",
      { first: 3, returned: 3, again: 1, delivered: 1 },
      false,
      { kind: "lost", events: 2 },
    ],
    ["adds up after a crash", { again: 3, delivered: 3 }, false, undefined],
    [
      "does not when more came than left",
      { first: 3, delivered: 1 },
      true,
      { kind: "unbalanced", events: 2 },
    ],
    [
      "does not when more left than came",
      { first: 3, delivered: 4 },
      true,
      { kind: "unbalanced", events: -1 },
    ],
    ["counts release as coming", { first: 1, held: 1, released: 1 }, true, { kind: "unbalanced", events: 1 }],
    [
      "has no column below zero",
      { first: 3, delivered: 5, filtered: -2 },
      true,
      { kind: "impossible", events: 2 },
    ],
    [
      "may have events taken out that were received under no feed",
      { first: -1, again: 1, held: 1, released: 1 },
      false,
      undefined,
    ],
    ["cannot have more taken out than it had", { first: -2, released: 2 }, false, undefined],
    [
      "cannot have received less than nothing",
      { first: -2, replayed: 2, rejected: 1, held: -1 },
      true,
      { kind: "impossible", events: 1 },
    ],
  ])("%s", (_, some, mayBeInProgress, expected) => {
    const imbalance = imbalanceOf(columns(some), { mayBeInProgress });

    expect(imbalance).toEqual(expected);
  });
});

describe("adding up", () => {
  it("makes one entry of all entries of an account", () => {
    const hour = "2026-03-01T11";

    const added = addUp([
      { tenantId: "acme", feedId: "ios", hour, first: 2, delivered: 2 },
      { tenantId: "acme", hour, first: 1, rejected: 1 },
      { hour, first: 1, rejected: 1 },
      { tenantId: "acme", feedId: "ios", hour, again: 3, delivered: 3 },
      { tenantId: "acme", feedId: "ios", hour: "2026-03-01T12", first: 1, held: 1 },
    ]);

    expect(added).toEqual([
      { tenantId: "acme", feedId: "ios", hour, ...columns({ first: 2, again: 3, delivered: 5 }) },
      { tenantId: "acme", feedId: undefined, hour, ...columns({ first: 1, rejected: 1 }) },
      { tenantId: undefined, feedId: undefined, hour, ...columns({ first: 1, rejected: 1 }) },
      { tenantId: "acme", feedId: "ios", hour: "2026-03-01T12", ...columns({ first: 1, held: 1 }) },
    ]);
  });
});

const outcome = fc.constantFrom(
  "delivered",
  "filtered",
  "rejected",
  "held",
  "frozen",
  "whole back",
  "delivered",
);
const number = fc.nat(1_000);

function steps(
  troubles: readonly Trouble[],
  feeds: readonly ("default" | "ios" | "paused" | "unavailable")[],
) {
  const trouble = fc.constantFrom(...troubles);
  return fc.array<Step>(
    fc.oneof(
      fc.record({
        kind: fc.constant("publish"),
        events: fc.integer({ min: 1, max: 3 }),
        hour: fc.constantFrom(0, 1),
      }),
      fc.record({
        kind: fc.constant("receive"),
        messages: fc.array(number, { minLength: 1, maxLength: 4 }),
        outcomes: fc.array(outcome, { maxLength: 9 }),
        trouble,
      }),
      fc.record({
        kind: fc.constant("put back"),
        from: fc.constantFrom("held", "rejected"),
        pick: number,
        trouble,
      }),
      fc.record({ kind: fc.constant("assign"), feed: fc.constantFrom(...feeds) }),
    ) as fc.Arbitrary<Step>,
    { minLength: 1, maxLength: 40 },
  );
}

/** Every account by itself, and the balances of all hours added up. */
function judge({ entries }: History, mayBeInProgress: boolean) {
  const accounts = addUp(entries);
  const hours = Array.from(Map.groupBy(accounts, ({ hour }) => hour).values(), sumColumns);
  return {
    imbalances: [
      ...accounts.map((account) => imbalanceOf(account, { mayBeInProgress: true })),
      ...hours.map((hour) => imbalanceOf(hour, { mayBeInProgress })),
    ].filter((imbalance) => imbalance !== undefined),
    balance: sumBalances(hours.map(balanceOf)),
  };
}

describe("over any history", () => {
  it("the ledger says at every moment where all events are", () => {
    fc.assert(
      fc.property(steps(["none"], ["default", "ios", "paused"]), (taken) => {
        const history = new History();

        for (const step of taken) {
          history.take(step);

          const { balance, imbalances } = judge(history, true);
          expect(imbalances).toEqual([]);
          expect(balance).toMatchObject({
            ...history.ended,
            rejected: history.bucket.rejected.length,
            held: history.bucket.held.length,
          });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("what it has in progress is on the queue", () => {
    fc.assert(
      fc.property(steps(["none"], ["default", "ios"]), (taken) => {
        const history = new History();

        for (const step of taken) {
          history.take(step);

          const { balance } = judge(history, true);
          expect(balance).toMatchObject({
            received: history.handedOut,
            inProgress: history.underWay,
            uncounted: 0,
          });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("every event is received once and has one ending, whoever it belonged to on the way", () => {
    fc.assert(
      fc.property(steps(["none"], ["default", "ios", "paused", "unavailable"]), (taken) => {
        const history = new History();
        for (const step of taken) history.take(step);

        history.drain();

        const { balance, imbalances } = judge(history, false);
        expect(imbalances).toEqual([]);
        expect(balance).toMatchObject({
          received: history.published,
          ...history.ended,
          rejected: history.bucket.rejected.length,
          held: history.bucket.held.length,
          inProgress: 0,
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it("it adds up whenever invocations die, and counts twice at most what was handled twice", () => {
    const troubles = ["none", "none", "before the write", "after the write"] as const;
    fc.assert(
      fc.property(steps(troubles, ["default", "ios", "paused", "unavailable"]), (taken) => {
        const history = new History();
        for (const step of taken) history.take(step);

        history.drain();

        const { balance, imbalances } = judge(history, false);
        const { received, inProgress, delivered, filtered, rejected, held } = balance;
        expect(imbalances).toEqual([]);
        expect(inProgress).toBe(0);
        expect(received).toBe(delivered + filtered + rejected + held);
        expect(received).toBeGreaterThanOrEqual(history.published);
        const { ended, bucket } = history;
        expect(received).toBeLessThanOrEqual(
          ended.delivered + ended.filtered + bucket.rejected.length + bucket.held.length,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
