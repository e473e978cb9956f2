import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { ReplayRejectedEnvVars } from "../../functions/replay-rejected/env.schema.ts";
import { NodeFunction } from "../constructs/node-function.ts";
import { REJECTED_PREFIX } from "../constructs/parking-bucket.ts";
import { grantItems, grantKey, grantListing, grantObjects, grantQueues } from "../grants.ts";
import type { Stage } from "../stages.ts";
import type { StateStack } from "../state-stack.ts";

export interface ReplayRejectedProps {
  readonly stage: Stage;
  readonly state: StateStack;
}

/** The replay-rejected function. Nothing triggers it: ops invokes it. */
export class ReplayRejected extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { stage, state }: ReplayRejectedProps) {
    super(scope, id);
    const { live, backfill } = state.queues;
    const replayRejected = new NodeFunction(this, "ReplayRejected", {
      description: "Lists rejected events, or puts them back on their queue",
      entry: "functions/replay-rejected/handler.ts",
      environment: {
        QUEUE_URL: live.queue.queueUrl,
        BACKFILL_QUEUE_URL: backfill.queue.queueUrl,
        TABLE_NAME: state.table.tableName,
        BUCKET_NAME: state.parking.bucket.bucketName,
        INITIAL_RATE: String(stage.deliver.initialRate),
        BACKFILL_SHARE: String(stage.deliver.backfillShare),
      } satisfies ReplayRejectedEnvVars,
      ...stage.replayRejected,
      // Two runs would put the same object back twice.
      reservedConcurrency: 1,
      logRetention: stage.logRetention,
    });
    this.function = replayRejected.function;

    const { role } = replayRejected;
    grantQueues(role, [live.queue, backfill.queue], ["SendMessage"]);
    grantItems(role, state, {
      GetItem: ["tenant#*", "system"],
      Query: ["tenant#*"],
      // Bodies that name no tenant are replayed too.
      UpdateItem: ["tenant#*", "unreadable"],
    });
    grantListing(role, state, REJECTED_PREFIX);
    grantObjects(role, state, [REJECTED_PREFIX], ["GetObject", "PutObject", "DeleteObject"]);
    grantKey(role, state, ["sqs", "dynamodb", "s3"]);
  }
}
