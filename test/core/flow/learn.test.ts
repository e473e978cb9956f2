import { describe, expect, it } from "vitest";
import { admit } from "../../../shared/core/flow/admit.ts";
import { isOpen } from "../../../shared/core/flow/circuit.ts";
import { DEFAULT_FLOW_SETTINGS as SETTINGS } from "../../../shared/core/flow/flow-settings.ts";
import type { FlowState, Grant } from "../../../shared/core/flow/flow-state.schema.ts";
import { initialFlow } from "../../../shared/core/flow/flow-state.ts";
import { isWorthKeeping, learn, type Observation } from "../../../shared/core/flow/learn.ts";
import { NOW_MS } from "../../support/builders.ts";

/** A feed at 200 batches a second, of which four grants used 50 each in the last second. */
const GRANTS = [-900, -650, -400, -150].map(
  (ms): Grant => ({ atMs: NOW_MS + ms, batches: 50, lane: "live" }),
);
const LATEST = grantAt(-150);

function grantAt(ms: number, batches = 50): Grant {
  return { atMs: NOW_MS + ms, batches, lane: "live" };
}

function state(over: Partial<FlowState> = {}): FlowState {
  return { ...initialFlow(SETTINGS, NOW_MS - 1_000), rate: 200, grants: GRANTS, ...over };
}

const accepted = (usedPercent?: number, grant: Grant | undefined = LATEST): Observation => ({
  kind: "accepted",
  grant,
  usedPercent,
});

function throttled(over: Partial<Observation & { kind: "throttled" }> = {}): Observation {
  return { kind: "throttled", grant: LATEST, askedAtMs: NOW_MS - 200, retryAfterSeconds: 1, ...over };
}

const learnt = (before: FlowState, observations: readonly Observation[], nowMs = NOW_MS) =>
  learn(before, observations, nowMs, 0.5);

describe("an answer that tells the share of the limit in use", () => {
  it("tells the limit: what was sent in the second before, over that share", () => {
    const { limit } = learnt(state(), [accepted(50)]);

    expect(limit).toBeGreaterThan(390);
    expect(limit).toBeLessThanOrEqual(400);
  });

  it("does not tell a limit that is too high by more than half a percent of use, whichever way it was rounded", () => {
    const rounded = [49.1, 49.9].flatMap((percent) => [Math.floor(percent), Math.ceil(percent)]);

    const limits = rounded.map((percent) => learnt(state(), [accepted(percent)]).limit);

    for (const limit of limits) expect(limit).toBeLessThanOrEqual(200 / 0.49);
  });

  it("leaves out what may have left the second, and what others were granted with it", () => {
    const grants = [grantAt(-1_130), ...GRANTS.slice(0, 3), { ...LATEST, batches: 80 }];

    const { limit } = learnt(state({ grants }), [accepted(50)]);

    expect(limit).toBeLessThanOrEqual(400);
  });

  it("moves what is known by half a percent at most: what failed and was not told yet makes it far too high", () => {
    const limits = [20, 80].map((percent) => learnt(state({ limit: 400 }), [accepted(percent)]).limit);

    expect(limits).toEqual([402, 398]);
  });

  it.each([
    { what: "was used late or in part", observation: { kind: "accepted", usedPercent: 50 } as Observation },
    { what: "names no share", observation: accepted() },
    { what: "names next to none in use", observation: accepted(9) },
    { what: "says that it is all in use: it may be lower", observation: accepted(100) },
  ])("tells nothing of a limit that is not known when it $what", ({ observation }) => {
    expect(learnt(state(), [observation]).limit).toBe(0);
  });

  it("makes a limit doubtful that is all in use when far less of it was sent", () => {
    expect(learnt(state({ limit: 400 }), [accepted(100)]).limit).toBe(300);
    expect(learnt(state({ limit: 220 }), [accepted(100)]).limit).toBeGreaterThan(218);
  });
});

describe("a limit that answers do not tell any more", () => {
  const told = state({ limit: 200, toldAtMs: NOW_MS });

  it("counts for a minute, then as a rate that was met", () => {
    const before = learnt(told, [accepted()], NOW_MS + 59_999);
    const after = learnt(told, [accepted()], NOW_MS + 60_000);

    expect(before.limit).toBe(200);
    expect(after).toMatchObject({ limit: 0, ceiling: 200, ceilingAtMs: NOW_MS + 60_000 });
    expect(after.rate).toBe(200);
  });

  it("does not keep the rate from finding the new one", () => {
    let current = told;
    for (let second = 1; second <= 400; second++) {
      const nowMs = NOW_MS + 1_000 * second;
      const grants = GRANTS.map((grant) => ({ ...grant, atMs: grant.atMs + 1_000 * second, batches: 100 }));
      current = learnt({ ...current, grants }, [accepted(undefined, grants.at(-1))], nowMs);
    }

    expect(current.rate).toBeGreaterThan(250);
  });
});

describe("the rate of a feed whose requests are taken", () => {
  it("grows quickly towards a limit that is known, and not beyond it", () => {
    const soon = learnt(state({ limit: 400 }), [accepted(50)]);
    const later = learnt(state({ limit: 400 }), [accepted(50)], NOW_MS + 60_000);

    expect(soon.rate).toBeCloseTo(300, 6);
    expect(later.rate).toBeGreaterThan(390);
    expect(later.rate).toBeLessThanOrEqual(400);
  });

  it("does not grow for three seconds after an answer said that all of the limit is in use, be it by others", () => {
    const full = learnt(state({ limit: 400 }), [accepted(100)]);
    const rates = [2_999, 3_000].map((ms) => learnt(full, [accepted(60)], NOW_MS + ms).rate);

    expect(full.rate).toBe(200);
    expect(rates[0]).toBe(200);
    expect(rates[1]).toBeGreaterThan(200);
  });

  it("creeps beyond a limit that is known, as long as not all of it is in use: estimates are rather too low", () => {
    const creeping = learnt(state({ limit: 199 }), [accepted(97)]);
    const far = learnt(state({ limit: 180, rate: 195 }), [accepted(97)]);

    expect(creeping.rate).toBe(200.5);
    expect(far.rate).toBe(195);
  });

  it("grows little by little where nothing is known, as long as it is made use of", () => {
    const used = learnt(state(), [accepted()]);
    const unused = learnt(state({ grants: [grantAt(-150, 99)] }), [accepted(undefined, grantAt(-150, 99))]);

    expect(used.rate).toBeCloseTo(210, 6);
    expect(unused.rate).toBe(200);
  });

  it("grows quickly where the limit is far away", () => {
    expect(learnt(state(), [accepted(9)]).rate).toBeCloseTo(300, 6);
  });

  it("does not pass a rate that met a 429 for two minutes, then tries again", () => {
    const met = state({ ceiling: 204, ceilingAtMs: NOW_MS });
    const waits = [1_000, 119_999, 120_000].map((ms) => {
      const grants = GRANTS.map((grant) => ({ ...grant, atMs: grant.atMs + ms }));
      return learnt({ ...met, grants }, [accepted(undefined, grants.at(-1))], NOW_MS + ms).rate;
    });

    expect(waits).toEqual([200, 200, 200.5]);
  });

  it("does not grow while requests of it meet anything else", () => {
    const mixed: Observation[] = [accepted(50), { kind: "unused", grant: LATEST }];

    expect(learnt(state({ limit: 400 }), mixed).rate).toBe(200);
  });

  it("grows by one step for all that was told together", () => {
    const answers = [accepted(50), accepted(50), accepted(50)];

    expect(learnt(state({ limit: 400 }), answers).rate).toBeCloseTo(300, 6);
  });
});

describe("a 429", () => {
  it("halves the rate and keeps everyone away for the time that it names", () => {
    const { rate, blockedUntilMs, throttles } = learnt(state(), [throttled({ retryAfterSeconds: 30 })]);

    expect({ rate, blockedUntilMs, throttles }).toEqual({
      rate: 100,
      blockedUntilMs: NOW_MS + 30_000,
      throttles: 0,
    });
  });

  it("does not shorten a wait that is known to be longer", () => {
    const before = state({ blockedUntilMs: NOW_MS + 60_000 });

    expect(learnt(before, [throttled()]).blockedUntilMs).toBe(NOW_MS + 60_000);
  });

  it("keeps a feed away for an hour at the most, whatever it names", () => {
    expect(learnt(state(), [throttled({ retryAfterSeconds: 1e9 })]).blockedUntilMs).toBe(NOW_MS + 3_600_000);
  });

  it("halves the rate once for all that was let through before", () => {
    const once = learnt(state(), [throttled()]);
    const thrice = learnt(once, [throttled({ askedAtMs: NOW_MS - 1 }), throttled()], NOW_MS + 800);
    const anew = learnt(thrice, [throttled({ askedAtMs: NOW_MS + 900 })], NOW_MS + 1_000);

    expect([once.rate, thrice.rate, anew.rate]).toEqual([100, 100, 50]);
    expect(thrice.blockedUntilMs).toBe(NOW_MS + 1_800);
  });

  it("never lowers the rate below one batch a second", () => {
    expect(learnt(state({ rate: 1.5 }), [throttled()]).rate).toBe(1);
  });

  it("without a time to wait keeps everyone away for longer each time, up to a minute", () => {
    let current = state();
    const waits = Array.from({ length: 9 }, () => {
      current = learnt(current, [throttled({ retryAfterSeconds: undefined })]);
      const waitMs = current.blockedUntilMs - NOW_MS;
      current = { ...current, blockedUntilMs: 0 };
      return waitMs;
    });

    expect(waits).toEqual([750, 1_500, 3_000, 6_000, 12_000, 24_000, 45_000, 45_000, 45_000]);
  });

  it("without a time to wait counts from anew once something was taken", () => {
    const before = state({ throttles: 5 });

    expect(learnt(before, [accepted()]).throttles).toBe(0);
  });

  it("within what is known of the limit makes the window longer: requests came too close together", () => {
    const { marginMs, limit } = learnt(state({ limit: 200 }), [throttled()]);

    expect({ marginMs, limit }).toEqual({ marginMs: 45.5, limit: 200 });
  });

  it("beyond what is known of the limit is remembered as too much", () => {
    const { marginMs, ceiling, ceilingAtMs, limit } = learnt(state({ limit: 150 }), [throttled()]);

    expect({ marginMs, ceiling, ceilingAtMs }).toEqual({ marginMs: 35, ceiling: 200, ceilingAtMs: NOW_MS });
    expect(limit).toBe(150);
  });

  it("of requests that were fewer than the rate allows is remembered as too much at what they were", () => {
    const before = state({ rate: 260 });

    expect(learnt(before, [throttled()]).ceiling).toBe(200);
  });

  it("that comes although far less than the limit was sent tells that it is lower now", () => {
    const { marginMs, limit } = learnt(state({ limit: 300 }), [throttled()]);

    expect({ marginMs, limit }).toEqual({ marginMs: 35, limit: 200 });
  });

  it("lets the rate grow again although all of the limit was in use before", () => {
    expect(learnt(state({ fullAtMs: NOW_MS - 100 }), [throttled()]).fullAtMs).toBe(0);
  });

  it("does not make a window longer than 1,150 ms", () => {
    expect(learnt(state({ limit: 200, marginMs: 149 }), [throttled()]).marginMs).toBe(150);
  });

  it("for growing too fast lowers the rate to what it was a moment before, and says nothing of the limit", () => {
    const { rate, limit, ceiling, marginMs } = learnt(state({ limit: 400 }), [
      throttled({ scope: "acceleration" }),
    ]);

    expect(rate).toBeCloseTo(133.3, 1);
    expect({ limit, ceiling, marginMs }).toEqual({ limit: 400, ceiling: 0, marginMs: 35 });
  });

  it("of another feed that shares the limit slows this one, and says nothing of its own limit", () => {
    const { rate, blockedUntilMs, ceiling, marginMs, grants } = learnt(state({ limit: 200 }), [
      throttled({ grant: undefined, retryAfterSeconds: 7, scope: "workspace" }),
    ]);

    expect({ rate, blockedUntilMs, ceiling, marginMs }).toEqual({
      rate: 100,
      blockedUntilMs: NOW_MS + 7_000,
      ceiling: 0,
      marginMs: 35,
    });
    expect(grants).toEqual(GRANTS);
  });

  it("lowers the rate although a clock that was wrong lowered it in times to come", () => {
    expect(learnt(state({ loweredAtMs: NOW_MS + 3_600_000 }), [throttled()]).rate).toBe(100);
  });
});

describe("what mParticle did not take", () => {
  it("does not count as sent", () => {
    const met = throttled({ grant: { ...LATEST, batches: 20 } });
    const unused: Observation = { kind: "unused", grant: { ...LATEST, batches: 30 } };

    const one = learnt(state(), [met]);
    const both = learnt(state(), [met, unused]);

    expect(one.grants).toEqual([...GRANTS.slice(0, 3), { ...LATEST, batches: 30 }]);
    expect(both.grants).toEqual(GRANTS.slice(0, 3));
  });

  it("leaves what others were granted as it was", () => {
    const other: Grant = { ...LATEST, lane: "backfill" };

    const { grants } = learnt(state({ grants: [...GRANTS, other] }), [{ kind: "unused", grant: LATEST }]);

    expect(grants).toEqual([...GRANTS.slice(0, 3), other]);
  });
});

describe("a host that does not answer", () => {
  const silent = (askedAtMs = NOW_MS): Observation => ({ kind: "unavailable", askedAtMs });

  it("counts as dead after three requests in a row", () => {
    const twice = learnt(state(), [silent(), silent()]);
    const interrupted = learnt(twice, [accepted(), silent(), silent()]);
    const thrice = learnt(twice, [silent()]);

    expect([twice, interrupted, thrice].map(isOpen)).toEqual([false, false, true]);
  });

  it("is probed after a pause that doubles with each probe that fails, up to a minute", () => {
    let current = learnt(state(), [silent(), silent(), silent()]);
    let nowMs = NOW_MS;
    const pauses: number[] = [];
    for (let probes = 0; probes < 8; probes++) {
      pauses.push(current.probeAtMs - nowMs);
      nowMs = current.probeAtMs;
      current = learnt(current, [silent(nowMs)], nowMs);
    }

    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => 1_000 * seconds));
  });

  it("is not probed later for all the requests that were under way when it died", () => {
    const three = [silent(), silent(), silent()];
    const opened = learnt(state(), three);

    const late = learnt(opened, Array(20).fill(silent(NOW_MS - 1_000)), NOW_MS + 500);

    expect(late.probeAtMs).toBe(opened.probeAtMs);
    expect(late.failures).toBe(3);
  });

  it("is sent to again as soon as it answers, at half the rate", () => {
    const dead = state({ failures: 4, probeAtMs: NOW_MS - 1, openedAtMs: NOW_MS - 60_000 });

    const { failures, rate } = learnt(dead, [accepted()]);

    expect(failures).toBe(0);
    expect(rate).toBeGreaterThanOrEqual(100);
    expect(rate).toBeLessThan(110);
  });

  it("is not dead when it answers 429", () => {
    expect(isOpen(learnt(state({ failures: 5 }), [throttled()]))).toBe(false);
  });

  it("is probed again when nobody told what came of a probe", () => {
    const ask = { lane: "live", returning: 9, fresh: 0, paceMs: 1_500, probeMs: 20_000 } as const;
    const dead = state({ failures: 3, probeAtMs: NOW_MS - 1 });

    const probed = admit(dead, ask, SETTINGS, NOW_MS);
    const soon = admit(probed.state, ask, SETTINGS, NOW_MS + 19_999);
    const later = admit(soon.state, ask, SETTINGS, NOW_MS + 20_000);

    expect([probed, soon, later].map(({ grants }) => grants.length)).toEqual([1, 0, 1]);
  });
});

describe("what was learnt", () => {
  it.each([
    { what: "the rate changed", over: { rate: 190 } },
    { what: "the limit changed", over: { limit: 100 } },
    { what: "the host failed", over: { failures: 1 } },
    { what: "a 429 named no time", over: { throttles: 1 } },
    { what: "nothing may be sent for now", over: { blockedUntilMs: NOW_MS } },
    { what: "room was given back", over: { grants: GRANTS.slice(1) } },
    {
      what: "a part of it was given back",
      over: { grants: [...GRANTS.slice(0, 3), { ...LATEST, batches: 20 }] },
    },
  ])("is worth a write of its own when $what", ({ over }) => {
    expect(isWorthKeeping(state(), state(over))).toBe(true);
  });

  it("is not worth one when it is next to nothing", () => {
    expect(
      isWorthKeeping(state(), state({ rate: 203, marginMs: 24, toldAtMs: NOW_MS, rateAtMs: NOW_MS })),
    ).toBe(false);
  });
});
