import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Ask, admit } from "../../../shared/core/flow/admit.ts";
import { DEFAULT_FLOW_SETTINGS as SETTINGS } from "../../../shared/core/flow/flow-settings.ts";
import type { FlowState, Grant, Lane, Line } from "../../../shared/core/flow/flow-state.schema.ts";
import { initialFlow } from "../../../shared/core/flow/flow-state.ts";
import { flowText } from "../../../shared/core/flow/flow-text.ts";
import { capacityOf, windowMs } from "../../../shared/core/flow/window.ts";
import { NOW_MS } from "../../support/builders.ts";

const lane = fc.constantFrom<Lane>("live", "backfill");
const soonMs = fc.double({ min: -500, max: 4_000, noNaN: true }).map((ms) => NOW_MS + ms);

/** A line with the fields that matter to admission. */
const line = fc.record({ untilMs: soonMs, returningUntilMs: soonMs, isSpilled: fc.boolean() }).map(
  ({ untilMs, returningUntilMs, isSpilled }): Line => ({
    untilMs,
    returningUntilMs,
    messages: 0,
    countedAtMs: NOW_MS,
    spilledAtMs: isSpilled ? NOW_MS : 0,
  }),
);

const anyState = fc
  .record({
    rate: fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.double({ min: 0.01, max: 300, noNaN: true })),
    marginMs: fc.double({ min: 0, max: 150, noNaN: true }),
    blockedUntilMs: fc.oneof(fc.constant(0), soonMs),
    failures: fc.nat(4),
    probeAtMs: soonMs,
    liveWaitedAtMs: fc.oneof(fc.constant(0), soonMs),
    lines: fc.record({ live: line, backfill: line }),
  })
  .map((fields): FlowState => ({ ...initialFlow(SETTINGS, NOW_MS), ...fields }));

const anyCall = fc.record({
  lane,
  returning: fc.nat(400),
  fresh: fc.nat(400),
  paceMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3_000, noNaN: true })),
  // Machines' clocks differ a little.
  passedMs: fc.oneof(fc.nat(20), fc.double({ min: -100, max: 2_500, noNaN: true })),
});
const calls = fc.array(anyCall, { minLength: 1, maxLength: 40 });

interface Turn {
  readonly ask: Ask;
  readonly nowMs: number;
  readonly before: FlowState;
  readonly after: FlowState;
  readonly grants: readonly Grant[];
}

/** What callers one after the other are granted. */
function turns(
  start: FlowState,
  asked: readonly (typeof calls extends fc.Arbitrary<infer C> ? C : never)[number][],
): Turn[] {
  let before = start;
  let nowMs = NOW_MS;
  return asked.map(({ passedMs, ...rest }) => {
    nowMs += passedMs;
    const ask = { ...rest, probeMs: 20_000 };
    const { state, grants } = admit(before, ask, SETTINGS, nowMs);
    const turn = { ask, nowMs, before, after: state, grants };
    before = state;
    return turn;
  });
}

const inOrder = (grants: readonly Grant[]) => grants.toSorted((a, b) => a.atMs - b.atMs);
const sum = (grants: readonly Grant[]) => grants.reduce((total, { batches }) => total + batches, 0);

/** The most batches in any span of so many milliseconds, but for a hair. */
function mostIn(grants: readonly Grant[], spanMs: number): number {
  return Math.max(
    0,
    ...grants.map((end) =>
      sum(grants.filter(({ atMs }) => atMs <= end.atMs && atMs > end.atMs - spanMs + 0.001)),
    ),
  );
}

function state(over: Partial<FlowState> = {}): FlowState {
  return { ...initialFlow(SETTINGS, NOW_MS), ...over };
}

const ask = (over: Partial<Ask> = {}): Ask => ({
  lane: "live",
  returning: 0,
  fresh: 0,
  paceMs: 1_500,
  probeMs: 20_000,
  ...over,
});

function withLine(over: Partial<Line>, of: Lane = "live"): FlowState {
  const base = state();
  return { ...base, lines: { ...base.lines, [of]: { ...base.lines[of], ...over } } };
}

describe("any number of callers, whatever they ask for", () => {
  it("are granted no more than the rate in any second and the margin", () => {
    fc.assert(
      fc.property(anyState, calls, (start, asked) => {
        const all = turns(start, asked).flatMap(({ grants }) => grants);

        expect(mostIn(all, windowMs(start))).toBeLessThanOrEqual(capacityOf(start.rate));
      }),
      { numRuns: 400 },
    );
  });

  it("are granted whole batches, no more than they asked for, one after the other", () => {
    fc.assert(
      fc.property(anyState, calls, (start, asked) => {
        for (const { ask, grants, after } of turns(start, asked)) {
          expect(sum(grants)).toBeLessThanOrEqual(ask.returning + ask.fresh);
          for (const grant of grants) expect(Number.isInteger(grant.batches) && grant.batches > 0).toBe(true);
          expect(grants).toEqual(inOrder(grants));
          expect(after.grants).toEqual(inOrder(after.grants));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("are granted nothing before a block ends, before they ask, or later than they can wait", () => {
    fc.assert(
      fc.property(anyState, calls, (start, asked) => {
        for (const { ask, grants, nowMs } of turns(start, asked)) {
          for (const { atMs } of grants) {
            expect(atMs).toBeGreaterThanOrEqual(start.blockedUntilMs);
            expect(atMs).toBeGreaterThanOrEqual(nowMs);
            // Grants are of whole milliseconds.
            expect(atMs).toBeLessThan(nowMs + ask.paceMs + 1);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("leave a state in which all that was granted for now and later still counts", () => {
    fc.assert(
      fc.property(anyState, calls, (start, asked) => {
        const all: Grant[] = [];
        for (const { grants, after, nowMs } of turns(start, asked)) {
          all.push(...grants);
          const counting = all.filter(({ atMs }) => atMs > nowMs - windowMs(start));
          expect(sum(after.grants.filter(({ atMs }) => atMs > nowMs - windowMs(start)))).toBe(sum(counting));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("probe a dead host one batch at a time", () => {
    const dead = anyState.map((fields) => ({ ...fields, failures: 3, blockedUntilMs: 0 }));
    fc.assert(
      fc.property(dead, calls, (start, asked) => {
        const probes = turns(start, asked).flatMap(({ grants, nowMs, before }) =>
          grants.map(({ batches }) => ({ batches, nowMs, dueAtMs: before.probeAtMs })),
        );

        for (const { batches, nowMs, dueAtMs } of probes) {
          expect(batches).toBe(1);
          expect(nowMs).toBeGreaterThanOrEqual(dueAtMs);
        }
        for (const [i, { nowMs }] of probes.entries())
          expect(nowMs - (probes[i - 1]?.nowMs ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(20_000);
      }),
    );
  });
});

describe("the number of grants", () => {
  it.each([
    { what: "tiny ones of a busy feed", rate: 1_000, batches: 1, everyMs: 1 },
    { what: "large ones of a busy feed", rate: 1_000, batches: 400, everyMs: 7 },
    { what: "those of a feed that takes next to nothing", rate: 3, batches: 1, everyMs: 3 },
  ])("is bounded however many callers there are: $what", ({ rate, batches, everyMs }) => {
    let current = state({ rate });
    let most = 0;
    let mostText = 0;
    for (let i = 0; i < 6_000; i++) {
      const of: Lane = i % 2 === 0 ? "live" : "backfill";
      const nowMs = NOW_MS + i * everyMs;
      current = admit(current, ask({ returning: batches, lane: of }), SETTINGS, nowMs).state;
      most = Math.max(most, current.grants.length);
      mostText = Math.max(mostText, flowText(current).length);
    }

    // Slots of 3 s that are over and of 1.5 s to come, one for each lane; what goes at once has an instant of its own until its slot is over.
    expect(most).toBeLessThanOrEqual(2 * 20 * 4.5 + 60);
    expect(mostText).toBeLessThan(3_000);
  });
});

describe("a saturated feed", () => {
  it("is granted its whole rate, evenly", () => {
    const { grants } = admit(
      state({ rate: 200 }),
      ask({ returning: 10_000, paceMs: 20_000 }),
      SETTINGS,
      NOW_MS,
    );

    const shares = Array.from({ length: 19 }, (_, second) =>
      sum(grants.filter(({ atMs }) => Math.floor((atMs - NOW_MS) / 1_035) === second)),
    );
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(180);
    expect(sum(grants)).toBeGreaterThanOrEqual(0.98 * 200 * (20_000 / 1_035));
  });

  it("is granted what others gave back, wherever in the time to come", () => {
    const full = admit(state(), ask({ returning: 1_000 }), SETTINGS, NOW_MS).state;
    const gap = full.grants[3];
    const { grants } = admit(
      { ...full, grants: full.grants.filter((grant) => grant !== gap) },
      ask({ returning: 1_000 }),
      SETTINGS,
      NOW_MS,
    );

    expect(grants).toEqual([gap]);
  });

  it("does not spend requests on crumbs", () => {
    const { grants } = admit(state(), ask({ returning: 1_000, paceMs: 10_000 }), SETTINGS, NOW_MS);

    expect(Math.min(...grants.map(({ batches }) => batches))).toBeGreaterThanOrEqual(3);
  });
});

describe("a feed after a rest", () => {
  it("is granted at once what comes now and then", () => {
    const { grants } = admit(state(), ask({ fresh: 50 }), SETTINGS, NOW_MS);

    expect(grants).toEqual([{ atMs: NOW_MS, batches: 50, lane: "live" }]);
  });

  it.each([
    { restMs: 29_999, rate: 800 },
    { restMs: 30_000, rate: 400 },
    { restMs: 3_600_000, rate: 400 },
  ])("goes on at $rate batches a second when it rested for $restMs ms", ({ restMs, rate }) => {
    const before = state({ rate: 800, grants: [{ atMs: NOW_MS - restMs, batches: 1, lane: "live" }] });

    const { state: after } = admit(before, ask({ fresh: 1 }), SETTINGS, NOW_MS);

    expect(after.rate).toBe(rate);
  });

  it("goes on with no less than what a new feed starts with", () => {
    const grants: Grant[] = [{ atMs: NOW_MS - 60_000, batches: 1, lane: "live" }];
    const rates = [120, 60].map(
      (rate) => admit(state({ rate, grants }), ask({ fresh: 1 }), SETTINGS, NOW_MS).state.rate,
    );

    expect(rates).toEqual([100, 60]);
  });
});

describe("a host that does not answer", () => {
  const open = (over: Partial<FlowState>) =>
    state({
      failures: 5,
      openedAtMs: NOW_MS - 700,
      liveWaitedAtMs: NOW_MS,
      grants: [{ atMs: NOW_MS - 700, batches: 1, lane: "live" }],
      ...over,
    });

  it.each([
    { when: "before the next probe is due", over: { probeAtMs: NOW_MS + 1 } },
    { when: "while the feed is blocked", over: { blockedUntilMs: NOW_MS + 1 } },
  ])("leaves the state as it is $when, so that nobody writes it", ({ over }) => {
    const before = open(over);

    const { state: after, grants } = admit(before, ask({ fresh: 3 }), SETTINGS, NOW_MS);

    expect(grants).toEqual([]);
    expect(after).toBe(before);
  });
});

describe("a line", () => {
  it("is passed by what waited before and by nothing else", () => {
    const { grants } = admit(
      withLine({ untilMs: NOW_MS + 60_000 }),
      ask({ returning: 300, fresh: 300 }),
      SETTINGS,
      NOW_MS,
    );

    expect(sum(grants)).toBeGreaterThan(140);
    expect(sum(grants)).toBeLessThanOrEqual(200);
    expect(grants[0]?.atMs).toBe(NOW_MS);
  });

  it.each([
    { why: "is longer than the caller can wait", line: { untilMs: NOW_MS + 60_000 } },
    { why: "is of those that found no room at their time", line: { returningUntilMs: NOW_MS + 60_000 } },
    { why: "leads to the bucket", line: { spilledAtMs: NOW_MS - 1_000 } },
  ])("that $why leaves room that nobody takes to what comes for the first time", ({ line: fields }) => {
    const { grants } = admit(withLine(fields), ask({ fresh: 300 }), SETTINGS, NOW_MS);

    expect(grants[0]?.atMs).toBe(NOW_MS);
    expect(sum(grants)).toBeLessThan(150);
  });

  it("keeps what comes for the first time from room that those in line take", () => {
    const taken = admit(
      withLine({ untilMs: NOW_MS + 60_000 }),
      ask({ returning: 1_000 }),
      SETTINGS,
      NOW_MS,
    ).state;

    expect(admit(taken, ask({ fresh: 100 }), SETTINGS, NOW_MS + 10).grants).toEqual([]);
  });

  it("that ends within the caller's time is waited for", () => {
    const { grants } = admit(withLine({ untilMs: NOW_MS + 400 }), ask({ fresh: 20 }), SETTINGS, NOW_MS);

    expect(grants).toEqual([{ atMs: NOW_MS + 400, batches: 20, lane: "live" }]);
  });

  it("of the other lane is none of the caller's", () => {
    const { grants } = admit(
      withLine({ untilMs: NOW_MS + 60_000, spilledAtMs: 1 }, "backfill"),
      ask({ fresh: 20 }),
      SETTINGS,
      NOW_MS,
    );

    expect(grants).toEqual([{ atMs: NOW_MS, batches: 20, lane: "live" }]);
  });
});

describe("backfill", () => {
  const backfill = (over: Partial<Ask>) => ask({ lane: "backfill", ...over });
  const inSecond = (grants: readonly Grant[], of: Lane) =>
    mostIn(
      grants.filter((grant) => grant.lane === of),
      1_035,
    );

  it("leaves a tenth of the rate free while no live traffic waits", () => {
    const { grants } = admit(state(), backfill({ returning: 1_000 }), SETTINGS, NOW_MS);

    expect(inSecond(grants, "backfill")).toBeGreaterThan(85);
    expect(inSecond(grants, "backfill")).toBeLessThanOrEqual(90);
  });

  it("leaves what live traffic used lately, too, but not more than its own share", () => {
    const [some, much] = [100, 300].map((batches) => {
      const grants: Grant[] = [{ atMs: NOW_MS - 2_000, batches, lane: "live" }];
      const { grants: granted } = admit(state({ grants }), backfill({ returning: 1_000 }), SETTINGS, NOW_MS);
      return inSecond(granted, "backfill");
    });

    expect(some).toBeGreaterThan(50);
    expect(some).toBeLessThanOrEqual(56);
    expect(much).toBe(20);
  });

  it("gets its share and no more for as long as live traffic waits", () => {
    const waited = admit(state(), ask({ returning: 1_000 }), SETTINGS, NOW_MS).state;

    const { grants } = admit(waited, backfill({ returning: 1_000, paceMs: 5_000 }), SETTINGS, NOW_MS + 100);

    expect(inSecond(grants, "backfill")).toBe(20);
    expect(mostIn([...waited.grants, ...grants], 1_035)).toBe(100);
  });

  it("gets more again five seconds after live traffic waited last", () => {
    const [before, after] = [4_999, 5_000].map((ms) =>
      inSecond(
        admit(state({ liveWaitedAtMs: NOW_MS - ms }), backfill({ returning: 1_000 }), SETTINGS, NOW_MS)
          .grants,
        "backfill",
      ),
    );

    expect(before).toBe(20);
    expect(after).toBeGreaterThan(85);
  });

  it("does not make live traffic wait behind all that it was granted before", () => {
    const busy = admit(state(), backfill({ returning: 1_000 }), SETTINGS, NOW_MS).state;

    const { grants } = admit(busy, ask({ fresh: 8 }), SETTINGS, NOW_MS + 300);

    expect(grants).toEqual([{ atMs: NOW_MS + 300, batches: 8, lane: "live" }]);
  });

  it("gets a batch at a time of a feed that hardly takes any", () => {
    const slow = state({ rate: 1, liveWaitedAtMs: NOW_MS });

    expect(sum(admit(slow, backfill({ fresh: 5 }), SETTINGS, NOW_MS).grants)).toBe(2);
  });
});

describe("a clock that was far ahead of all others", () => {
  it("does not keep the others from the feed for as long", () => {
    const ahead = admit(state(), ask({ returning: 500 }), SETTINGS, NOW_MS + 3_600_000).state;

    const { grants } = admit(ahead, ask({ fresh: 10 }), SETTINGS, NOW_MS);

    expect(grants).toEqual([{ atMs: NOW_MS, batches: 10, lane: "live" }]);
  });
});

describe("a blocked feed", () => {
  it("grants nothing to who cannot wait for the end of it", () => {
    const before = state({ blockedUntilMs: NOW_MS + 2_000 });

    const { grants, state: after } = admit(before, ask({ returning: 10 }), SETTINGS, NOW_MS);

    expect(grants).toEqual([]);
    expect(after.grants).toEqual([]);
  });

  it("grants room right after the end of it to who can", () => {
    const before = state({ blockedUntilMs: NOW_MS + 1_000 });

    const { grants } = admit(before, ask({ returning: 10 }), SETTINGS, NOW_MS);

    expect(grants).toEqual([{ atMs: NOW_MS + 1_000, batches: 10, lane: "live" }]);
  });
});
