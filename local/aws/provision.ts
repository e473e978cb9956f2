import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { LEDGER_INDEX } from "../../shared/aws/ledger-table.ts";
import type { EmbeddedAws } from "./embedded-aws.ts";

export interface ProvisionOptions {
  /** Of the ingest queue. @default 30, as SQS itself */
  readonly visibilityTimeoutSeconds?: number;
  /** Receives after which a message goes to the dead-letter queue. @default 1000, the most SQS takes */
  readonly maxReceiveCount?: number;
}

export interface ProvisionedState {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly tableName: string;
  readonly bucketName: string;
}

/** Creates what the state stack holds: ingest queue with its redrive policy, dead-letter queue, table and bucket. */
export async function provision(
  { clientConfig }: Pick<EmbeddedAws, "clientConfig">,
  options: ProvisionOptions = {},
): Promise<ProvisionedState> {
  const sqs = new SQSClient(clientConfig);
  const dynamoDb = new DynamoDBClient(clientConfig);
  const s3 = new S3Client(clientConfig);
  try {
    const tableName = "partner-feeds";
    const bucketName = "partner-feed-events";
    const [queues] = await Promise.all([
      createQueues(sqs, options),
      createTable(dynamoDb, tableName),
      s3.send(new CreateBucketCommand({ Bucket: bucketName })),
    ]);
    return { ...queues, tableName, bucketName };
  } finally {
    for (const client of [sqs, dynamoDb, s3]) client.destroy();
  }
}

async function createQueues(sqs: SQSClient, options: ProvisionOptions) {
  const { visibilityTimeoutSeconds = 30, maxReceiveCount = 1000 } = options;
  const deadLetterQueueUrl = await createQueue(sqs, "partner-events-dead-letters", {});
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetterQueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const queueUrl = await createQueue(sqs, "partner-events", {
    VisibilityTimeout: `${visibilityTimeoutSeconds}`,
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.["QueueArn"], maxReceiveCount }),
  });
  return { queueUrl, deadLetterQueueUrl };
}

async function createQueue(
  sqs: SQSClient,
  name: string,
  attributes: Record<string, string>,
): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  if (QueueUrl === undefined) throw new Error(`No URL for the new queue ${name}`);
  return QueueUrl;
}

async function createTable(dynamoDb: DynamoDBClient, tableName: string): Promise<void> {
  await dynamoDb.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
        { AttributeName: LEDGER_INDEX, AttributeType: "S" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: LEDGER_INDEX,
          KeySchema: [{ AttributeName: LEDGER_INDEX, KeyType: "HASH" }],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    }),
  );
}
