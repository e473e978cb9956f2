import { describe, expect, it } from "vitest";
import { deferralSeconds, retryDelayMs } from "../../shared/core/backoff.ts";

const settings = { baseSeconds: 5, maxSeconds: 900 };

describe("deferralSeconds", () => {
  it.each([
    { retryAfterSeconds: 0, random: 0, expected: 0 },
    { retryAfterSeconds: 30, random: 0, expected: 30 },
    { retryAfterSeconds: 30, random: 0.999, expected: 38 },
    { retryAfterSeconds: 1.2, random: 0, expected: 2 },
    { retryAfterSeconds: 3600, random: 0, expected: 3600 },
  ])("waits at least the $retryAfterSeconds s of Retry-After", ({ retryAfterSeconds, random, expected }) => {
    expect(deferralSeconds({ retryAfterSeconds, receiveCount: 1 }, settings, random)).toBe(expected);
  });

  it("waits longer with each receive, so that short ones do not use up a message's receives", () => {
    const seconds = [1, 2, 50, 5_000].map((receiveCount) =>
      deferralSeconds({ retryAfterSeconds: 1, receiveCount }, settings, 0),
    );

    expect(seconds).toEqual([1, 2, 50, 900]);
  });

  it("never asks SQS for more than it allows", () => {
    expect(deferralSeconds({ retryAfterSeconds: 1e9, receiveCount: 1 }, settings, 0.5)).toBeLessThanOrEqual(
      43_200,
    );
  });

  it.each([
    { receiveCount: 1, low: 3, high: 5 },
    { receiveCount: 2, low: 5, high: 10 },
    { receiveCount: 5, low: 40, high: 80 },
    { receiveCount: 9, low: 450, high: 900 },
    { receiveCount: 5_000, low: 450, high: 900 },
  ])(
    "backs off exponentially by receive count ($receiveCount) without one",
    ({ receiveCount, low, high }) => {
      expect(deferralSeconds({ receiveCount }, settings, 0)).toBe(low);
      expect(deferralSeconds({ receiveCount }, settings, 0.999_999)).toBe(high);
    },
  );
});

describe("retryDelayMs", () => {
  it("doubles with each attempt, jittered by half up and down", () => {
    expect([1, 2, 3].map((attempt) => retryDelayMs(attempt, 200, 0.5))).toEqual([200, 400, 800]);
    expect(retryDelayMs(1, 200, 0)).toBe(100);
  });
});
