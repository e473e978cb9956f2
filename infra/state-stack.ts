import { CfnOutput, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { IngestQueue } from "./constructs/ingest-queue.ts";
import { ParkingBucket } from "./constructs/parking-bucket.ts";
import type { Stage } from "./stages.ts";

export interface StateStackProps extends StackProps {
  readonly stage: Stage;
}

/**
 * What outlives every deployment: key, queues, tenant table and bucket. Retained, and protected from being deleted.
 *
 * Feed credentials are secrets named `<secretPrefix>/<tenantId>/<feedId>`, encrypted with the key; onboarding creates
 * them, so none is declared here.
 */
export class StateStack extends Stack {
  readonly key: Key;
  readonly ingest: IngestQueue;
  readonly table: Table;
  readonly parking: ParkingBucket;
  readonly secretPrefix: string;

  constructor(scope: Construct, id: string, { stage, ...props }: StateStackProps) {
    super(scope, id, { ...props, terminationProtection: true });
    this.secretPrefix = `partner-feed-connector/${stage.name}`;
    this.key = new Key(this, "Key", {
      description: `Partner feed connector (${stage.name}): queued and parked events, tenants and their credentials`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.ingest = new IngestQueue(this, "Ingest", {
      consumerTimeout: stage.deliver.timeout,
      longestDelay: stage.deliver.backoffMax,
      holdAfterReceives: stage.deliver.holdAfterReceives,
      encryptionKey: this.key,
    });
    this.table = new Table(this, "Tenants", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      timeToLiveAttribute: "expiresAt",
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.parking = new ParkingBucket(this, "Parking", {
      encryptionKey: this.key,
      rejectedRetention: stage.rejectedRetention,
    });

    new CfnOutput(this, "QueueUrl", {
      value: this.ingest.queue.queueUrl,
      description: "Where events are sent",
    });
    new CfnOutput(this, "DeadLetterQueueUrl", { value: this.ingest.deadLetterQueue.queueUrl });
    new CfnOutput(this, "TableName", { value: this.table.tableName });
    new CfnOutput(this, "BucketName", { value: this.parking.bucket.bucketName });
    new CfnOutput(this, "KeyArn", { value: this.key.keyArn, description: "Encrypts the feeds' secrets" });
    new CfnOutput(this, "SecretPrefix", {
      value: this.secretPrefix,
      description: "Secrets are named PREFIX/tenantId/feedId",
    });
  }
}
