import { describe, expect, it } from "vitest";
import { VerificationSchema } from "../../../shared/api/verification.schema.ts";
import { fingerprintOf, keyHashOf, secretVersionOf } from "../../../shared/core/onboarding/fingerprint.ts";
import { testBatch } from "../../../shared/core/onboarding/test-batch.ts";
import { verificationOf } from "../../../shared/core/onboarding/verification.ts";
import type { DeliveryOutcome } from "../../../shared/core/outcome.ts";
import { checkBatch } from "../../../shared/core/validators.ts";

const AT = "2026-11-20T03:00:00.000Z";
const OUTCOMES: readonly (readonly [DeliveryOutcome, string])[] = [
  [{ kind: "accepted" }, "accepted"],
  [{ kind: "unauthorized", status: 401 }, "refused"],
  [{ kind: "unauthorized", status: 403 }, "refused"],
  [{ kind: "throttled" }, "throttled"],
  [{ kind: "unavailable", reason: "timeout" }, "unavailable"],
  [{ kind: "malformed", status: 400, reason: "status 400" }, "unexpected"],
  [{ kind: "refused", status: 418, reason: "status 418" }, "unexpected"],
];

describe("what a test of keys found", () => {
  it.each(OUTCOMES)("%j is %s, in words and with what to do", (outcome, expected) => {
    for (const kind of ["partner", "custom"] as const) {
      const verification = verificationOf(outcome, { kind }, AT);

      expect(VerificationSchema.parse(verification)).toEqual(verification);
      expect(verification.outcome).toBe(expected);
      expect(verification.summary).toMatch(/^\S.+\.$/);
      expect(verification.advice).toMatch(/^\S.+\.$/);
    }
  });

  it("says that accepted is not processed, and that a wrong pod may accept", () => {
    const partner = verificationOf({ kind: "accepted" }, { kind: "partner" }, AT).caveats.join();
    const custom = verificationOf({ kind: "accepted" }, { kind: "custom" }, AT).caveats.join();

    expect(partner).toContain("before it processes it");
    expect(partner).not.toContain("pod");
    expect(custom).toContain("pod");
  });

  it("names the screen of mParticle where keys can be compared, when they are refused", () => {
    const { screen } = verificationOf({ kind: "unauthorized", status: 403 }, { kind: "partner" }, AT);

    expect(screen).toBe("Setup > Inputs > Feeds");
  });
});

describe("the test batch", () => {
  it("is one that mParticle's schema accepts, for development, of one marked event of nobody", () => {
    const batch = testBatch("id-1", Date.parse(AT));

    expect(checkBatch(batch)).toBeUndefined();
    expect(batch.environment).toBe("development");
    expect(batch.user_identities?.email).toMatch(/\.invalid$/);
    expect(batch.events).toHaveLength(1);
  });
});

describe("fingerprints", () => {
  it("tell keys apart, and are the beginning of a hash", () => {
    expect(fingerprintOf(keyHashOf("key"))).toMatch(/^[0-9a-f]{16}$/);
    expect(keyHashOf("key")).not.toBe(keyHashOf("Key"));
  });

  it("of versions depend on every part, and on where one ends", () => {
    const feed = { tenantId: "a", feedId: "b" };
    const versions = [
      secretVersionOf(feed, { apiKey: "k", apiSecret: "s" }),
      secretVersionOf(feed, { apiKey: "ks", apiSecret: "" }),
      secretVersionOf(feed, { apiKey: "k", apiSecret: "t" }),
      secretVersionOf({ tenantId: "ab", feedId: "" }, { apiKey: "k", apiSecret: "s" }),
    ];

    expect(new Set(versions).size).toBe(4);
    for (const version of versions) expect(version).toHaveLength(64);
  });
});
