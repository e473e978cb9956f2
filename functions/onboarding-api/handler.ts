import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CLIENT_SETTINGS } from "../../shared/aws/client-settings.ts";
import { EventBridgeFeedChanges } from "../../shared/aws/feed-changes.ts";
import { LambdaReplays } from "../../shared/aws/replays.ts";
import { LambdaStoredKeyProver } from "../../shared/aws/stored-key-prover.ts";
import { EMITTED, METRICS_NAMESPACE, ONBOARDING_API_METRICS } from "../../shared/core/metric-names.ts";
import { parseOnboardingApiEnv } from "../../shared/core/validators.ts";
import { awsClock } from "../../shared/runtime/clock.ts";
import { powertoolsLog } from "../../shared/runtime/powertools-log.ts";
import { createDeps } from "./create-deps.ts";
import { createHandler } from "./create-handler.ts";

/** Milliseconds for an invocation of another function: it works for as long as API Gateway waits, and is not begun twice. */
const INVOKE_SETTINGS = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 28_000, throwOnRequestTimeout: true },
};

const serviceName = EMITTED.onboardingApi.service;
const logger = new Logger({ serviceName });
const log = powertoolsLog(logger);
const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName });
const tracer = new Tracer({ serviceName });

const env = parseOnboardingApiEnv(process.env);
const dynamodb = tracer.captureAWSv3Client(new DynamoDBClient(CLIENT_SETTINGS));
const lambda = tracer.captureAWSv3Client(new LambdaClient(INVOKE_SETTINGS));
const eventBridge = tracer.captureAWSv3Client(new EventBridgeClient(CLIENT_SETTINGS));

const deps = createDeps(env, {
  clients: {
    dynamodb,
    secretsManager: tracer.captureAWSv3Client(new SecretsManagerClient(CLIENT_SETTINGS)),
    s3: tracer.captureAWSv3Client(new S3Client(CLIENT_SETTINGS)),
  },
  changes: new EventBridgeFeedChanges({ client: eventBridge, log }),
  storedKeys: new LambdaStoredKeyProver({ client: lambda, functionName: env.VERIFY_FEED_FUNCTION }),
  replays: new LambdaReplays({ client: lambda, functionName: env.REPLAY_REJECTED_FUNCTION }),
  clock: awsClock(dynamodb),
  log,
});

export const handler = createHandler(deps, { kind: env.AUTHORIZER, stage: env.STAGE }, (report) => {
  log.info("Request answered", { ...report });
  metrics.addMetric(ONBOARDING_API_METRICS.requestsFailed, MetricUnit.Count, report.status >= 500 ? 1 : 0);
})
  .use(captureLambdaHandler(tracer, { captureResponse: false }))
  .use(injectLambdaContext(logger, { logEvent: false }))
  .use(logMetrics(metrics));
