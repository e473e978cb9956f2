import { describe, expect, it } from "vitest";
import { isPaused, refusedVersion, shortestHoldMs } from "../../shared/core/held-cause.ts";

describe("the cause of a hold", () => {
  it.each([
    ["unknown_tenant", 0],
    ["unknown_feed", 0],
    ["tenant_paused", 0],
    ["feed_paused", 0],
    ["no_credentials", 0],
    ["credentials_refused", 0],
    ["backlog", 0],
    ["queue_refused", 0],
    ["unexpected_answer", 3_600_000],
    ["deferred_too_long", 3_600_000],
    ["a cause of another version", 3_600_000],
    [undefined, 3_600_000],
  ])("%s keeps events for %i ms at least", (cause, ms) => {
    expect(shortestHoldMs(cause)).toBe(ms);
  });

  it.each([
    ["active", "active", false],
    ["active", "pending", false],
    ["active", "credentials_refused", false],
    ["active", "paused", true],
    ["paused", "active", true],
  ] as const)("a tenant that is %s with a feed that is %s: paused is %s", (tenant, feed, expected) => {
    expect(isPaused({ status: tenant }, { status: feed })).toBe(expected);
  });

  it.each([
    ["credentials_refused", "v1", "v1"],
    ["credentials_refused", undefined, undefined],
    ["active", "v1", undefined],
  ] as const)("a feed that is %s with the refused version %s refuses %s", (status, version, expected) => {
    const refused = version === undefined ? {} : { refusedSecretVersion: version };

    expect(refusedVersion({ status, ...refused })).toBe(expected);
  });
});
