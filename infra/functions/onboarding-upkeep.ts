import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as LambdaTarget } from "aws-cdk-lib/aws-events-targets";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { OnboardingUpkeepEnvVars } from "../../functions/onboarding-upkeep/env.schema.ts";
import { CREDENTIALS_REFUSED } from "../../shared/core/feed-changed.ts";
import { NodeFunction } from "../constructs/node-function.ts";
import { HELD_PREFIX, REJECTED_PREFIX } from "../constructs/parking-bucket.ts";
import {
  grantEvents,
  grantItems,
  grantKey,
  grantListing,
  grantObjects,
  grantSecretWriting,
} from "../grants.ts";
import type { Stage } from "../stages.ts";
import type { StateStack } from "../state-stack.ts";

export interface OnboardingUpkeepProps {
  readonly stage: Stage;
  readonly state: StateStack;
}

/** The onboarding-upkeep function: runs every hour, and at once when mParticle refuses a feed's keys. */
export class OnboardingUpkeep extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { stage, state }: OnboardingUpkeepProps) {
    super(scope, id);
    const upkeep = new NodeFunction(this, "OnboardingUpkeep", {
      description: "Removes deleted tenants, rolls refused keys back, and lets go of former ones",
      entry: "functions/onboarding-upkeep/handler.ts",
      environment: {
        TABLE_NAME: state.table.tableName,
        BUCKET_NAME: state.parking.bucket.bucketName,
        SECRET_PREFIX: state.secretPrefix,
      } satisfies OnboardingUpkeepEnvVars,
      ...stage.onboarding.upkeep,
      logRetention: stage.logRetention,
    });
    this.function = upkeep.function;

    const { role } = upkeep;
    grantItems(role, state, {
      GetItem: ["tenant#*", "upkeep"],
      BatchGetItem: ["tenant#*", "link#*"],
      Query: ["tenants", "tenant#*"],
      PutItem: ["tenants", "tenant#*", "audit#*", "upkeep"],
      UpdateItem: ["link#*", "key#*"],
      DeleteItem: ["tenants", "tenant#*", "key#*"],
    });
    for (const prefix of [REJECTED_PREFIX, HELD_PREFIX]) grantListing(role, state, prefix);
    grantObjects(role, state, [REJECTED_PREFIX, HELD_PREFIX], ["DeleteObject"]);
    grantSecretWriting(role, state, ["DeleteSecret", "DescribeSecret", "UpdateSecretVersionStage"]);
    grantEvents(role);
    grantKey(role, state, ["dynamodb"], ["Decrypt"]);

    const targets = [new LambdaTarget(this.function)];
    new Rule(this, "EveryHour", {
      description: "Looks after tenants that are deleting, and keys that were replaced",
      schedule: Schedule.rate(Duration.hours(1)),
      targets,
    });
    new Rule(this, "CredentialsRefused", {
      description: "mParticle refused a feed's keys",
      eventPattern: { source: [CREDENTIALS_REFUSED.source], detailType: [CREDENTIALS_REFUSED.detailType] },
      targets,
    });
  }
}
