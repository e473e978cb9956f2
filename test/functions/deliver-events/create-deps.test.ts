import { describe, expect, it } from "vitest";
import { createDeps } from "../../../functions/deliver-events/create-deps.ts";
import { ConfigError } from "../../../shared/core/config-error.ts";
import { DEFAULT_FLOW_SETTINGS } from "../../../shared/core/flow/flow-settings.ts";
import { parseDeliverEventsEnv } from "../../../shared/core/validators.ts";
import { NOW_MS } from "../../support/builders.ts";
import { capturedLog } from "../../support/captured-log.ts";
import { dynamodbClient, s3Client, secretsManagerClient, sqsClient } from "../../support/clients.ts";

const ENV = {
  STAGE: "production",
  QUEUE_URL: "https://queue",
  TABLE_NAME: "tenants",
  BUCKET_NAME: "parking",
  SECRET_PREFIX: "connector",
  PARTNER_URL: "https://inbound.mparticle.com/s2s/v2",
};

const depsFor = (vars: Record<string, string> = {}) =>
  createDeps(parseDeliverEventsEnv({ ...ENV, ...vars }), {
    clients: {
      sqs: sqsClient(),
      dynamodb: dynamodbClient(),
      secretsManager: secretsManagerClient(),
      s3: s3Client(),
    },
    clock: { nowMs: () => NOW_MS, sleep: async () => {} },
    random: () => 0,
    log: capturedLog(),
  });

describe("the dependencies of deliver-events", () => {
  it("take their settings from the environment", () => {
    const { settings } = depsFor({ PARTNER_IDENTITY: "Acme_Member", MAX_ATTEMPTS: "2" });

    expect(settings).toEqual({
      lane: "live",
      flow: DEFAULT_FLOW_SETTINGS,
      partnerIdentity: "Acme_Member",
      maxConcurrentRequests: 16,
      maxConcurrentRequestsPerFeed: 4,
      requestTimeoutMs: 10_000,
      maxAttempts: 2,
      retryBaseMs: 200,
      holdAfterReceives: 300,
    });
  });

  it("send no partner identity unless one is named", () => {
    expect(depsFor().settings.partnerIdentity).toBeUndefined();
  });

  it("delay what goes back by the settings of the back-off", () => {
    const { deferralSeconds } = depsFor({ BACKOFF_BASE_SECONDS: "8", BACKOFF_MAX_SECONDS: "20" });

    expect([1, 2, 3].map((receiveCount) => deferralSeconds(receiveCount))).toEqual([4, 8, 10]);
  });

  it.each([
    "http://inbound.mparticle.com/s2s/v2",
    "https://inbound.mparticle.com.example.com/s2s/v2",
    "http://127.0.0.1:8080/s2s/v2",
  ])("refuse to send keys to %s", (PARTNER_URL) => {
    expect(() => depsFor({ PARTNER_URL })).toThrow(ConfigError);
  });
});
