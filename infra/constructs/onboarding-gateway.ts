import { RemovalPolicy, Validations } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer, HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { SCOPE_PREFIX, TAKEN } from "../../functions/onboarding-api/authorize.ts";
import type { Scope } from "../../shared/api/route.ts";
import { OPERATION_IDS, routeOf } from "../../shared/api/routes.ts";
import type { JwtSettings, ThrottleSettings } from "../stages.ts";

export interface OnboardingGatewayProps {
  readonly description: string;
  /** Answers every route of the API. */
  readonly api: IFunction;
  /** Answers the connect page by every method, which no authorizer guards but the link. Absent: there is none. */
  readonly page?: IFunction;
  /** Whose tokens are taken. Absent: requests are signed, and IAM decides. */
  readonly jwt?: JwtSettings | undefined;
  readonly throttle: ThrottleSettings;
  readonly logRetention: RetentionDays;
}

/** What may be logged of a request: never the path, of which a connect link is part, nor its query. */
const LOGGED = {
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  routeKey: "$context.routeKey",
  status: "$context.status",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  ip: "$context.identity.sourceIp",
  caller: "$context.identity.userArn",
  subject: "$context.authorizer.claims.sub",
  error: "$context.error.messageString",
  integrationError: "$context.integrationErrorMessage",
};

/**
 * The HTTP API before the onboarding function: a route for each of the API's, with the authorizer and its scopes. What is no route of
 * it goes to the function as well, with the same authorizer, to be answered 404 or 405 in the same words.
 */
export class OnboardingGateway extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { api, page, jwt, throttle, ...props }: OnboardingGatewayProps) {
    super(scope, id);
    const authorizer: IHttpRouteAuthorizer = jwt
      ? new HttpJwtAuthorizer("Jwt", jwt.issuer, { jwtAudience: [jwt.audience] })
      : new HttpIamAuthorizer();
    const scopesFor = (scope: Scope) => TAKEN[scope].map((taken) => `${SCOPE_PREFIX}${taken}`);
    const guarded = (scopes: readonly string[]) => ({
      authorizer,
      ...(jwt && { authorizationScopes: [...scopes] }),
    });
    // One permission for all routes, not one for each.
    const integration = new HttpLambdaIntegration("Api", api, { scopePermissionToRoute: false });
    const httpApi = new HttpApi(this, "HttpApi", {
      description: props.description,
      createDefaultStage: false,
    });
    for (const operationId of OPERATION_IDS) {
      const { path, method, scope: needed } = routeOf(operationId);
      httpApi.addRoutes({ path, methods: [HttpMethod[method]], integration, ...guarded(scopesFor(needed)) });
    }
    const anyScope = ["read", "write", "credentials"].map((name) => `${SCOPE_PREFIX}${name}`);
    new HttpRoute(this, "Unrouted", {
      httpApi,
      routeKey: HttpRouteKey.DEFAULT,
      integration,
      ...guarded(anyScope),
    });
    if (page)
      httpApi.addRoutes({
        path: "/connect/{token}",
        integration: new HttpLambdaIntegration("Page", page, { scopePermissionToRoute: false }),
        authorizer: new HttpNoneAuthorizer(),
      });

    const accessLog = new LogGroup(this, "AccessLog", {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, "Stage", {
      httpApi,
      stageName: "$default",
      autoDeploy: true,
      throttle: { rateLimit: throttle.requestsPerSecond, burstLimit: throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
      },
    });
    this.url = httpApi.apiEndpoint;
    if (page)
      Validations.of(httpApi).acknowledge({
        id: "AwsSolutions-APIG4",
        reason: "The connect page is guarded by its link: 256 random bits, for one use.",
      });
  }
}
