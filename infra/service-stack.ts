import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { EventSourceMapping, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { DeliverEventsEnvVars } from "../functions/deliver-events/env.schema.ts";
import { NodeFunction } from "./constructs/node-function.ts";
import { grantState } from "./deliver-events-grants.ts";
import type { Stage } from "./stages.ts";
import type { StateStack } from "./state-stack.ts";

export interface ServiceStackProps extends StackProps {
  readonly stage: Stage;
  readonly state: StateStack;
}

/** What moves events: the deliver-events function and the mapping that feeds it from the ingest queue. Holds no data. */
export class ServiceStack extends Stack {
  readonly deliverEvents: LambdaFunction;

  constructor(scope: Construct, id: string, { stage, state, ...props }: ServiceStackProps) {
    super(scope, id, props);
    const { queue } = state.ingest;
    const deliverEvents = new NodeFunction(this, "DeliverEvents", {
      description: "Converts queued partner events to mParticle batches and posts them",
      entry: "functions/deliver-events/handler.ts",
      environment: {
        STAGE: stage.name,
        QUEUE_URL: queue.queueUrl,
        TABLE_NAME: state.table.tableName,
        BUCKET_NAME: state.parking.bucket.bucketName,
        SECRET_PREFIX: state.secretPrefix,
        PARTNER_URL: stage.partnerUrl,
        PARTNER_IDENTITY: stage.partnerIdentity,
        MAX_CONCURRENT_REQUESTS: String(stage.deliver.maxConcurrentRequests),
        MAX_CONCURRENT_REQUESTS_PER_FEED: String(stage.deliver.maxConcurrentRequestsPerFeed),
        BACKOFF_BASE_SECONDS: String(stage.deliver.backoffBase.toSeconds()),
        BACKOFF_MAX_SECONDS: String(stage.deliver.backoffMax.toSeconds()),
        HOLD_AFTER_RECEIVES: String(stage.deliver.holdAfterReceives),
      } satisfies DeliverEventsEnvVars,
      memoryMb: stage.deliver.memoryMb,
      timeout: stage.deliver.timeout,
      logRetention: stage.logRetention,
    });
    this.deliverEvents = deliverEvents.function;
    grantState(deliverEvents.role, state);

    // The mapping's own limit instead of reserved concurrency: invocations beyond a reservation are throttled after
    // their messages were received, and so spend receives; beyond the mapping's limit nothing is received at all.
    // Not SqsEventSource: its grants would name the key without saying through which services.
    new EventSourceMapping(this, "IngestMapping", {
      target: this.deliverEvents,
      eventSourceArn: queue.queueArn,
      batchSize: stage.deliver.batchSize,
      maxBatchingWindow: stage.deliver.batchingWindow,
      maxConcurrency: stage.deliver.maxConcurrency,
      reportBatchItemFailures: true,
    });

    new CfnOutput(this, "FunctionName", { value: this.deliverEvents.functionName });
  }
}
