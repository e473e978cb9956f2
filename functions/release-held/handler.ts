import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { CLIENT_SETTINGS } from "../../shared/aws/client-settings.ts";
import { DynamoFlowStore } from "../../shared/aws/flow-store.ts";
import { DEFAULT_FLOW_SETTINGS } from "../../shared/core/flow/flow-settings.ts";
import { EMITTED, METRICS_NAMESPACE } from "../../shared/core/metric-names.ts";
import { parseReleaseHeldEnv } from "../../shared/core/validators.ts";
import { FlowReleasePace } from "../../shared/requeue/flow-pace.ts";
import { awsClock } from "../../shared/runtime/clock.ts";
import { powertoolsLog } from "../../shared/runtime/powertools-log.ts";
import { createDeps } from "./create-deps.ts";
import { createHandler } from "./create-handler.ts";
import { reportRelease } from "./report-release.ts";

const serviceName = EMITTED.releaseHeld.service;
const logger = new Logger({ serviceName });
const log = powertoolsLog(logger);
const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName });
const tracer = new Tracer({ serviceName });

const env = parseReleaseHeldEnv(process.env);
const dynamodb = tracer.captureAWSv3Client(new DynamoDBClient(CLIENT_SETTINGS));
const clock = awsClock(dynamodb);
const random = Math.random;
const settings = {
  ...DEFAULT_FLOW_SETTINGS,
  initialRate: env.INITIAL_RATE,
  backfillShare: env.BACKFILL_SHARE,
};
const table = { client: dynamodb, tableName: env.TABLE_NAME };

const deps = createDeps(env, {
  clients: {
    sqs: tracer.captureAWSv3Client(new SQSClient(CLIENT_SETTINGS)),
    dynamodb,
    secretsManager: tracer.captureAWSv3Client(new SecretsManagerClient(CLIENT_SETTINGS)),
    s3: tracer.captureAWSv3Client(new S3Client(CLIENT_SETTINGS)),
  },
  pace: new FlowReleasePace(new DynamoFlowStore({ ...table, settings, clock, random, log }), settings),
  clock,
  random,
  log,
});

export const handler = createHandler(deps, (report) => reportRelease(report, { log, metrics }))
  .use(captureLambdaHandler(tracer, { captureResponse: false }))
  .use(injectLambdaContext(logger, { logEvent: false }))
  .use(logMetrics(metrics));
