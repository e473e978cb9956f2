import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_FLOW_SETTINGS as SETTINGS } from "../../../shared/core/flow/flow-settings.ts";
import type { FlowState, Line } from "../../../shared/core/flow/flow-state.schema.ts";
import { expectedRate, initialFlow } from "../../../shared/core/flow/flow-state.ts";
import { learn } from "../../../shared/core/flow/learn.ts";
import {
  type PlaceAsk,
  type Places,
  place,
  reserve,
  roomInLine,
  spillReleased,
} from "../../../shared/core/flow/line.ts";
import { NOW_MS } from "../../support/builders.ts";

/** A feed that is known to take 100 batches a second: one every 10 ms. */
function state(over: Partial<FlowState> = {}): FlowState {
  return { ...initialFlow(SETTINGS, NOW_MS), rate: 100, limit: 100, ...over };
}

function withLine(over: Partial<Line>): FlowState {
  const { lines, ...rest } = state();
  return { ...rest, lines: { ...lines, live: { ...lines.live, ...over } } };
}

const ask = (over: Partial<PlaceAsk> = {}): PlaceAsk => ({
  lane: "live",
  returning: 0,
  fresh: 0,
  messages: (over.returning ?? 0) + (over.fresh ?? 0),
  hiddenMessages: 0,
  ...over,
});

const untilMs = ({ fromMs, batches, batchMs }: Places) => fromMs + batches * batchMs;

describe("places in line", () => {
  it("follow one another at the rate that the feed takes", () => {
    const first = place(state(), ask({ fresh: 300 }), SETTINGS, NOW_MS);
    const second = place(first.state, ask({ fresh: 200 }), SETTINGS, NOW_MS + 1_000);

    expect(first.fresh).toEqual({ fromMs: NOW_MS, batches: 300, batchMs: 10 });
    expect(second.fresh).toEqual({ fromMs: NOW_MS + 3_000, batches: 200, batchMs: 10 });
    expect(second.state.lines.live).toMatchObject({ untilMs: NOW_MS + 5_000, messages: 400, spilledAtMs: 0 });
  });

  it("of batches that waited come before the line, which moves back for them", () => {
    const before = withLine({ untilMs: NOW_MS + 60_000, messages: 6_000, countedAtMs: NOW_MS });

    const {
      state: after,
      returning,
      fresh,
    } = place(before, ask({ returning: 100, fresh: 10 }), SETTINGS, NOW_MS);

    expect(returning).toEqual({ fromMs: NOW_MS, batches: 100, batchMs: 10 });
    expect(fresh.fromMs).toBeGreaterThanOrEqual(NOW_MS + 61_000);
    expect(after.lines.live.returningUntilMs).toBe(NOW_MS + 1_000);
  });

  it("of batches that waited follow those of others that waited", () => {
    const first = place(state(), ask({ returning: 100 }), SETTINGS, NOW_MS);
    const second = place(first.state, ask({ returning: 50 }), SETTINGS, NOW_MS + 100);

    expect(second.returning).toEqual({ fromMs: NOW_MS + 1_000, batches: 50, batchMs: 10 });
  });

  it.each([
    {
      what: "what was granted last",
      before: state({ grants: [{ atMs: NOW_MS + 900, batches: 5, lane: "live" }] }),
    },
    { what: "the end of a block", before: state({ blockedUntilMs: NOW_MS + 900 }) },
  ])("begin after $what", ({ before }) => {
    const { returning, fresh } = place(before, ask({ returning: 1, fresh: 1 }), SETTINGS, NOW_MS);

    expect(returning.fromMs).toBe(NOW_MS + 900);
    expect(fresh.fromMs).toBe(NOW_MS + 910);
  });

  it("of backfill are as far apart as its share of the rate allows", () => {
    const { fresh } = place(state(), ask({ lane: "backfill", fresh: 10 }), SETTINGS, NOW_MS);

    expect(fresh).toEqual({ fromMs: NOW_MS, batches: 10, batchMs: 50 });
  });

  it.each([
    { knows: "nothing but how it starts", over: { limit: 0 }, rate: 256.5 },
    { knows: "what met a 429", over: { limit: 0, ceiling: 160 }, rate: 152 },
    { knows: "what its answers told", over: { rate: 20, limit: 200 }, rate: 190 },
    { knows: "a rate above that", over: { rate: 250, limit: 200 }, rate: 250 },
  ])("of a feed that one knows $knows of are reckoned at $rate batches a second", ({ over, rate }) => {
    expect(expectedRate(state(over))).toBeCloseTo(rate, 6);
  });

  it("come sooner when the feed takes more than was thought", () => {
    const before = withLine({ untilMs: NOW_MS + 100_000, returningUntilMs: NOW_MS + 10_000 });
    const grant = { atMs: NOW_MS - 500, batches: 50, lane: "live" as const };
    const told = { kind: "accepted", grant, usedPercent: 24.5 } as const;

    const after = learn({ ...before, grants: [grant], limit: 0, ceiling: 105 }, [told], NOW_MS, 0.5);

    const factor = 100 / expectedRate(after);
    expect(factor).toBeLessThan(0.6);
    expect(after.lines.live.untilMs).toBeCloseTo(NOW_MS + 100_000 * factor, 3);
    expect(after.lines.live.returningUntilMs).toBeCloseTo(NOW_MS + 10_000 * factor, 3);
  });
});

describe("the bounds of a line", () => {
  it("leave no place that is due after the longest wait", () => {
    const first = place(state(), ask({ fresh: 100_000, messages: 1 }), SETTINGS, NOW_MS);

    expect(first.fresh.batches).toBe(84_000);
    expect(first.state.lines.live).toMatchObject({ untilMs: NOW_MS + 840_000, spilledAtMs: NOW_MS });
  });

  it("leave no place to more messages of a feed than may be hidden", () => {
    const { fresh, state: after } = place(state(), ask({ fresh: 7_000 }), SETTINGS, NOW_MS);

    expect(fresh.batches).toBe(5_000);
    expect(after.lines.live.spilledAtMs).toBe(NOW_MS);
  });

  it("count messages, of which each may hold many batches", () => {
    const { fresh } = place(state(), ask({ fresh: 40_000, messages: 400 }), SETTINGS, NOW_MS);

    expect(fresh.batches).toBe(40_000);
  });

  it("leave room again as the line moves on", () => {
    const full = place(state(), ask({ fresh: 5_000 }), SETTINGS, NOW_MS).state;

    const none = place(full, ask({ fresh: 10 }), SETTINGS, NOW_MS);
    const half = place(full, ask({ fresh: 9_000 }), SETTINGS, NOW_MS + 25_000);

    expect(none.fresh.batches).toBe(0);
    expect(half.fresh.batches).toBe(2_500);
  });

  it.each([
    { hidden: 40_000, places: 5_000 },
    { hidden: 65_000, places: 2_500 },
    { hidden: 90_000, places: 0 },
    { hidden: 130_000, places: 0 },
  ])("leave $places places while $hidden messages of all tenants are hidden", ({ hidden, places }) => {
    const { fresh } = place(state(), ask({ fresh: 9_000, hiddenMessages: hidden }), SETTINGS, NOW_MS);

    expect(fresh.batches).toBe(places);
  });

  it("leave places to batches that waited when there are none for others", () => {
    const crowded = ask({ returning: 20, fresh: 20, hiddenMessages: 100_000 });

    const { returning, fresh } = place(state(), crowded, SETTINGS, NOW_MS);

    expect([returning.batches, fresh.batches]).toEqual([20, 0]);
  });

  it("leave no place at all to who must wait for longer than that anyway", () => {
    const blocked = state({ blockedUntilMs: NOW_MS + 3_600_000 });

    const {
      returning,
      fresh,
      state: after,
    } = place(blocked, ask({ returning: 5, fresh: 5 }), SETTINGS, NOW_MS);

    expect([returning.batches, fresh.batches]).toEqual([0, 0]);
    expect(after.lines.live).toMatchObject({ untilMs: 0, spilledAtMs: NOW_MS });
  });

  it("hold for any asks: no place is due too early or too late, and none is given twice", () => {
    const asks = fc.array(
      fc.record({
        returning: fc.nat(3_000),
        fresh: fc.nat(30_000),
        messages: fc.integer({ min: 1, max: 4_000 }),
        hiddenMessages: fc.nat(100_000),
        passedMs: fc.nat(60_000),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(asks, fc.double({ min: 0.5, max: 2_000, noNaN: true }), (asked, rate) => {
        let before = state({ rate, limit: rate });
        let nowMs = NOW_MS;
        let freshUntilMs = 0;
        for (const { passedMs, ...rest } of asked) {
          nowMs += passedMs;
          const { state: after, ...given } = place(before, { lane: "live", ...rest }, SETTINGS, nowMs);
          for (const kind of ["returning", "fresh"] as const) {
            const places = given[kind];
            expect(places.batches).toBeLessThanOrEqual(rest[kind]);
            if (places.batches === 0) continue;
            expect(places.fromMs).toBeGreaterThanOrEqual(nowMs);
            expect(untilMs(places)).toBeLessThanOrEqual(nowMs + SETTINGS.maxLineMs + 0.01);
          }
          if (given.fresh.batches > 0) {
            expect(given.fresh.fromMs).toBeGreaterThanOrEqual(freshUntilMs - 0.01);
            expect(given.fresh.fromMs).toBeGreaterThanOrEqual(untilMs(given.returning) - 0.01);
            freshUntilMs = untilMs(given.fresh);
          }
          before = after;
        }
      }),
    );
  });
});

describe("a line that leads to the bucket", () => {
  it("takes nothing more that comes for the first time, until the bucket is empty again", () => {
    const spilled = withLine({ spilledAtMs: NOW_MS - 60_000 });

    const behind = place(spilled, ask({ returning: 5, fresh: 5 }), SETTINGS, NOW_MS);
    const after = place(spillReleased(behind.state, "live"), ask({ fresh: 5 }), SETTINGS, NOW_MS);

    expect([behind.returning.batches, behind.fresh.batches]).toEqual([5, 0]);
    expect(after.fresh.batches).toBe(5);
  });

  it("of one lane is none of the other's", () => {
    const spilled = withLine({ spilledAtMs: NOW_MS - 60_000 });

    const { fresh } = place(spilled, ask({ lane: "backfill", fresh: 5 }), SETTINGS, NOW_MS);

    expect(fresh.batches).toBe(5);
  });
});

describe("what is released from the bucket", () => {
  const twoMinutes = { lane: "live", lineMs: 120_000 } as const;

  it("has room as far as the line may get, behind what waits there", () => {
    const { batches, fromMs } = roomInLine(
      withLine({ untilMs: NOW_MS + 20_000 }),
      twoMinutes,
      SETTINGS,
      NOW_MS,
    );

    expect({ batches, fromMs }).toEqual({ batches: 10_000, fromMs: NOW_MS + 20_000 });
  });

  it("has no room behind a line that is longer, or a block", () => {
    const rooms = [withLine({ untilMs: NOW_MS + 121_000 }), state({ blockedUntilMs: NOW_MS + 600_000 })].map(
      (before) => roomInLine(before, twoMinutes, SETTINGS, NOW_MS).batches,
    );

    expect(rooms).toEqual([0, 0]);
  });

  it("takes its places", () => {
    const reserved = reserve(
      withLine({ untilMs: NOW_MS + 20_000 }),
      { lane: "live", batches: 4_000 },
      SETTINGS,
      NOW_MS,
    );

    expect(roomInLine(reserved, twoMinutes, SETTINGS, NOW_MS)).toEqual({
      batches: 6_000,
      fromMs: NOW_MS + 60_000,
    });
  });

  it("has room for a few batches when a dead host may be probed, and for none before", () => {
    const rooms = [NOW_MS + 1, NOW_MS].map(
      (probeAtMs) => roomInLine(state({ failures: 3, probeAtMs }), twoMinutes, SETTINGS, NOW_MS).batches,
    );

    expect(rooms).toEqual([0, 10]);
  });
});

describe("places while a host does not answer", () => {
  const open = (failures: number) => state({ failures, probeAtMs: NOW_MS + 900 });
  const ask = { lane: "live", returning: 4, fresh: 4, messages: 8, hiddenMessages: 0 } as const;

  it("begin with the next probe and are spread over the time after it", () => {
    const { returning, fresh } = place(open(3), ask, SETTINGS, NOW_MS);

    expect([returning.fromMs, returning.batches, fresh.batches]).toEqual([NOW_MS + 900, 4, 4]);
    expect(fresh.fromMs).toBe(NOW_MS + 900 + 4 * returning.batchMs);
    expect(8 * returning.batchMs).toBe(3_000);
  });

  it("are spread further the longer it lasts, up to the bound of the line", () => {
    const spans = [3, 6, 9, 12, 30].map((failures) => {
      const { fresh } = place(open(failures), ask, SETTINGS, NOW_MS);
      return fresh.fromMs + fresh.batches * fresh.batchMs - NOW_MS;
    });

    expect(spans).toEqual([3_900, 23_400, 185_400, 455_400, SETTINGS.maxLineMs]);
  });

  it("go to the bucket where even the next probe is too far away", () => {
    const before = { ...open(3), blockedUntilMs: NOW_MS + SETTINGS.maxLineMs + 1 };

    const { returning, fresh, state: after } = place(before, ask, SETTINGS, NOW_MS);

    expect([returning.batches, fresh.batches]).toEqual([0, 0]);
    expect(after.lines.live.spilledAtMs).toBe(NOW_MS);
  });
});

describe("places while nobody can be asked what others let through", () => {
  const slow = (over: Partial<FlowState> = {}) => state({ rate: 2, limit: 0, ceiling: 2, ...over });

  it("are no further away than that has lasted one and a half times, however slow the guessed rate is", () => {
    const { returning, fresh } = place(
      slow(),
      ask({ returning: 100, fresh: 300, aloneMs: 20_000 }),
      SETTINGS,
      NOW_MS,
    );

    expect(returning).toEqual({ fromMs: NOW_MS, batches: 100, batchMs: 75 });
    expect(fresh).toEqual({ fromMs: NOW_MS + 7_500, batches: 300, batchMs: 75 });
  });

  it("are three seconds away at the most when it has just begun, and as far as the longest line in the end", () => {
    const spanOf = (aloneMs: number) => {
      const { fresh } = place(slow(), ask({ fresh: 4_000, aloneMs }), SETTINGS, NOW_MS);
      return untilMs(fresh) - NOW_MS;
    };

    expect([0, 4_000, 10 * 3_600_000].map(spanOf)).toEqual([3_000, 6_000, SETTINGS.maxLineMs]);
  });

  it("follow at the guessed rate where that is sooner", () => {
    const { fresh } = place(slow(), ask({ fresh: 2, aloneMs: 3_600_000 }), SETTINGS, NOW_MS);

    expect(untilMs(fresh)).toBe(NOW_MS + 1_000);
  });

  it("begin after a block, and are bounded in messages as ever", () => {
    const before = slow({ blockedUntilMs: NOW_MS + 60_000 });

    const placing = place(before, ask({ fresh: 9_000, aloneMs: 0 }), SETTINGS, NOW_MS);

    expect(placing.fresh).toMatchObject({ fromMs: NOW_MS + 60_000, batches: SETTINGS.maxHiddenMessages });
    expect(placing.state.lines.live.spilledAtMs).toBe(NOW_MS);
  });
});
