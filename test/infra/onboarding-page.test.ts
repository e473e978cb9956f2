import { Stack, Validations } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, it } from "vitest";
import { OnboardingGateway } from "../../infra/constructs/onboarding-gateway.ts";
import { propertiesOf, withApp } from "./synthesize.ts";

it("the gateway lets the connect page through to its own function, with no authorizer but the link", () => {
  withApp((app) => {
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

    const routes = propertiesOf(Template.fromStack(stack), "AWS::ApiGatewayV2::Route");
    const open = routes.filter(({ AuthorizationType }) => AuthorizationType === "NONE");
    expect(open.map(({ RouteKey }) => RouteKey).sort()).toEqual([
      "GET /connect/{token}",
      "POST /connect/{token}",
    ]);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});
