/**
 * The CDK app: `npx cdk deploy --all -c stage=production`.
 *
 * Context `stage` (or the environment variable `STAGE`; default `dev`) names the stage of `stages.ts`; `partnerUrl`,
 * `partnerIdentity`, `jwtIssuer`, `jwtAudience`, `brand` and `connectUrl` override its settings.
 */
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { ConfigError } from "../shared/core/config-error.ts";
import { addConnector } from "./connector-app.ts";
import { stageOf } from "./stages.ts";

const app = new App();
const context = (name: string): string | undefined => app.node.tryGetContext(name);
try {
  const stage = stageOf(context("stage") ?? process.env["STAGE"] ?? "dev", {
    partnerUrl: context("partnerUrl"),
    partnerIdentity: context("partnerIdentity"),
    jwtIssuer: context("jwtIssuer"),
    jwtAudience: context("jwtAudience"),
    brand: context("brand"),
    connectUrl: context("connectUrl"),
  });
  addConnector(app, stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
