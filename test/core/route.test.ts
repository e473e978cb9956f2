import { describe, expect, it } from "vitest";
import { routeOf } from "../../shared/core/route.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const nowMs = Date.parse("2026-03-01T00:00:00Z");
const route = (ageMs: number, mode: "auto" | "live" | "historical", historicalAfterDays = 30) =>
  routeOf(nowMs - ageMs, mode, { nowMs, historicalAfterDays });

describe("routeOf", () => {
  it.each([
    { ageMs: 0, mode: "auto", expected: "live" },
    { ageMs: -HOUR, mode: "auto", expected: "live" },
    { ageMs: 30 * DAY, mode: "auto", expected: "live" },
    { ageMs: 30 * DAY + 1, mode: "auto", expected: "historical" },
    { ageMs: 72 * HOUR, mode: "historical", expected: "live" },
    { ageMs: 72 * HOUR + 1, mode: "historical", expected: "historical" },
    { ageMs: -HOUR, mode: "historical", expected: "live" },
    { ageMs: 30 * DAY, mode: "live", expected: "live" },
    { ageMs: 30 * DAY + 1, mode: "live", expected: "too_old_for_live" },
  ] as const)("sends an event of $ageMs ms in mode $mode to $expected", ({ ageMs, mode, expected }) => {
    expect(route(ageMs, mode)).toBe(expected);
  });

  it("cuts over where the feed says", () => {
    expect(route(8 * DAY, "auto", 7)).toBe("historical");
    expect(route(6 * DAY, "auto", 7)).toBe("live");
  });
});
