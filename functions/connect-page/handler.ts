import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { CLIENT_SETTINGS } from "../../shared/aws/client-settings.ts";
import { EventBridgeFeedChanges } from "../../shared/aws/feed-changes.ts";
import { CONNECT_PAGE_METRICS, EMITTED, METRICS_NAMESPACE } from "../../shared/core/metric-names.ts";
import { parseBrand, parseConnectPageEnv } from "../../shared/core/validators.ts";
import { awsClock } from "../../shared/runtime/clock.ts";
import { powertoolsLog } from "../../shared/runtime/powertools-log.ts";
import { createDeps } from "./create-deps.ts";
import { createPage } from "./create-page.ts";

const serviceName = EMITTED.connectPage.service;
const logger = new Logger({ serviceName });
const log = powertoolsLog(logger);
const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName });
const tracer = new Tracer({ serviceName });

const env = parseConnectPageEnv(process.env);
const dynamodb = tracer.captureAWSv3Client(new DynamoDBClient(CLIENT_SETTINGS));
const eventBridge = tracer.captureAWSv3Client(new EventBridgeClient(CLIENT_SETTINGS));

const deps = createDeps(env, {
  clients: {
    dynamodb,
    secretsManager: tracer.captureAWSv3Client(new SecretsManagerClient(CLIENT_SETTINGS)),
  },
  changes: new EventBridgeFeedChanges({ client: eventBridge, log }),
  clock: awsClock(dynamodb),
});
const page = createPage(parseBrand(JSON.parse(env.BRAND)), { ...deps, log }, ({ failures }) => {
  metrics.addMetric(CONNECT_PAGE_METRICS.pagesFailed, MetricUnit.Count, failures);
});

export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(page)
  .use(captureLambdaHandler(tracer, { captureResponse: false }))
  .use(injectLambdaContext(logger, { logEvent: false }))
  .use(logMetrics(metrics));
