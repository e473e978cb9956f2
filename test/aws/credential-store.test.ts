import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { SecretsCredentialStore } from "../../shared/aws/credential-store.ts";
import { NOW_MS } from "../support/builders.ts";
import { capturedLog } from "../support/captured-log.ts";
import { awsError, secretsManagerClient } from "../support/clients.ts";

const KEYS = JSON.stringify({ apiKey: "key", apiSecret: "secret" });

/** A store over a Secrets Manager whose one secret tests replace, and a clock that they move. */
function store() {
  const client = secretsManagerClient();
  const secrets = mockClient(client);
  const current = { SecretString: KEYS, VersionId: "v1" };
  const failures: Error[] = [];
  secrets.on(GetSecretValueCommand).callsFake(async () => {
    const failure = failures.shift();
    if (failure) throw failure;
    return { ...current };
  });
  const clock = { at: NOW_MS, nowMs: () => clock.at };
  const random = { next: 0.5 };
  const log = capturedLog();
  const credentials = new SecretsCredentialStore({
    client,
    prefix: "connector",
    clock,
    random: () => random.next,
    log,
  });
  const reads = () => secrets.commandCalls(GetSecretValueCommand).length;
  return { credentials, secrets, failures, current, clock, random, log, reads };
}

describe("finding credentials", () => {
  it("reads the feed's own secret with its version", async () => {
    const { credentials, secrets } = store();

    const found = await credentials.find("acme", "ios");

    expect(found).toEqual({ apiKey: "key", apiSecret: "secret", version: "v1" });
    expect(secrets.commandCalls(GetSecretValueCommand).map(({ args }) => args[0].input)).toEqual([
      { SecretId: "connector/acme/ios" },
    ]);
  });

  it.each([
    { random: 0, freshMs: 225_000 },
    { random: 0.5, freshMs: 300_000 },
    { random: 0.999_999_999, freshMs: 375_000 },
  ])(
    "keeps them for five minutes, give or take a quarter (random $random)",
    async ({ random: next, freshMs }) => {
      const { credentials, clock, random, reads } = store();
      random.next = next;

      await credentials.find("acme", "ios");
      clock.at += freshMs - 1;
      await credentials.find("acme", "ios");
      expect(reads()).toBe(1);

      clock.at += 1;
      await credentials.find("acme", "ios");
      expect(reads()).toBe(2);
    },
  );

  it("reads once for all that ask at the same time, and each feed's by itself", async () => {
    const { credentials, reads } = store();

    await Promise.all([
      credentials.find("acme", "ios"),
      credentials.find("acme", "ios"),
      credentials.find("acme", "web"),
      credentials.find("bolt", "ios"),
    ]);

    expect(reads()).toBe(3);
  });

  it("reads a refused version afresh, once for all that were refused", async () => {
    const { credentials, current, clock, reads } = store();
    await credentials.find("acme", "ios");
    current.VersionId = "v2";
    clock.at += 60_000;

    const found = await Promise.all([
      credentials.find("acme", "ios", { not: "v1" }),
      credentials.find("acme", "ios", { not: "v1" }),
    ]);

    expect(found.map((entry) => entry?.version)).toEqual(["v2", "v2"]);
    expect(reads()).toBe(2);
    expect((await credentials.find("acme", "ios"))?.version).toBe("v2");
    expect(reads()).toBe(2);
  });

  it("does not read a version afresh that nobody refused", async () => {
    const { credentials, clock, reads } = store();
    await credentials.find("acme", "ios");
    clock.at += 60_000;

    await credentials.find("acme", "ios", { not: "v0" });

    expect(reads()).toBe(1);
  });

  it("reads a refused version at most once a second", async () => {
    const { credentials, clock, reads } = store();
    await credentials.find("acme", "ios");

    await credentials.find("acme", "ios", { not: "v1" });
    clock.at += 999;
    await credentials.find("acme", "ios", { not: "v1" });
    expect(reads()).toBe(1);

    clock.at += 1;
    await credentials.find("acme", "ios", { not: "v1" });
    expect(reads()).toBe(2);
  });

  it("finds none where none is stored, and looks again after a second", async () => {
    const { credentials, failures, clock, reads } = store();
    failures.push(awsError("ResourceNotFoundException"));

    expect(await credentials.find("acme", "ios")).toBeUndefined();
    expect(await credentials.find("acme", "ios")).toBeUndefined();
    expect(reads()).toBe(1);

    clock.at += 1_000;
    expect(await credentials.find("acme", "ios")).toBeDefined();
  });

  it("throws when Secrets Manager fails, and does not keep the failure", async () => {
    const { credentials, failures } = store();
    failures.push(awsError("InternalServiceError"));

    await expect(credentials.find("acme", "ios")).rejects.toThrow();

    expect(await credentials.find("acme", "ios")).toBeDefined();
  });

  it.each([
    { what: "no JSON", value: "CANARY" },
    { what: "cut off", value: '{"apiKey":"CANARY' },
    { what: "no object", value: '"CANARY"' },
    { what: "without a secret", value: '{"apiKey":"CANARY"}' },
    { what: "with an empty key", value: '{"apiKey":"","apiSecret":"CANARY"}' },
    { what: "with a number", value: '{"apiKey":"CANARY","apiSecret":7}' },
    { what: "empty", value: "" },
  ])("takes a stored value that is $what for none, and tells nothing of it", async ({ value }) => {
    const { credentials, current, log } = store();
    current.SecretString = value;

    const found = await credentials.find("acme", "ios");

    expect(found).toBeUndefined();
    expect(log.lines).toMatchObject([{ level: "error", fields: { tenantId: "acme", feedId: "ios" } }]);
    expect(JSON.stringify(log.lines)).not.toContain("CANARY");
  });
});
