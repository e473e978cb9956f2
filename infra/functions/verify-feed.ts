import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { VerifyFeedEnvVars } from "../../functions/verify-feed/env.schema.ts";
import { NodeFunction } from "../constructs/node-function.ts";
import { grantCredentials, grantKey } from "../grants.ts";
import type { Stage } from "../stages.ts";
import type { StateStack } from "../state-stack.ts";

export interface VerifyFeedProps {
  readonly stage: Stage;
  readonly state: StateStack;
}

/** The verify-feed function: reads a feed's keys and tests them. What the internet reaches asks it, and reads none itself. */
export class VerifyFeed extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { stage, state }: VerifyFeedProps) {
    super(scope, id);
    const verifyFeed = new NodeFunction(this, "VerifyFeed", {
      description: "Tests a feed's stored keys against mParticle",
      entry: "functions/verify-feed/handler.ts",
      environment: {
        STAGE: stage.name,
        SECRET_PREFIX: state.secretPrefix,
        PARTNER_URL: stage.partnerUrl,
      } satisfies VerifyFeedEnvVars,
      ...stage.onboarding.verifyFeed,
      logRetention: stage.logRetention,
    });
    this.function = verifyFeed.function;

    grantCredentials(verifyFeed.role, state);
    grantKey(verifyFeed.role, state, ["secretsmanager"], ["Decrypt"]);
  }
}
