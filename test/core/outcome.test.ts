import { describe, expect, it } from "vitest";
import { type Exchange, outcomeOf } from "../../shared/core/outcome.ts";

const NOW = Date.parse("2026-03-01T00:00:00Z");
const exchange = (status: number, headers: Exchange["headers"] = {}, body = ""): Exchange => ({
  status,
  headers,
  body,
});

describe("outcomeOf", () => {
  it.each([
    [exchange(202), { kind: "accepted" }],
    [exchange(200), { kind: "accepted" }],
    [exchange(202, { "x-mp-rate-limit-percentage-used": "92" }), { kind: "accepted", limitUsedPercent: 92 }],
    [exchange(202, { "x-mp-rate-limit-percentage-used": "lots" }), { kind: "accepted" }],
    [exchange(429), { kind: "throttled" }],
    [exchange(429, { "retry-after": "17" }), { kind: "throttled", retryAfterSeconds: 17 }],
    [exchange(429, { retryafter: "1.5" }), { kind: "throttled", retryAfterSeconds: 1.5 }],
    [
      exchange(429, { "retry-after": "Sun, 01 Mar 2026 00:01:00 GMT" }),
      { kind: "throttled", retryAfterSeconds: 60 },
    ],
    [
      exchange(429, { "retry-after": "Sat, 28 Feb 2026 00:00:00 GMT" }),
      { kind: "throttled", retryAfterSeconds: 0 },
    ],
    [exchange(429, { "retry-after": "soon" }), { kind: "throttled" }],
    [exchange(429, { "x-mp-rate-limit-exceeded": '"Feed"' }), { kind: "throttled", scope: "feed" }],
    [
      exchange(429, { "x-mp-rate-limit-exceeded": "“acceleration”" }),
      { kind: "throttled", scope: "acceleration" },
    ],
    [exchange(401), { kind: "unauthorized", status: 401 }],
    [exchange(403), { kind: "unauthorized", status: 403 }],
    [exchange(413), { kind: "malformed", status: 413, reason: "status 413" }],
    [exchange(408), { kind: "unavailable", reason: "status 408" }],
    [exchange(500), { kind: "unavailable", reason: "status 500" }],
    [exchange(503), { kind: "unavailable", reason: "status 503" }],
    [exchange(301), { kind: "refused", status: 301, reason: "status 301" }],
    [exchange(404), { kind: "refused", status: 404, reason: "status 404" }],
  ])("judges %o", (answer, outcome) => {
    expect(outcomeOf(answer, NOW)).toEqual(outcome);
  });

  it("names mParticle's error codes, and nothing that could quote the payload", () => {
    const body = JSON.stringify({
      errors: [
        { code: "BAD_REQUEST", message: "user jane@example.com is malformed" },
        { code: "jane@example.com", message: "" },
      ],
    });

    expect(outcomeOf(exchange(400, {}, body), NOW)).toEqual({
      kind: "malformed",
      status: 400,
      reason: "status 400: BAD_REQUEST",
    });
  });

  it.each(["", "<html>", "null", "[]", '{"errors":"x"}', '{"errors":[null]}'])(
    "reads an error body of %j leniently",
    (body) => {
      expect(outcomeOf(exchange(400, {}, body), NOW)).toEqual({
        kind: "malformed",
        status: 400,
        reason: "status 400",
      });
    },
  );
});
