import { describe, expect, it } from "vitest";
import { addHours, eventsIn, hourOf, isHour } from "../../shared/core/hour.ts";

describe("an hour", () => {
  it.each([
    ["2026-11-24T03:00:00.000Z", "2026-11-24T03"],
    ["2026-11-24T03:59:59.999Z", "2026-11-24T03"],
    ["2026-11-24T00:30:00.000+01:00", "2026-11-23T23"],
  ])("of %s is %s", (instant, hour) => {
    expect(hourOf(Date.parse(instant))).toBe(hour);
  });

  it.each(["2026-11-24T03", "1970-01-01T00", "9999-12-31T23"])("may be %s", (text) => {
    expect(isHour(text)).toBe(true);
  });

  it.each(["", "now", "2026-11-24", "2026-11-24T24", "2026-02-30T03", "2026-11-24T03:00", "+010000-01-01"])(
    'is not "%s"',
    (text) => {
      expect(isHour(text)).toBe(false);
    },
  );
});

describe("events by hour", () => {
  it("add up hour by hour, and in all", () => {
    const hours = addHours([{ "2026-11-24T03": 2 }, {}, { "2026-11-24T03": 1, "2026-11-24T04": 5 }]);

    expect(hours).toEqual({ "2026-11-24T03": 3, "2026-11-24T04": 5 });
    expect(eventsIn(hours)).toBe(8);
  });
});
