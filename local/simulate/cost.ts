import { PRICES } from "./prices.ts";
import type { Usage } from "./usage.ts";

const GB = 1e9;

/** US dollars by service. */
export type Cost = Readonly<
  Record<"sqs" | "lambda" | "dynamodb" | "s3" | "secrets" | "logs" | "transfer", number>
>;

/** What usage costs. @param share - Of it: one over the millions of events gives the cost of a million. */
export function costOf(usage: Usage, share: number): Cost {
  return {
    sqs: share * usage.sqsRequests * (PRICES.sqsRequest + PRICES.sqsFairRequest),
    lambda:
      share * (usage.lambdaRequests * PRICES.lambdaRequest + usage.lambdaGbSeconds * PRICES.lambdaGbSecond),
    dynamodb:
      share *
      (usage.dynamoWriteUnits * PRICES.dynamoWriteUnit + usage.dynamoReadUnits * PRICES.dynamoReadUnit),
    s3: share * (usage.s3Writes * PRICES.s3Write + usage.s3Reads * PRICES.s3Read),
    secrets: share * usage.secretReads * PRICES.secretRead,
    logs: (share * usage.logBytes * PRICES.logGb) / GB,
    transfer: (share * usage.bytesOut * PRICES.gbOut) / GB,
  };
}

export function totalOf(cost: Cost): number {
  return Object.values(cost).reduce((sum, part) => sum + part, 0);
}
