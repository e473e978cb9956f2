import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as LambdaTarget } from "aws-cdk-lib/aws-events-targets";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { ReleaseHeldEnvVars } from "../../functions/release-held/env.schema.ts";
import { FEED_CHANGED } from "../../shared/core/feed-changed.ts";
import { NodeFunction } from "../constructs/node-function.ts";
import { HELD_PREFIX } from "../constructs/parking-bucket.ts";
import {
  grantCredentials,
  grantItems,
  grantKey,
  grantListing,
  grantObjects,
  grantQueues,
} from "../grants.ts";
import type { Stage } from "../stages.ts";
import type { StateStack } from "../state-stack.ts";

export interface ReleaseHeldProps {
  readonly stage: Stage;
  readonly state: StateStack;
}

/** The release-held function: runs every minute, and at once when a tenant or feed was changed. */
export class ReleaseHeld extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { stage, state }: ReleaseHeldProps) {
    super(scope, id);
    const { live, backfill } = state.queues;
    const releaseHeld = new NodeFunction(this, "ReleaseHeld", {
      description: "Puts held events back on their queue when what held them has ended",
      entry: "functions/release-held/handler.ts",
      environment: {
        QUEUE_URL: live.queue.queueUrl,
        BACKFILL_QUEUE_URL: backfill.queue.queueUrl,
        TABLE_NAME: state.table.tableName,
        BUCKET_NAME: state.parking.bucket.bucketName,
        SECRET_PREFIX: state.secretPrefix,
        INITIAL_RATE: String(stage.deliver.initialRate),
        BACKFILL_SHARE: String(stage.deliver.backfillShare),
      } satisfies ReleaseHeldEnvVars,
      ...stage.releaseHeld,
      // Two runs at once would put the same object back twice. Lambda keeps what comes meanwhile and tries it again later, for
      // up to six hours: such a run finds less to do, or nothing.
      reservedConcurrency: 1,
      logRetention: stage.logRetention,
    });
    this.function = releaseHeld.function;

    const { role } = releaseHeld;
    grantQueues(role, [live.queue, backfill.queue], ["SendMessage"]);
    grantItems(role, state, {
      GetItem: ["tenant#*", "system"],
      Query: ["tenant#*"],
      UpdateItem: ["tenant#*"],
    });
    grantListing(role, state, HELD_PREFIX);
    grantObjects(role, state, [HELD_PREFIX], ["GetObject", "PutObject", "DeleteObject"]);
    grantCredentials(role, state);
    grantKey(role, state, ["sqs", "dynamodb", "s3", "secretsmanager"]);

    const targets = [new LambdaTarget(this.function)];
    new Rule(this, "EveryMinute", {
      description: "Looks whether what holds events has ended",
      schedule: Schedule.rate(Duration.minutes(1)),
      targets,
    });
    new Rule(this, "FeedChanged", {
      description: "A tenant or feed was added or resumed, or credentials were stored",
      eventPattern: { source: [FEED_CHANGED.source], detailType: [FEED_CHANGED.detailType] },
      targets,
    });
  }
}
