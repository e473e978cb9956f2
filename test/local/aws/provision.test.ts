import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local/aws/embedded-aws.ts";
import { type ProvisionedState, provision } from "../../../local/aws/provision.ts";

let aws: EmbeddedAws;
let state: ProvisionedState;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  state = await provision(aws, { visibilityTimeoutSeconds: 7, maxReceiveCount: 3 });
});

afterAll(() => aws.close());

test("the ingest queue hides and redrives as told", async () => {
  const sqs = new SQSClient(aws.clientConfig);

  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: state.queueUrl,
      AttributeNames: ["VisibilityTimeout", "RedrivePolicy"],
    }),
  );
  const deadLetters = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: state.deadLetterQueueUrl, AttributeNames: ["QueueArn"] }),
  );

  sqs.destroy();
  expect(Attributes?.VisibilityTimeout).toBe("7");
  expect(JSON.parse(Attributes?.RedrivePolicy ?? "")).toEqual({
    deadLetterTargetArn: deadLetters.Attributes?.QueueArn,
    maxReceiveCount: 3,
  });
});

test("the table is keyed by pk and sk, indexed for the ledger, on demand and ready", async () => {
  const dynamoDb = new DynamoDBClient(aws.clientConfig);

  const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: state.tableName }));

  dynamoDb.destroy();
  expect(Table).toMatchObject({
    TableStatus: "ACTIVE",
    BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "writtenIn",
        KeySchema: [{ AttributeName: "writtenIn", KeyType: "HASH" }],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
  });
});

test("the bucket is there", async () => {
  const s3 = new S3Client(aws.clientConfig);

  const found = await s3.send(new HeadBucketCommand({ Bucket: state.bucketName }));

  s3.destroy();
  expect(found.$metadata.httpStatusCode).toBe(200);
});
