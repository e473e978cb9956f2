import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse } from "aws-lambda";
import { createDeps, type DeliverWorld } from "../functions/deliver-events/create-deps.ts";
import { createHandler } from "../functions/deliver-events/create-handler.ts";
import type { FeedReport } from "../functions/deliver-events/report.ts";
import type { CLIENT_SETTINGS } from "../shared/aws/client-settings.ts";
import { parseDeliverEventsEnv } from "../shared/core/validators.ts";
import type { EmbeddedAwsClientConfig } from "./aws/embedded-aws.ts";
import type { ProvisionedState } from "./aws/provision.ts";
import type { SqsFunction } from "./event-source/invoke.ts";

/** Feed keys are secrets named `<prefix>/<tenantId>/<feedId>`. */
export const SECRET_PREFIX = "mparticle-feed-local";

export type AwsClients = DeliverWorld["clients"];

/** @param settings - Time-outs and attempts; without any, the SDK's own. */
export function createClients(
  config: EmbeddedAwsClientConfig,
  settings: Partial<typeof CLIENT_SETTINGS> = {},
): AwsClients {
  const all = { ...config, ...settings };
  return {
    sqs: new SQSClient(all),
    dynamodb: new DynamoDBClient(all),
    secretsManager: new SecretsManagerClient(all),
    s3: new S3Client(all),
  };
}

export function destroyClients(clients: AwsClients): void {
  for (const client of Object.values(clients)) client.destroy();
}

/** The variables that a deployment would set, for an embedded AWS and a stand-in; tuning is left to the caller. */
export function connectorEnv(state: Omit<ProvisionedState, "deadLetterQueueUrl">, standInUrl: string) {
  return {
    STAGE: "local",
    QUEUE_URL: state.queueUrl,
    TABLE_NAME: state.tableName,
    BUCKET_NAME: state.bucketName,
    SECRET_PREFIX,
    PARTNER_URL: `${standInUrl}/s2s/v2`,
  };
}

export interface Connector {
  readonly sqsFunction: SqsFunction;
  close(): void;
}

export interface ConnectorOptions {
  /** Takes what each invocation counted. */
  readonly onReports: (reports: readonly FeedReport[]) => void;
  /** Where all rules about age go by another time than the clock's. Epoch milliseconds. */
  readonly nowMs?: (() => number) | undefined;
}

/** The Lambda function as it is wired in production, but for its surroundings. */
export function createConnector(
  env: Readonly<Record<string, string>>,
  world: DeliverWorld,
  { onReports, nowMs }: ConnectorOptions,
): Connector {
  const deps = createDeps(parseDeliverEventsEnv(env), world);
  const handler = createHandler(nowMs === undefined ? deps : { ...deps, ageNowMs: nowMs }, ({ reports }) =>
    onReports(reports),
  );
  return {
    // middy's type does not know that the partial batch middleware replaces what the handler returned.
    sqsFunction: (event, context) => handler(event, context) as Promise<unknown> as Promise<SQSBatchResponse>,
    close: () => deps.close(),
  };
}
