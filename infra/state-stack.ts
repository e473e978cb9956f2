import { CfnOutput, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { LEDGER_INDEX } from "../shared/aws/ledger-table.ts";
import type { Lane } from "../shared/core/flow/flow-state.schema.ts";
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
  /** Live events and backfill do not wait behind each other. */
  readonly queues: Readonly<Record<Lane, IngestQueue>>;
  readonly table: Table;
  readonly parking: ParkingBucket;
  /** The bucket's ARN for other stacks, under a name of our own: cdk-nag tells findings about its objects apart by it. */
  readonly bucketArn: string;
  readonly secretPrefix: string;

  constructor(scope: Construct, id: string, { stage, ...props }: StateStackProps) {
    super(scope, id, { ...props, terminationProtection: true });
    this.secretPrefix = `partner-feed-connector/${stage.name}`;
    this.key = new Key(this, "Key", {
      description: `Partner feed connector (${stage.name}): queued and parked events, tenants and their credentials`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const { timeout, maxLine, backoffMax, holdAfterReceives } = stage.deliver;
    const queue = {
      consumerTimeout: timeout,
      longestDelay: maxLine.toSeconds() > backoffMax.toSeconds() ? maxLine : backoffMax,
      holdAfterReceives,
      encryptionKey: this.key,
    };
    this.queues = {
      live: new IngestQueue(this, "Ingest", queue),
      backfill: new IngestQueue(this, "Backfill", queue),
    };
    this.table = new Table(this, "Tenants", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      timeToLiveAttribute: "expiresAt",
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      stream: StreamViewType.NEW_IMAGE,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: LEDGER_INDEX,
      partitionKey: { name: LEDGER_INDEX, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.parking = new ParkingBucket(this, "Parking", {
      encryptionKey: this.key,
      rejectedRetention: stage.rejectedRetention,
      heldRetention: stage.heldRetention,
    });
    const { bucketArn } = this.parking.bucket;
    this.bucketArn = this.exportValue(bucketArn, { name: this.bucketExportName });

    const { live, backfill } = this.queues;
    new CfnOutput(this, "QueueUrl", {
      value: live.queue.queueUrl,
      description: "Where events are sent",
    });
    new CfnOutput(this, "DeadLetterQueueUrl", { value: live.deadLetterQueue.queueUrl });
    new CfnOutput(this, "BackfillQueueUrl", {
      value: backfill.queue.queueUrl,
      description: "Where events are sent that may wait behind live ones",
    });
    new CfnOutput(this, "BackfillDeadLetterQueueUrl", { value: backfill.deadLetterQueue.queueUrl });
    new CfnOutput(this, "TableName", { value: this.table.tableName });
    new CfnOutput(this, "BucketName", { value: this.parking.bucket.bucketName });
    new CfnOutput(this, "KeyArn", { value: this.key.keyArn, description: "Encrypts the feeds' secrets" });
    new CfnOutput(this, "SecretPrefix", {
      value: this.secretPrefix,
      description: "Secrets are named PREFIX/tenantId/feedId",
    });
  }

  get bucketExportName(): string {
    return `${this.stackName}-BucketArn`;
  }
}
