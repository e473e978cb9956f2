import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { ConnectPageEnvVars } from "../../functions/connect-page/env.schema.ts";
import { NodeFunction } from "../constructs/node-function.ts";
import { grantEvents, grantItems, grantKey, grantSecretWriting } from "../grants.ts";
import type { Stage } from "../stages.ts";
import type { StateStack } from "../state-stack.ts";

export interface ConnectPageProps {
  readonly stage: Stage;
  readonly state: StateStack;
}

/**
 * The connect-page function. Apart from the API because strangers reach it: it may write feeds' secrets and read none, and has no
 * way to what is parked, to other functions, to the list of tenants or the audit trail, or to delete anything but a key's claim.
 */
export class ConnectPage extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { stage, state }: ConnectPageProps) {
    super(scope, id);
    const { brand, page } = stage.onboarding;
    const connectPage = new NodeFunction(this, "ConnectPage", {
      description: "Shows the connect page, and takes keys from it",
      entry: "functions/connect-page/handler.ts",
      environment: {
        STAGE: stage.name,
        TABLE_NAME: state.table.tableName,
        SECRET_PREFIX: state.secretPrefix,
        SECRET_KEY_ARN: state.key.keyArn,
        PARTNER_URL: stage.partnerUrl,
        BRAND: JSON.stringify(brand),
      } satisfies ConnectPageEnvVars,
      ...page,
      logRetention: stage.logRetention,
    });
    this.function = connectPage.function;

    const { role } = connectPage;
    grantItems(role, state, {
      GetItem: ["tenant#*", "link#*"],
      PutItem: ["tenant#*", "audit#*"],
      UpdateItem: ["link#*", "key#*"],
      DeleteItem: ["key#*"],
    });
    grantSecretWriting(role, state, [
      "CreateSecret",
      "DescribeSecret",
      "PutSecretValue",
      "RestoreSecret",
      "TagResource",
      "UpdateSecretVersionStage",
    ]);
    grantEvents(role);
    grantKey(role, state, ["dynamodb", "secretsmanager"]);
  }
}
