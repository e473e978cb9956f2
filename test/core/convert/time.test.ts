import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newFindings } from "../../../shared/core/convert/findings.ts";
import { readTime } from "../../../shared/core/convert/time.ts";
import { zoneClock } from "../../../shared/core/convert/timezone.ts";
import { MOMENT, MOMENT_MS, SENT_AT_MS } from "./support.ts";

const DAY_MS = 86_400_000;

/** The time of an event, with the codes of what was noticed. */
function timeOf(times: Parameters<typeof readTime>[0]): [number, ...string[]] {
  const findings = newFindings();
  const time = readTime(times, SENT_AT_MS, findings);
  return [time, ...(findings.list ?? []).map(({ code, path }) => `${code} ${path}`)];
}

describe("a time", () => {
  it.each([
    ["2024-01-29T14:53:20.000Z", 0],
    ["2024-01-29T14:53:20Z", 0],
    ["2024-01-29T14:53:20", 0],
    ["2024-01-29 14:53:20", 0],
    ["2024-01-29T14:53:20.5Z", 500],
    ["2024-01-29T14:53:20,5", 500],
    ["2024-01-29T14:53:20.123456Z", 123],
    ["2024-01-29T15:53:20+01:00", 0],
    ["2024-01-29T15:53:20+0100", 0],
    ["2024-01-29T15:53:20+01", 0],
    ["2024-01-29T09:23:20-05:30", 0],
    ["2024-01-29t14:53:20z", 0],
    [" 2024-01-29T14:53:20Z ", 0],
    ["2024-01-29T14:53Z", -20_000],
    ["2024-01-29 9:53:20", -18_000_000],
    ["2024-01-29T14:53:20Z[UTC]", 0],
    ["2024-01-29T15:53:20+01:00[Europe/Oslo]", 0],
    ["2024-01-29 14:53:20.678 +0000 UTC", 678],
    ["2024-01-29 14:53:20.678901234 +0000 UTC", 678],
    ["2024-01-29 16:53:20 +0200 CEST", 0],
    ["2024-01-29 11:53:20 -0300 -03", 0],
    ["2024-01-29 14:53:20.678901234 +0000 UTC m=+0.000012345", 678],
    ["2024-01-29 11:53:20 -0300 -03 m=-12.5", 0],
    ["2024-01-29 10:53:20 -0400 AMT", 0],
    ["2024-01-29 14:53:20 UTC", 0],
    ["2024-01-29T14:53:20 GMT", 0],
    ["2024-01-29", -53_600_000],
    [1_706_540_000_000, 0],
    ["1706540000000", 0],
    [1_706_540_000_000.9, 0],
  ])("given as %j is read", (timestamp, offsetMs) => {
    expect(timeOf({ timestamp })).toEqual([MOMENT_MS + offsetMs]);
  });

  it.each([1_706_540_000, "1706540000", 1_706_540_000.25, "1706540000.25"])(
    "given in seconds, as %j, is read",
    (timestamp) => {
      const [time, ...codes] = timeOf({ timestamp });

      expect(Math.floor(time / 1000)).toBe(1_706_540_000);
      expect(codes).toEqual(["timestamp_in_seconds timestamp"]);
    },
  );

  it.each([
    "yesterday",
    "",
    "01/29/2024",
    "2024-01-29T02:53:20+00:00 PM",
    "2024-01-29 02:53:20Z am",
    "2024-01-29 02:53:20 PM",
    "2024-01-29 14:53:20 m=+0.1",
    "2024-13-01",
    "2024-01-29T15:53:20[Europe/Oslo]",
    "2023-02-29T00:00:00.000Z",
    "2023-02-30 00:00",
    "2024-01-29T25:00:00Z",
    "1 2024",
    0,
    -1,
    20_240_129,
    999_999_999_999,
    1_706_540_000_000_000,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    SENT_AT_MS + DAY_MS + 1,
    "1999-12-31T23:59:59Z",
    true,
    {},
  ])("given as %j is left for the next source", (timestamp) => {
    expect(timeOf({ timestamp, originalTimestamp: MOMENT })).toEqual([
      MOMENT_MS,
      "timestamp_invalid timestamp",
    ]);
  });

  it("may be a day ahead of the queue's clock", () => {
    expect(timeOf({ timestamp: SENT_AT_MS + DAY_MS })).toEqual([SENT_AT_MS + DAY_MS]);
  });

  it.each([
    [{ originalTimestamp: 2, sentAt: MOMENT }, [MOMENT_MS, "timestamp_invalid originalTimestamp"]],
    [{ timestamp: null, receivedAt: MOMENT }, [MOMENT_MS]],
    [{ receivedAt: "?" }, [SENT_AT_MS, "timestamp_invalid receivedAt"]],
    [{}, [SENT_AT_MS]],
  ])("is taken from the best of %j", (times, expected) => {
    expect(timeOf(times)).toEqual(expected);
  });

  it("is what Date makes of the same text", () => {
    const instants = fc.date({ min: new Date(1e12), max: new Date(SENT_AT_MS), noInvalidDate: true });

    fc.assert(
      fc.property(instants, (date) => {
        expect(timeOf({ timestamp: date.toISOString() })).toEqual([date.getTime()]);
      }),
    );
  });
});

describe("a time zone", () => {
  it.each([
    ["Europe/Oslo", "2024-03-31T00:59:59Z", 60, false],
    ["Europe/Oslo", "2024-03-31T01:00:00Z", 120, true],
    ["America/New_York", "2024-11-03T05:59:59Z", -240, true],
    ["America/New_York", "2024-11-03T06:00:00Z", -300, false],
    ["Australia/Lord_Howe", "2024-01-15T00:00:00Z", 660, true],
    ["Asia/Kathmandu", "2024-01-15T00:00:00Z", 345, false],
    ["europe/oslo", "2024-01-15T00:00:00Z", 60, false],
  ])("%s at %s is %i minutes from UTC", (name, at, offsetMinutes, isDst) => {
    expect(zoneClock(name, Date.parse(at))).toEqual({ offsetMinutes, isDst });
  });

  it("that does not exist is none, however often it is asked for", () => {
    expect(zoneClock("Mars/Olympus", MOMENT_MS)).toBeUndefined();
    expect(zoneClock("Mars/Olympus", MOMENT_MS)).toBeUndefined();
    expect(zoneClock("x".repeat(10_000), MOMENT_MS)).toBeUndefined();
  });
});
