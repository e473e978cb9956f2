import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { OnboardingApiEnvVars } from "../../functions/onboarding-api/env.schema.ts";
import { NodeFunction } from "../constructs/node-function.ts";
import { HELD_PREFIX, REJECTED_PREFIX } from "../constructs/parking-bucket.ts";
import {
  grantEvents,
  grantInvocation,
  grantItems,
  grantKey,
  grantListing,
  grantObjects,
  grantSecretWriting,
} from "../grants.ts";
import type { Stage } from "../stages.ts";
import type { StateStack } from "../state-stack.ts";

export interface OnboardingApiProps {
  readonly stage: Stage;
  readonly state: StateStack;
  readonly verifyFeed: LambdaFunction;
  readonly replayRejected: LambdaFunction;
}

/** The onboarding-api function. It may write feeds' secrets, and read none. */
export class OnboardingApi extends Construct {
  readonly function: LambdaFunction;

  constructor(
    scope: Construct,
    id: string,
    { stage, state, verifyFeed, replayRejected }: OnboardingApiProps,
  ) {
    super(scope, id);
    const { jwt, api, connectUrl } = stage.onboarding;
    const onboardingApi = new NodeFunction(this, "OnboardingApi", {
      description: "Answers the onboarding API",
      entry: "functions/onboarding-api/handler.ts",
      environment: {
        STAGE: stage.name,
        TABLE_NAME: state.table.tableName,
        BUCKET_NAME: state.parking.bucket.bucketName,
        AUTHORIZER: jwt ? "jwt" : "iam",
        SECRET_PREFIX: state.secretPrefix,
        SECRET_KEY_ARN: state.key.keyArn,
        PARTNER_URL: stage.partnerUrl,
        PARTNER_IDENTITY: stage.partnerIdentity,
        CONNECT_URL: connectUrl,
        VERIFY_FEED_FUNCTION: verifyFeed.functionName,
        REPLAY_REJECTED_FUNCTION: replayRejected.functionName,
      } satisfies OnboardingApiEnvVars,
      ...api,
      logRetention: stage.logRetention,
    });
    this.function = onboardingApi.function;

    const { role } = onboardingApi;
    grantItems(role, state, {
      GetItem: ["tenant#*", "link#*"],
      BatchGetItem: ["tenant#*", "link#*"],
      Query: ["tenants", "tenant#*", "audit#*"],
      PutItem: ["tenants", "tenant#*", "link#*", "audit#*"],
      UpdateItem: ["link#*", "key#*"],
      DeleteItem: ["tenant#*", "key#*"],
    });
    for (const prefix of [REJECTED_PREFIX, HELD_PREFIX]) grantListing(role, state, prefix);
    grantObjects(role, state, [REJECTED_PREFIX, HELD_PREFIX], ["GetObject"]);
    grantSecretWriting(role, state, [
      "CreateSecret",
      "DeleteSecret",
      "DescribeSecret",
      "PutSecretValue",
      "RestoreSecret",
      "TagResource",
      "UpdateSecretVersionStage",
    ]);
    grantInvocation(role, [verifyFeed, replayRejected]);
    grantEvents(role);
    grantKey(role, state, ["dynamodb", "s3", "secretsmanager"]);
  }
}
