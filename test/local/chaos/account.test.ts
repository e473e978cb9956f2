import { describe, expect, it } from "vitest";
import { account, type Evidence, type Expected, type ParkedLine } from "../../../local/chaos/account.ts";

interface Found {
  readonly taken?: Record<string, number>;
  readonly deduplicated?: Record<string, number>;
  readonly accepted?: readonly string[];
  readonly parked?: readonly Partial<ParkedLine>[];
  readonly takenRequestIds?: readonly string[];
  readonly deadLetters?: readonly string[];
  readonly waiting?: number;
}

function evidence(found: Found): Evidence {
  return {
    taken: new Map(Object.entries(found.taken ?? {})),
    deduplicated: new Map(Object.entries(found.deduplicated ?? {})),
    accepted: new Set(found.accepted ?? Object.keys(found.taken ?? {})),
    parked: (found.parked ?? []).map((line) => ({
      ending: "held",
      ids: [],
      requestId: undefined,
      cause: undefined,
      ...line,
    })),
    takenRequestIds: new Set(found.takenRequestIds),
    deadLetters: new Set(found.deadLetters),
    waiting: found.waiting ?? 0,
  };
}

const sent = (id: string, expected: Expected = "delivered") => ({ id, tenantId: "busy", expected });

/** Counts of an account of which nothing is to be said but these. */
function counts(over: Record<string, unknown>) {
  const none = {
    delivered: 0,
    filtered: 0,
    rejected: 0,
    held: 0,
    dropped: 0,
    deadLetters: 0,
    open: 0,
    lost: 0,
  };
  const twice = { doubledBefore: 0, doubled: 0, parkedToo: 0, doubledIds: [], parkedTooIds: [] };
  return { sent: 1, ...none, ...twice, lostIds: [], astray: [], ...over };
}

describe("the account of a run", () => {
  it.each<{ what: string; found: Found; expected?: Expected; is: Record<string, unknown> }>([
    { what: "taken once", found: { taken: { a: 1 } }, is: { delivered: 1 } },
    { what: "nowhere", found: {}, is: { lost: 1, lostIds: ["a"] } },
    { what: "nowhere while messages wait", found: { waiting: 1 }, is: { open: 1 } },
    {
      what: "taken twice",
      found: { taken: { a: 2 } },
      is: { delivered: 1, doubledBefore: 1, doubled: 1, doubledIds: ["a"] },
    },
    {
      what: "taken once and recognised once",
      found: { taken: { a: 1 }, deduplicated: { a: 1 } },
      is: { delivered: 1, doubledBefore: 1 },
    },
    { what: "held", found: { parked: [{ ids: ["a"] }] }, is: { held: 1 } },
    {
      what: "held twice",
      found: { parked: [{ ids: ["a"] }, { ids: ["a"] }] },
      is: { held: 1, parkedToo: 1, parkedTooIds: ["a"] },
    },
    {
      what: "taken and held as it came",
      found: { taken: { a: 1 }, parked: [{ ids: ["a"] }] },
      is: { delivered: 1, parkedToo: 1, parkedTooIds: ["a"] },
    },
    {
      what: "held as the very batch that was taken",
      found: { taken: { a: 1 }, parked: [{ ids: ["a"], requestId: "r" }], takenRequestIds: ["r"] },
      is: { delivered: 1 },
    },
    {
      what: "taken in one batch and held in another",
      found: { taken: { a: 1 }, parked: [{ ids: ["a"], requestId: "r" }], takenRequestIds: ["other"] },
      is: { delivered: 1, parkedToo: 1, parkedTooIds: ["a"] },
    },
    { what: "a dead letter", found: { deadLetters: ["a"] }, is: { deadLetters: 1 } },
    { what: "answered 202 and not taken", found: { accepted: ["a"] }, is: { dropped: 1 } },
    { what: "filtered as it should be", found: {}, expected: "filtered", is: { filtered: 1 } },
    {
      what: "delivered though it should be filtered",
      found: { taken: { a: 1 } },
      expected: "filtered",
      is: { delivered: 1, astray: ["a"] },
    },
    {
      what: "rejected though it is good",
      found: { parked: [{ ending: "rejected", ids: ["a"] }] },
      is: { rejected: 1, astray: ["a"] },
    },
    {
      what: "rejected as it should be",
      found: { parked: [{ ending: "rejected", ids: ["a"] }] },
      expected: "rejected",
      is: { rejected: 1 },
    },
    { what: "bad and nowhere", found: {}, expected: "rejected", is: { lost: 1, lostIds: ["a"] } },
    { what: "of any ending, and nowhere", found: {}, expected: "anywhere", is: { lost: 1, lostIds: ["a"] } },
  ])("tells an event that is $what", ({ found, expected, is }) => {
    const told = account([sent("a", expected)], evidence(found));

    expect(told).toEqual(counts(is));
  });

  it("finds the one event that is missing among many", () => {
    const events = Array.from({ length: 500 }, (_, i) => sent(`e-${i}`));
    const taken = Object.fromEntries(events.map(({ id }) => [id, 1]));
    delete taken["e-321"];

    const told = account(events, evidence({ taken }));

    expect(told).toMatchObject({ sent: 500, delivered: 499, lost: 1, lostIds: ["e-321"] });
  });

  it("puts every event in one of its counts", () => {
    const events = ["a", "b", "c", "d", "e"].map((id) => sent(id));
    const found = {
      taken: { a: 2, b: 1 },
      parked: [{ ids: ["b", "c"] }, { ending: "rejected" as const, ids: ["c", "d"] }],
    };

    const { delivered, held, rejected, lost } = account(events, evidence(found));

    expect({ delivered, held, rejected, lost }).toEqual({ delivered: 2, held: 1, rejected: 1, lost: 1 });
  });
});
