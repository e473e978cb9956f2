import { EventSourceMapping, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { DeliverEventsEnvVars } from "../../functions/deliver-events/env.schema.ts";
import type { Lane } from "../../shared/core/flow/flow-state.schema.ts";
import { NodeFunction } from "../constructs/node-function.ts";
import { HELD_PREFIX, REJECTED_PREFIX } from "../constructs/parking-bucket.ts";
import { grantCredentials, grantItems, grantKey, grantObjects, grantQueues } from "../grants.ts";
import type { Stage } from "../stages.ts";
import type { StateStack } from "../state-stack.ts";

export interface DeliverEventsProps {
  readonly stage: Stage;
  readonly state: StateStack;
  /** The lanes are the same code behind different queues. */
  readonly lane: Lane;
}

/** The deliver-events function of one lane and the mapping that feeds it from the lane's queue. */
export class DeliverEvents extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { stage, state, lane }: DeliverEventsProps) {
    super(scope, id);
    const { queue } = state.queues[lane];
    const { deliver } = stage;
    const deliverEvents = new NodeFunction(this, "DeliverEvents", {
      description: `Converts queued partner events to mParticle batches and posts them (${lane})`,
      entry: "functions/deliver-events/handler.ts",
      environment: {
        STAGE: stage.name,
        LANE: lane,
        QUEUE_URL: queue.queueUrl,
        TABLE_NAME: state.table.tableName,
        BUCKET_NAME: state.parking.bucket.bucketName,
        SECRET_PREFIX: state.secretPrefix,
        PARTNER_URL: stage.partnerUrl,
        PARTNER_IDENTITY: stage.partnerIdentity,
        MAX_CONCURRENT_REQUESTS: String(deliver.maxConcurrentRequests),
        MAX_CONCURRENT_REQUESTS_PER_FEED: String(deliver.maxConcurrentRequestsPerFeed),
        INITIAL_RATE: String(deliver.initialRate),
        MAX_LINE_MS: String(deliver.maxLine.toMilliseconds()),
        MAX_HIDDEN_MESSAGES: String(deliver.maxHiddenMessages),
        BACKFILL_SHARE: String(deliver.backfillShare),
        MAX_INSTANCES: String(deliver.maxConcurrency.live + deliver.maxConcurrency.backfill),
        BACKOFF_BASE_SECONDS: String(deliver.backoffBase.toSeconds()),
        BACKOFF_MAX_SECONDS: String(deliver.backoffMax.toSeconds()),
        HOLD_AFTER_RECEIVES: String(deliver.holdAfterReceives),
      } satisfies DeliverEventsEnvVars,
      memoryMb: deliver.memoryMb,
      timeout: deliver.timeout,
      logRetention: stage.logRetention,
    });
    this.function = deliverEvents.function;

    const { role } = deliverEvents;
    grantQueues(
      role,
      [queue],
      ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility", "SendMessage"],
    );
    grantItems(role, state, {
      GetItem: ["tenant#*", "invocation#*", "system"],
      Query: ["tenant#*"],
      UpdateItem: ["tenant#*", "claims#*", "invocation#*", "system", "unreadable"],
    });
    grantObjects(role, state, [REJECTED_PREFIX, HELD_PREFIX], ["GetObject", "PutObject"]);
    grantCredentials(role, state);
    grantKey(role, state, ["sqs", "dynamodb", "s3", "secretsmanager"]);

    // The mapping's own limit instead of reserved concurrency: invocations beyond a reservation are throttled after
    // their messages were received, and so spend receives; beyond the mapping's limit nothing is received at all.
    // Not SqsEventSource: its grants would name the key without saying through which services.
    new EventSourceMapping(this, "Mapping", {
      target: this.function,
      eventSourceArn: queue.queueArn,
      batchSize: deliver.batchSize,
      maxBatchingWindow: deliver.batchingWindow,
      maxConcurrency: deliver.maxConcurrency[lane],
      reportBatchItemFailures: true,
    });
  }
}
