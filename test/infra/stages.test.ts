import { describe, expect, it } from "vitest";
import { stageOf } from "../../infra/stages.ts";

describe("the partner URL of a stage", () => {
  it.each(["dev", "production"])("is mParticle's own for %s unless overridden", (name) => {
    expect(stageOf(name).partnerUrl).toBe("https://inbound.mparticle.com/s2s/v2");
  });

  it.each([
    "http://inbound.mparticle.com/s2s/v2",
    "https://inbound.mparticle.com.evil.example/s2s/v2",
    "https://user:password@inbound.mparticle.com/s2s/v2",
    "http://127.0.0.1:8480/s2s/v2",
    "https://127.0.0.1:8480/s2s/v2",
    "not a url",
  ])("is refused in production when it is %s", (partnerUrl) => {
    expect(() => stageOf("production", { partnerUrl })).toThrow(
      expect.objectContaining({ name: "ConfigError", field: "PARTNER_URL" }),
    );
  });

  it("may be loopback in the local stage", () => {
    const stage = stageOf("local", { partnerUrl: "http://127.0.0.1:9/s2s/v2" });

    expect(stage.partnerUrl).toBe("http://127.0.0.1:9/s2s/v2");
  });

  it("is refused in the local stage when it is another machine's", () => {
    expect(() => stageOf("local", { partnerUrl: "http://192.168.0.7/s2s/v2" })).toThrow("PARTNER_URL");
  });
});

describe("a stage", () => {
  it("is refused by one line that lists the known ones when its name is unknown", () => {
    expect(() => stageOf("prod")).toThrow("stage must be one of local, dev, production");
  });

  it.each(["local", "dev", "production"])(
    "keeps held events long after %s has warned of their age",
    (name) => {
      const { heldRetention, rejectedRetention, alarms } = stageOf(name);

      expect(heldRetention.toHours()).toBeGreaterThan(1.5 * alarms.oldestHeldAge.toHours());
      expect(heldRetention.toDays()).toBeGreaterThan(rejectedRetention.toDays());
    },
  );

  it("takes the partner identity from the deployment", () => {
    expect(stageOf("production", { partnerIdentity: "acme_userid" }).partnerIdentity).toBe("acme_userid");
  });
});
