import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { text } from "node:stream/consumers";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local/aws/embedded-aws.ts";
import { provision } from "../../../local/aws/provision.ts";

let aws: EmbeddedAws;

beforeEach(async () => {
  aws = await startEmbeddedAws();
});

afterEach(() => aws.close());

/** Ends a client's connections with its test. */
function ending<Client extends { destroy(): void }>(client: Client): Client {
  onTestFinished(() => client.destroy());
  return client;
}

describe("one endpoint", () => {
  test("serves a queue", async () => {
    const sqs = ending(new SQSClient(aws.clientConfig));
    const { queueUrl } = await provision(aws);
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "body" }));

    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));

    expect(Messages?.map(({ Body }) => Body)).toEqual(["body"]);
  });

  test("serves a table", async () => {
    const dynamoDb = ending(new DynamoDBClient(aws.clientConfig));
    const { tableName } = await provision(aws);
    const Item = { pk: { S: "tenant#acme" }, sk: { S: "profile" } };
    await dynamoDb.send(new PutItemCommand({ TableName: tableName, Item }));

    const answer = await dynamoDb.send(new GetItemCommand({ TableName: tableName, Key: Item }));

    expect(answer.Item).toEqual(Item);
  });

  test("serves a bucket", async () => {
    const s3 = ending(new S3Client(aws.clientConfig));
    const { bucketName } = await provision(aws);
    const object = { Bucket: bucketName, Key: "rejected/acme/1.json" };
    await s3.send(new PutObjectCommand({ ...object, Body: "{}", ContentType: "application/json" }));

    const { Body } = await s3.send(new GetObjectCommand(object));

    expect(await Body?.transformToString()).toBe("{}");
  });

  test("serves a secret", async () => {
    const secrets = ending(new SecretsManagerClient(aws.clientConfig));
    await secrets.send(new CreateSecretCommand({ Name: "feeds/acme/default", SecretString: "{}" }));

    const { SecretString } = await secrets.send(
      new GetSecretValueCommand({ SecretId: "feeds/acme/default" }),
    );

    expect(SecretString).toBe("{}");
  });

  test("is all that a client needs to be told, by AWS_ENDPOINT_URL", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", aws.endpoint);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "any");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "any");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { queueUrl, bucketName } = await provision(aws);
    const sqs = ending(new SQSClient({ region: aws.region }));
    const s3 = ending(new S3Client({ region: aws.region }));

    const found = await sqs.send(new GetQueueUrlCommand({ QueueName: "partner-events" }));
    const sent = await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "body" }));
    const put = await s3.send(new PutObjectCommand({ Bucket: bucketName, Key: "key", Body: "body" }));

    expect(found.QueueUrl).toBe(`${aws.endpoint}/000000000000/partner-events`);
    expect(sent.MessageId).toEqual(expect.any(String));
    expect(put.$metadata.httpStatusCode).toBe(200);
  });

  test("names the caller's own host in every queue URL", async () => {
    const sqs = ending(new SQSClient(aws.clientConfig));
    const created = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
    const listed = await sqs.send(new ListQueuesCommand({}));

    const byOtherName = await post(
      aws,
      "AmazonSQS.GetQueueUrl",
      { QueueName: "orders" },
      { host: "emulator:80" },
    );

    expect(created.QueueUrl).toBe(`${aws.endpoint}/000000000000/orders`);
    expect(listed.QueueUrls).toEqual([`${aws.endpoint}/000000000000/orders`]);
    expect(byOtherName).toEqual({ QueueUrl: "http://emulator:80/000000000000/orders" });
  });
});

test("a given port that is taken is refused with EADDRINUSE", async () => {
  const port = Number(new URL(aws.endpoint).port);

  await expect(startEmbeddedAws({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("two of them share nothing", async () => {
  const other = await startEmbeddedAws();
  onTestFinished(() => other.close());
  await provision(aws);

  const { QueueUrls } = await ending(new SQSClient(other.clientConfig)).send(new ListQueuesCommand({}));

  expect(QueueUrls ?? []).toEqual([]);
});

test("a DynamoDB caller that hangs up halfway harms no other", async () => {
  const { tableName } = await provision(aws);
  const socket = net.connect(Number(new URL(aws.endpoint).port), "127.0.0.1");
  socket.end(
    "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: DynamoDB_20120810.GetItem\r\nContent-Length: 99\r\n\r\n{",
  );
  socket.resume();
  await once(socket, "close");

  const answer = await ending(new DynamoDBClient(aws.clientConfig)).send(
    new GetItemCommand({ TableName: tableName, Key: { pk: { S: "a" }, sk: { S: "b" } } }),
  );

  expect(answer.Item).toBeUndefined();
});

test("closing ends waiting long polls and idle connections, and frees the port", async () => {
  const closing = await startEmbeddedAws();
  const sqs = ending(new SQSClient({ ...closing.clientConfig, maxAttempts: 1 }));
  const { queueUrl } = await provision(closing);
  const polled = sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 20 })).then(
    ({ Messages }) => Messages ?? "no messages",
    () => "hung up",
  );
  const idle = net.connect(Number(new URL(closing.endpoint).port), "127.0.0.1").on("error", () => {});
  await longPollArrives();

  await closing.close();

  await expect(polled).resolves.toMatch(/no messages|hung up/);
  if (!idle.closed) await once(idle, "close");
  const again = await startEmbeddedAws({ port: Number(new URL(closing.endpoint).port) });
  await again.close();
});

/** Lets a long poll that was sent before reach its queue. If it is slower still, a test proves less but does not fail. */
async function longPollArrives(): Promise<void> {
  for (let i = 0; i < 5; i++) await post(aws, "AmazonSQS.ListQueues", {});
}

/** A request as other languages send it. */
async function post(
  { endpoint }: Pick<EmbeddedAws, "endpoint">,
  target: string,
  input: object,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const request = http.request(endpoint, {
    method: "POST",
    headers: { "x-amz-target": target, "content-type": "application/x-amz-json-1.0", ...headers },
  });
  request.end(JSON.stringify(input));
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  return JSON.parse(await text(response));
}
