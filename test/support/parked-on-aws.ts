import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { onTestFinished } from "vitest";
import { startEmbeddedAws } from "../../local/aws/embedded-aws.ts";
import { provision } from "../../local/aws/provision.ts";
import { storeTenants } from "../../local/store-tenants.ts";
import { DynamoLedgerAccounts } from "../../shared/aws/ledger-accounts.ts";
import { S3ParkedEvents } from "../../shared/aws/parked-events.ts";
import type { ParkedFolder } from "../../shared/core/parked-object.ts";
import type { ParkedEvent } from "../../shared/ports.ts";
import { feed, NOW_MS, tenant } from "./builders.ts";
import { capturedLog } from "./captured-log.ts";
import { FakePace } from "./fake-pace.ts";

const SECRET_PREFIX = "test";

/** An embedded AWS with tenant acme, its feed and its key stored, for as long as the test runs. */
export async function parkedOnAws() {
  const aws = await startEmbeddedAws();
  const clients = {
    sqs: new SQSClient(aws.clientConfig),
    dynamodb: new DynamoDBClient(aws.clientConfig),
    secretsManager: new SecretsManagerClient(aws.clientConfig),
    s3: new S3Client(aws.clientConfig),
  };
  onTestFinished(async () => {
    for (const client of Object.values(clients)) client.destroy();
    await aws.close();
  });
  const { queueUrl, deadLetterQueueUrl, tableName, bucketName } = await provision(aws);
  const clock = { nowMs: () => NOW_MS, sleep: async () => {} };
  const credentials = { apiKey: "key", apiSecret: "secret" };
  const stored = { tenant: tenant("acme").tenant, feeds: [{ feed: feed(), credentials }] };
  await storeTenants([stored], { ...clients, tableName, secretPrefix: SECRET_PREFIX });
  let parked = 0;
  return {
    /** Stands in for the queue of backfill: any other one does. */
    env: {
      QUEUE_URL: queueUrl,
      BACKFILL_QUEUE_URL: deadLetterQueueUrl,
      TABLE_NAME: tableName,
      BUCKET_NAME: bucketName,
      SECRET_PREFIX,
    },
    world: { clients, pace: new FakePace(), clock, random: () => 0, log: capturedLog() },
    async park(folder: ParkedFolder, lines: readonly object[]): Promise<void> {
      const uniqueId = () => `object-${++parked}`;
      const store = new S3ParkedEvents({ client: clients.s3, bucketName, clock, uniqueId });
      await store.write({ ...folder, events: lines as readonly ParkedEvent[] });
    },
    async setTenantStatus(status: "active" | "paused"): Promise<void> {
      await clients.dynamodb.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { pk: { S: "tenant#acme" }, sk: { S: "profile" } },
          UpdateExpression: "SET #status = :status",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ":status": { S: status } },
        }),
      );
    },
    /** Bodies of the messages that can be received from the queue of a lane. */
    async received(lane: "live" | "backfill") {
      const { Messages = [] } = await clients.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: lane === "live" ? queueUrl : deadLetterQueueUrl,
          MaxNumberOfMessages: 10,
        }),
      );
      return Messages.map(({ Body = "" }) => JSON.parse(Body));
    },
    async keys(): Promise<string[]> {
      const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket: bucketName }));
      return Contents.map(({ Key = "" }) => Key);
    },
    /** The ledger of tenant acme. */
    accounts() {
      const table = { client: clients.dynamodb, tableName, clock };
      return new DynamoLedgerAccounts(table).ofTenant("acme", { from: "2026-03-01T00", to: "2026-03-01T23" });
    },
  };
}
