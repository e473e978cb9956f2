/** What the functions use of the libraries whose parts their bundles leave out. Prints what it saw. */
import { Tracer } from "@aws-lambda-powertools/tracer";
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";

const tracer = new Tracer({ serviceName: "fixture" });
const sqs = tracer.captureAWSv3Client(new SQSClient({ maxAttempts: 1 }));
const secrets = tracer.captureAWSv3Client(new SecretsManagerClient({ maxAttempts: 1 }));
const table = tracer.captureAWSv3Client(new DynamoDBClient({ maxAttempts: 1 }));
const bucket = tracer.captureAWSv3Client(new S3Client({ maxAttempts: 1, forcePathStyle: true }));

const calls = {
  send: () =>
    sqs.send(new SendMessageBatchCommand({ QueueUrl: "queue", Entries: [{ Id: "0", MessageBody: "body" }] })),
  secret: () => secrets.send(new GetSecretValueCommand({ SecretId: "secret" })),
  query: () =>
    table.send(
      new QueryCommand({
        TableName: "table",
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: "a" } },
      }),
    ),
  update: () => table.send(new UpdateItemCommand({ TableName: "table", Key: { pk: { S: "a" } } })),
  itemOfRefusedUpdate: async () => {
    try {
      return await calls.update();
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { $metadata: error.$metadata, Item: error.Item };
    }
  },
  attributes: () =>
    sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: "queue", AttributeNames: ["ApproximateNumberOfMessages"] }),
    ),
  batchGet: () =>
    table.send(new BatchGetItemCommand({ RequestItems: { table: { Keys: [{ pk: { S: "a" } }] } } })),
  list: () => bucket.send(new ListObjectsV2Command({ Bucket: "bucket", Prefix: "held/", Delimiter: "/" })),
  get: async () => {
    const { $metadata, Body } = await bucket.send(new GetObjectCommand({ Bucket: "bucket", Key: "held/a" }));
    return { $metadata, text: await Body?.transformToString() };
  },
  delete: () => bucket.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "held/a" })),
  missing: () => bucket.send(new GetObjectCommand({ Bucket: "bucket", Key: "held/b" })),
  head: () => bucket.send(new HeadObjectCommand({ Bucket: "bucket", Key: "held/b" })),
  put: () => bucket.send(new PutObjectCommand({ Bucket: "bucket", Key: "held/a", Body: "{}" })),
};

const results: Record<string, unknown> = { segment: tracer.getSegment()?.name };
for (const [name, call] of Object.entries(calls)) {
  try {
    const { $metadata, ...output } = await call();
    results[name] = output;
  } catch (error) {
    results[name] = error instanceof Error ? `${error.name}: ${error.message}` : error;
  }
}
console.log(JSON.stringify(results));
