import { type App, Stack, Validations } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { OnboardingGateway } from "../../infra/constructs/onboarding-gateway.ts";
import { propertiesOf, withApp } from "./synthesize.ts";

/** A stack with the gateway before an API and a connect page. */
function stackIn(app: App): Stack {
  const stack = new Stack(app, "stack");
  const functionOf = (id: string) =>
    LambdaFunction.fromFunctionAttributes(stack, id, {
      functionArn: `arn:aws:lambda:eu-north-1:000000000000:function:${id}`,
      sameEnvironment: true,
    });
  new OnboardingGateway(stack, "Gateway", {
    description: "test",
    api: functionOf("api"),
    page: functionOf("page"),
    throttle: { requestsPerSecond: 1, burst: 1 },
    logRetention: RetentionDays.ONE_DAY,
  });
  return stack;
}

describe("the gateway with a connect page behind it", () => {
  it("lets the page's route through with no authorizer but the link, and no others", () => {
    withApp((app) => {
      const routes = propertiesOf(Template.fromStack(stackIn(app)), "AWS::ApiGatewayV2::Route");
      const open = routes.filter(({ AuthorizationType }) => AuthorizationType !== "AWS_IAM");

      expect(open.map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType]).sort()).toEqual([
        ["ANY /connect/{token}", "NONE"],
      ]);
    });
  });

  it("has no finding of cdk-nag that is not acknowledged", () => {
    withApp((app) => {
      stackIn(app);
      Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

      expect(() => app.synth()).not.toThrow();
    });
  });
});
