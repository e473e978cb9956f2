import { describe, expect, it } from "vitest";
import { costOf, totalOf } from "../../../local/simulate/cost.ts";
import { PRODUCTION } from "../../../local/simulate/model.ts";
import { PRICES } from "../../../local/simulate/prices.ts";
import { Usage } from "../../../local/simulate/usage.ts";

describe("what the simulation assumes", () => {
  it("is the function as it is deployed to production", async () => {
    // By its address: infra has compiler options of its own.
    const { stageOf } = await import(new URL("../../../infra/stages.ts", import.meta.url).href);
    const { deliver } = stageOf("production");

    expect(PRODUCTION).toEqual({
      memoryMb: deliver.memoryMb,
      timeoutMs: deliver.timeout.toMilliseconds(),
      visibilityMs: 6 * deliver.timeout.toMilliseconds(),
      batchSize: deliver.batchSize,
      batchingWindowMs: deliver.batchingWindow.toMilliseconds(),
      maxConcurrency: deliver.maxConcurrency,
      maxConcurrentRequests: deliver.maxConcurrentRequests,
      maxConcurrentRequestsPerFeed: deliver.maxConcurrentRequestsPerFeed,
    });
  });
});

describe("the cost", () => {
  it.each([
    { payload: 0, requests: 1 },
    { payload: 65_536, requests: 1 },
    { payload: 65_537, requests: 2 },
    { payload: 1_048_576, requests: 16 },
  ])("a call to SQS with $payload bytes is $requests requests", ({ payload, requests }) => {
    const usage = new Usage();

    usage.sqs(payload);

    expect(usage.sqsRequests).toBe(requests);
  });

  it("reads and writes of DynamoDB are billed by started 4 and 1 KiB, eventually consistent reads at half", () => {
    const usage = new Usage();

    usage.dynamoWrite(1_025);
    usage.dynamoRead(4_097, true);
    usage.dynamoRead(100, false);

    expect([usage.dynamoWriteUnits, usage.dynamoReadUnits]).toEqual([2, 2.5]);
  });

  it("adds up what each service costs", () => {
    const usage = Object.assign(new Usage(), {
      sqsRequests: 1e6,
      lambdaRequests: 1e6,
      lambdaGbSeconds: 1_000,
      dynamoWriteUnits: 1e6,
      dynamoReadUnits: 1e6,
      s3Writes: 1e3,
      s3Reads: 1e3,
      secretReads: 1e4,
      logBytes: 1e9,
      bytesOut: 1e9,
    });

    const cost = costOf(usage, 0.5);

    expect(cost).toEqual({
      sqs: expect.closeTo(0.25),
      lambda: expect.closeTo(0.5 * (0.2 + 1_000 * PRICES.lambdaGbSecond)),
      dynamodb: expect.closeTo(0.375),
      s3: expect.closeTo(0.0027),
      secrets: expect.closeTo(0.025),
      logs: expect.closeTo(0.25),
      transfer: expect.closeTo(0.045),
    });
    expect(totalOf(cost)).toBeCloseTo(1.0543, 3);
  });
});
