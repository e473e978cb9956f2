import { describe, expect, it } from "vitest";
import { heldCause, isPaused, refusedVersion } from "../../shared/core/held-cause.ts";

describe("the cause of a hold", () => {
  it.each([
    ["unknown_tenant", 0, "person"],
    ["unknown_feed", 0, "person"],
    ["no_credentials", 0, "person"],
    ["credentials_refused", 0, "person"],
    ["unexpected_answer", 3_600_000, "person"],
    ["deferred_too_long", 3_600_000, "person"],
    ["tenant_paused", 0, "choice"],
    ["feed_paused", 0, "choice"],
    ["backlog", 0, "itself"],
    ["queue_refused", 0, "itself"],
    ["a cause of another version", 3_600_000, "person"],
    [undefined, 3_600_000, "person"],
  ] as const)("%s keeps events for %i ms at least, and is ended by: %s", (cause, shortestHoldMs, endedBy) => {
    expect(heldCause(cause)).toEqual({ endedBy, shortestHoldMs });
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
