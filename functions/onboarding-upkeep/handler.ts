import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CLIENT_SETTINGS } from "../../shared/aws/client-settings.ts";
import { EventBridgeFeedChanges } from "../../shared/aws/feed-changes.ts";
import { EMITTED, METRICS_NAMESPACE, ONBOARDING_UPKEEP_METRICS } from "../../shared/core/metric-names.ts";
import { parseOnboardingUpkeepEnv } from "../../shared/core/validators.ts";
import { awsClock } from "../../shared/runtime/clock.ts";
import { powertoolsLog } from "../../shared/runtime/powertools-log.ts";
import { createDeps } from "./create-deps.ts";
import { createHandler } from "./create-handler.ts";

const serviceName = EMITTED.onboardingUpkeep.service;
const logger = new Logger({ serviceName });
const log = powertoolsLog(logger);
const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName });
const tracer = new Tracer({ serviceName });

const dynamodb = tracer.captureAWSv3Client(new DynamoDBClient(CLIENT_SETTINGS));
const eventBridge = tracer.captureAWSv3Client(new EventBridgeClient(CLIENT_SETTINGS));
const deps = createDeps(parseOnboardingUpkeepEnv(process.env), {
  clients: {
    dynamodb,
    secretsManager: tracer.captureAWSv3Client(new SecretsManagerClient(CLIENT_SETTINGS)),
    s3: tracer.captureAWSv3Client(new S3Client(CLIENT_SETTINGS)),
  },
  changes: new EventBridgeFeedChanges({ client: eventBridge, log }),
  clock: awsClock(dynamodb),
  log,
});

export const handler = createHandler(deps, (done) => {
  log.info("Onboarding looked after", { ...done });
  const { failures, isCutShort } = done.kind === "tended" ? done : { failures: 0, isCutShort: false };
  metrics.addMetric(ONBOARDING_UPKEEP_METRICS.upkeepFailed, MetricUnit.Count, failures);
  metrics.addMetric(ONBOARDING_UPKEEP_METRICS.upkeepCutShort, MetricUnit.Count, isCutShort ? 1 : 0);
})
  .use(captureLambdaHandler(tracer, { captureResponse: false }))
  .use(injectLambdaContext(logger, { logEvent: false }))
  .use(logMetrics(metrics));
