import { Stack, Validations } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { addConnector } from "../../infra/connector-app.ts";
import { stageOf } from "../../infra/stages.ts";
import { withApp } from "./synthesize.ts";

describe("cdk-nag's AwsSolutions pack", () => {
  it.each(["local", "dev", "production"])("has no finding in stage %s that is not acknowledged", (name) => {
    withApp((app) => {
      addConnector(app, stageOf(name));
      Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

      expect(() => app.synth()).not.toThrow();
    });
  });

  it("would stop a queue that takes calls without TLS", () => {
    withApp((app) => {
      new Queue(new Stack(app, "stack"), "Queue");
      Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

      expect(() => app.synth()).toThrow("AwsSolutions-SQS4");
    });
  });
});
