import { describe, expect, it } from "vitest";
import { createDeps } from "../../../functions/check-ledger/create-deps.ts";
import { ConfigError } from "../../../shared/core/config-error.ts";
import { parseCheckLedgerEnv } from "../../../shared/core/validators.ts";
import { DAY_MS, NOW_MS } from "../../support/builders.ts";
import { dynamodbClient, sqsClient } from "../../support/clients.ts";

const ENV = { TABLE_NAME: "tenants", QUEUE_URL: "https://live", OTHER_QUEUE_URLS: "https://backfill" };

const settingsFor = (vars: Record<string, string> = {}) =>
  createDeps(parseCheckLedgerEnv({ ...ENV, ...vars }), {
    clients: { sqs: sqsClient(), dynamodb: dynamodbClient() },
    clock: { nowMs: () => NOW_MS, sleep: async () => {} },
  }).settings;

describe("the dependencies of check-ledger", () => {
  it("look at three hours, and wait for a quarter of an hour of quiet, unless told otherwise", () => {
    expect(settingsFor()).toEqual({ hours: 3, quietMs: 900_000, queueRetentionMs: 14 * DAY_MS });
  });

  it("take their settings from the environment", () => {
    const settings = settingsFor({ CHECK_HOURS: "6", QUIET_MINUTES: "20", QUEUE_RETENTION_DAYS: "4" });

    expect(settings).toEqual({ hours: 6, quietMs: 1_200_000, queueRetentionMs: 4 * DAY_MS });
  });

  it.each(["TABLE_NAME", "QUEUE_URL", "OTHER_QUEUE_URLS"])("are not made without %s", (name) => {
    expect(() => settingsFor({ [name]: "" })).toThrow(ConfigError);
  });
});
