import { describe, expect, it } from "vitest";
import { deferralSeconds, retryDelayMs } from "../../shared/core/backoff.ts";

const settings = { baseSeconds: 5, maxSeconds: 900 };

describe("deferralSeconds", () => {
  it.each([
    { receiveCount: 1, low: 3, high: 5 },
    { receiveCount: 2, low: 5, high: 10 },
    { receiveCount: 5, low: 40, high: 80 },
    { receiveCount: 9, low: 450, high: 900 },
    { receiveCount: 5_000, low: 450, high: 900 },
  ])("backs off exponentially by receive count ($receiveCount)", ({ receiveCount, low, high }) => {
    expect(deferralSeconds(receiveCount, settings, 0)).toBe(low);
    expect(deferralSeconds(receiveCount, settings, 0.999_999)).toBe(high);
  });
});

describe("retryDelayMs", () => {
  it("doubles with each attempt, jittered by half up and down", () => {
    expect([1, 2, 3].map((attempt) => retryDelayMs(attempt, 200, 0.5))).toEqual([200, 400, 800]);
    expect(retryDelayMs(1, 200, 0)).toBe(100);
  });
});
