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
import { DELIVER_EVENTS_SERVICE, METRICS_NAMESPACE } from "../../shared/core/metric-names.ts";
import { parseDeliverEventsEnv } from "../../shared/core/validators.ts";
import { awsClock } from "../../shared/runtime/clock.ts";
import { keepInvocationsYoung } from "../../shared/runtime/keep-young.ts";
import { powertoolsLog } from "../../shared/runtime/powertools-log.ts";
import { createDeps } from "./create-deps.ts";
import { createHandler } from "./create-handler.ts";
import { reportMetrics } from "./report-metrics.ts";

keepInvocationsYoung();

const serviceName = DELIVER_EVENTS_SERVICE;
const logger = new Logger({ serviceName });
const log = powertoolsLog(logger);
const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName });
const tracer = new Tracer({ serviceName });

const dynamodb = tracer.captureAWSv3Client(new DynamoDBClient(CLIENT_SETTINGS));

const deps = createDeps(parseDeliverEventsEnv(process.env), {
  clients: {
    sqs: tracer.captureAWSv3Client(new SQSClient(CLIENT_SETTINGS)),
    dynamodb,
    secretsManager: tracer.captureAWSv3Client(new SecretsManagerClient(CLIENT_SETTINGS)),
    s3: tracer.captureAWSv3Client(new S3Client(CLIENT_SETTINGS)),
  },
  clock: awsClock(dynamodb),
  random: Math.random,
  log,
});

export const handler = createHandler(deps, (counted) => {
  for (const report of counted.reports) log.info("Records settled", { ...report });
  reportMetrics(counted, metrics);
})
  // The answer and thrown errors may hold event content: neither goes into the trace.
  .use(captureLambdaHandler(tracer, { captureResponse: false }))
  .use(injectLambdaContext(logger, { logEvent: false }))
  .use(logMetrics(metrics));
