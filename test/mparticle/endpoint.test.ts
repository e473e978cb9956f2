import { describe, expect, it } from "vitest";
import { assertPartnerUrl, authorization, feedUrl, PARTNER_URL } from "../../shared/mparticle/endpoint.ts";

describe("assertPartnerUrl", () => {
  it("takes mParticle's partner host over https", () => {
    expect(assertPartnerUrl(PARTNER_URL, "production").href).toBe("https://inbound.mparticle.com/s2s/v2");
  });

  it("takes loopback over http in the stage local alone", () => {
    expect(assertPartnerUrl("http://127.0.0.1:9200/s2s/v2", "local").port).toBe("9200");
    expect(() => assertPartnerUrl("http://127.0.0.1:9200/s2s/v2", "dev")).toThrow(/PARTNER_URL must be/);
  });

  it.each([
    "http://inbound.mparticle.com/s2s/v2",
    "https://inbound.mparticle.com/s2s/v2/",
    "https://inbound.mparticle.com:8443/s2s/v2",
    "https://user@inbound.mparticle.com/s2s/v2",
    "https://inbound.mparticle.com.example.com/s2s/v2",
    "https://inbound.mparticle.com/s2s/v2?x=1",
    "https://inbound.mparticle.com/s2s/../v2",
    "http://169.254.169.254/latest",
    "http://127.0.0.1.example.com/",
    "http://user:pass@127.0.0.1/",
    "ftp://127.0.0.1/",
    "",
  ])("refuses %j in every stage", (url) => {
    for (const stage of ["local", "production"])
      expect(() => assertPartnerUrl(url, stage)).toThrow(/PARTNER_URL must be/);
  });

  it("does not repeat the refused URL", () => {
    expect(() => assertPartnerUrl("https://user:hunter2@example.com", "dev")).toThrow(/^(?!.*hunter2)/s);
  });
});

describe("feedUrl", () => {
  const partnerUrl = new URL(PARTNER_URL);

  it.each([
    ["partner", "eu1", "live", "https://inbound.mparticle.com/s2s/v2/bulkevents"],
    ["partner", "us1", "historical", "https://inbound.mparticle.com/s2s/v2/bulkevents/historical"],
    ["custom", "us1", "live", "https://s2s.mparticle.com/v2/bulkevents"],
    ["custom", "us2", "live", "https://s2s.us2.mparticle.com/v2/bulkevents"],
    ["custom", "eu1", "historical", "https://s2s.eu1.mparticle.com/v2/bulkevents/historical"],
    ["custom", "au1", "live", "https://s2s.au1.mparticle.com/v2/bulkevents"],
  ] as const)("sends a %s feed in %s, %s, to its host", (kind, pod, route, url) => {
    expect(feedUrl({ kind, pod }, route, partnerUrl).href).toBe(url);
  });

  it("lets a loopback stand-in take the place of every host", () => {
    const standIn = new URL("http://127.0.0.1:9200/s2s/v2");

    expect(feedUrl({ kind: "partner", pod: "us1" }, "live", standIn).href).toBe(
      "http://127.0.0.1:9200/s2s/v2/bulkevents",
    );
    expect(feedUrl({ kind: "custom", pod: "eu1" }, "live", standIn).href).toBe(
      "http://127.0.0.1:9200/v2/bulkevents",
    );
  });
});

describe("authorization", () => {
  it("encodes key and secret as UTF-8 for HTTP Basic", () => {
    expect(authorization({ apiKey: "key", apiSecret: "sécret" })).toBe(
      `Basic ${Buffer.from("key:sécret").toString("base64")}`,
    );
  });
});
