import { describe, expect, it } from "vitest";
import { account } from "../../../local/chaos/account.ts";
import { problemsOf } from "../../../local/chaos/problems.ts";
import type { Measured } from "../../../local/chaos/result.ts";

const NOTHING = {
  taken: new Map(),
  deduplicated: new Map(),
  accepted: new Set<string>(),
  parked: [],
  takenRequestIds: new Set<string>(),
  deadLetters: new Set<string>(),
  waiting: 0,
};

/** A run without events, of which only this is to be said. */
function measured({ of = {}, ...over }: Partial<Measured> & { of?: Partial<Measured["account"]> }): Measured {
  return {
    name: "any",
    about: "",
    account: { ...account([], NOTHING), ...of },
    doubledHandedTwice: 0,
    messages: 0,
    receivesPerMessage: 0,
    requests: 0,
    throttledShare: 0,
    busyBatchesPerSecond: 0,
    quiet: { p50Ms: undefined, p99Ms: undefined },
    heldBy: {},
    awsFaults: 0,
    crashes: 0,
    failedInvocations: 0,
    dropReasons: {},
    seconds: 0,
    ...over,
  };
}

describe("the judgement of a run", () => {
  it("has nothing to say of a run in which all is well", () => {
    expect(problemsOf(measured({}), {})).toEqual({ problems: [], notes: [] });
  });

  it.each([
    { what: "a lost event", run: measured({ of: { lost: 1, lostIds: ["a"] } }) },
    { what: "an event without an ending", run: measured({ of: { open: 1 } }) },
    { what: "a doubled event", run: measured({ of: { doubled: 1, doubledIds: ["a"] } }) },
    { what: "an event that is parked too", run: measured({ of: { parkedToo: 1, parkedTooIds: ["a"] } }) },
    { what: "an event that is still held", run: measured({ of: { held: 1 } }) },
    { what: "a dead letter", run: measured({ of: { deadLetters: 1 } }) },
    { what: "a dropped event", run: measured({ of: { dropped: 1 } }) },
    { what: "an event where it does not belong", run: measured({ of: { astray: ["a"] } }) },
    { what: "a batch that mParticle drops by its own rules", run: measured({ dropReasons: { schema: 1 } }) },
  ])("fails for $what", ({ run }) => {
    expect(problemsOf(run, {}).problems).toHaveLength(1);
  });

  it("excuses events that were handed out twice, and no others", () => {
    const run = measured({ of: { doubled: 3, doubledIds: ["a", "b", "c"] }, doubledHandedTwice: 2 });

    const { problems, notes } = problemsOf(run, { doubledWhenHandedTwice: "a reason" });

    expect(problems).toEqual(["1 doubled that were handed out once"]);
    expect(notes).toEqual(["2 doubled: a reason"]);
  });

  it("has no excuse for a lost event", () => {
    const run = measured({ of: { lost: 1, lostIds: ["a"] } });
    const allowed = {
      doubled: "x",
      doubledWhenHandedTwice: "x",
      dropped: "x",
      deadLetters: "x",
      parkedToo: "x",
    };

    expect(problemsOf(run, allowed).problems).toEqual(["1 lost: a"]);
  });
});
