import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CLIENT_SETTINGS } from "../../shared/aws/client-settings.ts";
import { parseVerifyFeedEnv } from "../../shared/core/validators.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import { powertoolsLog } from "../../shared/runtime/powertools-log.ts";
import { createDeps } from "./create-deps.ts";
import { createHandler } from "./create-handler.ts";

const serviceName = "verify-feed";
const logger = new Logger({ serviceName });
const log = powertoolsLog(logger);
const tracer = new Tracer({ serviceName });

const { deps } = createDeps(parseVerifyFeedEnv(process.env), {
  clients: { secretsManager: tracer.captureAWSv3Client(new SecretsManagerClient(CLIENT_SETTINGS)) },
  clock: systemClock,
  log,
});

export const handler = createHandler(deps, ({ tenantId, feedId }, proof) =>
  log.info("Stored keys tested", { tenantId, feedId, outcome: proof?.outcome.kind ?? "no_credentials" }),
)
  .use(captureLambdaHandler(tracer, { captureResponse: false }))
  .use(injectLambdaContext(logger, { logEvent: false }));
