import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as LambdaTarget } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { CheckLedgerEnvVars } from "../../functions/check-ledger/env.schema.ts";
import { LEDGER_INDEX } from "../../shared/aws/ledger-table.ts";
import { NodeFunction } from "../constructs/node-function.ts";
import { grantItems, grantKey, grantQueues } from "../grants.ts";
import type { Stage } from "../stages.ts";
import type { StateStack } from "../state-stack.ts";

export interface CheckLedgerProps {
  readonly stage: Stage;
  readonly state: StateStack;
}

/** The check-ledger function, run every hour. */
export class CheckLedger extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { stage, state }: CheckLedgerProps) {
    super(scope, id);
    const { live, backfill } = state.queues;
    const others = [live.deadLetterQueue, backfill.queue, backfill.deadLetterQueue];
    const checkLedger = new NodeFunction(this, "CheckLedger", {
      description: "Looks for accounts of the ledger that do not add up",
      entry: "functions/check-ledger/handler.ts",
      environment: {
        TABLE_NAME: state.table.tableName,
        QUEUE_URL: live.queue.queueUrl,
        OTHER_QUEUE_URLS: others.map(({ queueUrl }) => queueUrl).join(","),
      } satisfies CheckLedgerEnvVars,
      ...stage.checkLedger,
      logRetention: stage.logRetention,
    });
    this.function = checkLedger.function;

    const { role } = checkLedger;
    grantQueues(role, [live.queue, ...others], ["GetQueueAttributes"]);
    const accounts = ["tenant#*", "unreadable"] as const;
    grantItems(role, state, { Query: accounts, BatchGetItem: accounts, UpdateItem: accounts });
    role.addToPolicy(
      new PolicyStatement({
        actions: ["dynamodb:Query"],
        resources: [`${state.table.tableArn}/index/${LEDGER_INDEX}`],
      }),
    );
    grantKey(role, state, ["dynamodb"], ["Decrypt"]);

    new Rule(this, "EveryHour", {
      description: "Looks whether the ledger adds up",
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaTarget(this.function)],
    });
  }
}
