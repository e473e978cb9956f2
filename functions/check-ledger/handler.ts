import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { CLIENT_SETTINGS } from "../../shared/aws/client-settings.ts";
import { EMITTED, METRICS_NAMESPACE } from "../../shared/core/metric-names.ts";
import { parseCheckLedgerEnv } from "../../shared/core/validators.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import { powertoolsLog } from "../../shared/runtime/powertools-log.ts";
import { createDeps } from "./create-deps.ts";
import { createHandler } from "./create-handler.ts";
import { reportCheck } from "./report-check.ts";

const serviceName = EMITTED.checkLedger.service;
const logger = new Logger({ serviceName });
const log = powertoolsLog(logger);
const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName });
const tracer = new Tracer({ serviceName });

const deps = createDeps(parseCheckLedgerEnv(process.env), {
  clients: {
    sqs: tracer.captureAWSv3Client(new SQSClient(CLIENT_SETTINGS)),
    dynamodb: tracer.captureAWSv3Client(new DynamoDBClient(CLIENT_SETTINGS)),
  },
  clock: systemClock,
});

export const handler = createHandler(deps, (check) => reportCheck(check, { log, metrics }))
  .use(captureLambdaHandler(tracer, { captureResponse: false }))
  .use(injectLambdaContext(logger, { logEvent: false }))
  .use(logMetrics(metrics));
