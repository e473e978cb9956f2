import type { Context } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDeps } from "../../../functions/check-ledger/create-deps.ts";
import { createHandler } from "../../../functions/check-ledger/create-handler.ts";
import { reportCheck } from "../../../functions/check-ledger/report-check.ts";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local/aws/embedded-aws.ts";
import { type ProvisionedState, provision } from "../../../local/aws/provision.ts";
import { type AwsClients, createClients, destroyClients } from "../../../local/connector.ts";
import { DynamoLedger } from "../../../shared/aws/ledger-store.ts";
import { parseCheckLedgerEnv } from "../../../shared/core/validators.ts";
import { HOUR_MS, NOW_MS } from "../../support/builders.ts";
import { capturedLog } from "../../support/captured-log.ts";

let aws: EmbeddedAws;
let state: ProvisionedState;
let clients: AwsClients;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  state = await provision(aws);
  clients = createClients(aws.clientConfig);
});

afterAll(async () => {
  destroyClients(clients);
  await aws.close();
});

describe("the check-ledger handler", () => {
  it("tells by how many events the ledger does not add up, and which accounts, by ids and numbers", async () => {
    const log = capturedLog();
    const emitted: [string, number][] = [];
    const metrics = { addMetric: (name: string, _: unknown, value: number) => emitted.push([name, value]) };
    const hour = "2026-03-01T10";
    await new DynamoLedger({
      client: clients.dynamodb,
      tableName: state.tableName,
      clock: { nowMs: () => NOW_MS - HOUR_MS },
      log,
      writerId: "one",
    }).add([
      { tenantId: "acme", feedId: "default", hour, first: 4, delivered: 1, returned: 3 },
      { tenantId: "bolt", feedId: "default", hour, first: 1, delivered: 2 },
      { tenantId: "core", feedId: "default", hour, first: 1, delivered: 1 },
    ]);
    const env = parseCheckLedgerEnv({
      TABLE_NAME: state.tableName,
      QUEUE_URL: state.queueUrl,
      OTHER_QUEUE_URLS: state.deadLetterQueueUrl,
    });
    const clock = { nowMs: () => NOW_MS, sleep: async () => {} };

    const handler = createHandler(createDeps(env, { clients, clock }), (check) =>
      reportCheck(check, { log, metrics: metrics as never }),
    );
    await handler({}, {} as Context);

    expect(emitted).toEqual([["LedgerImbalance", 4]]);
    expect(log.lines).toMatchObject([
      { level: "error", fields: { tenantId: "bolt", hour, imbalance: { kind: "unbalanced", events: -1 } } },
      {
        level: "error",
        fields: { tenantId: "acme", hour, first: 4, imbalance: { kind: "lost", events: 3 } },
      },
      { level: "info", fields: { accounts: 3, inProgress: 3, messages: 0, imbalance: 4 } },
    ]);
  });
});
