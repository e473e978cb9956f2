import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, expect, it, onTestFinished } from "vitest";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local/aws/embedded-aws.ts";
import { AwsFaultGate } from "../../../local/aws/fault-gate.ts";
import { type ProvisionedState, provision } from "../../../local/aws/provision.ts";
import type { AwsServiceName } from "../../../local/aws/service.ts";
import { type AwsClients, createClients, destroyClients } from "../../../local/connector.ts";

interface Gated {
  readonly gate: AwsFaultGate;
  readonly aws: EmbeddedAws;
  readonly state: ProvisionedState;
  /** Clients that try once. */
  readonly clients: AwsClients;
}

/** A provisioned embedded AWS behind a gate without rules. */
async function gated(random: () => number = () => 0): Promise<Gated> {
  const gate = new AwsFaultGate({ random, spared: ["spared"] });
  const aws = await startEmbeddedAws({ faults: gate });
  const clients = createClients(aws.clientConfig, { maxAttempts: 1 });
  onTestFinished(async () => {
    destroyClients(clients);
    await aws.close();
  });
  return { gate, aws, clients, state: await provision(aws) };
}

/** One call to a service. */
function call(
  { clients, state }: Pick<Gated, "clients" | "state">,
  service: AwsServiceName,
): Promise<unknown> {
  switch (service) {
    case "dynamodb":
      return clients.dynamodb.send(
        new GetItemCommand({ TableName: state.tableName, Key: { pk: { S: "a" }, sk: { S: "b" } } }),
      );
    case "secretsmanager":
      return clients.secretsManager.send(new GetSecretValueCommand({ SecretId: "none" }));
    case "s3":
      return clients.s3.send(new PutObjectCommand({ Bucket: state.bucketName, Key: "k", Body: "text" }));
    case "sqs":
      return clients.sqs.send(new SendMessageCommand({ QueueUrl: state.queueUrl, MessageBody: "body" }));
  }
}

async function nameOf(failing: Promise<unknown>): Promise<string> {
  return failing.then(
    () => "no error",
    (error: Error) => error.name,
  );
}

async function messagesOn({ clients, state }: Gated): Promise<number> {
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: state.queueUrl, AttributeNames: ["All"] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
}

describe("the fault gate", () => {
  it.each([
    {
      service: "dynamodb",
      throttled: "ProvisionedThroughputExceededException",
      error: "InternalServerError",
    },
    { service: "secretsmanager", throttled: "ThrottlingException", error: "InternalServiceError" },
    { service: "s3", throttled: "SlowDown", error: "InternalError" },
    { service: "sqs", throttled: "RequestThrottled", error: "InternalError" },
  ] as const)(
    "refuses calls to $service as the SDK knows it from there",
    async ({ service, throttled, error }) => {
      const world = await gated();

      world.gate.setRules([{ service, fault: { kind: "throttled" } }]);
      const whenThrottled = await nameOf(call(world, service));
      world.gate.setRules([{ service, fault: { kind: "error" } }]);
      const whenErring = await nameOf(call(world, service));

      expect([whenThrottled, whenErring]).toEqual([throttled, error]);
      expect(world.gate.met).toBe(2);
    },
  );

  it("is passed by a client that tries once more when the fault is over", async () => {
    const draws = [0, 1];
    const world = await gated(() => draws.shift() ?? 1);
    const clients = createClients(world.aws.clientConfig, { maxAttempts: 2 });
    onTestFinished(() => destroyClients(clients));

    world.gate.setRules([{ service: "s3", fault: { kind: "throttled" }, share: 0.5 }]);

    expect(await nameOf(call({ ...world, clients }, "s3"))).toBe("no error");
    expect(world.gate.met).toBe(1);
  });

  it("resets a connection before the call is carried out, or after", async () => {
    const world = await gated();

    world.gate.setRules([
      { service: "sqs", operations: ["SendMessage"], fault: { kind: "reset", written: false } },
    ]);
    const before = await nameOf(call(world, "sqs"));
    const writtenBefore = await messagesOn(world);
    world.gate.setRules([
      { service: "sqs", operations: ["SendMessage"], fault: { kind: "reset", written: true } },
    ]);
    const after = await nameOf(call(world, "sqs"));
    const writtenAfter = await messagesOn(world);

    expect([before, after]).not.toContain("no error");
    expect([writtenBefore, writtenAfter]).toEqual([0, 1]);
  });

  it("resets an S3 connection after the object was written", async () => {
    const world = await gated();

    world.gate.setRules([{ service: "s3", operations: ["PUT"], fault: { kind: "reset", written: true } }]);
    const name = await nameOf(call(world, "s3"));

    expect(name).not.toBe("no error");
    const { clients, state } = world;
    const head = new HeadObjectCommand({ Bucket: state.bucketName, Key: "k" });
    expect((await clients.s3.send(head)).ContentLength).toBe(4);
  });

  it("carries slow calls out all the same", async () => {
    const world = await gated();

    world.gate.setRules([{ service: "dynamodb", fault: { kind: "slow", ms: 20 } }]);

    expect(await nameOf(call(world, "dynamodb"))).toBe("no error");
  });

  it("lets other operations, other services and the spared caller pass", async () => {
    const world = await gated();
    const spared = createClients({
      ...world.aws.clientConfig,
      credentials: { accessKeyId: "spared", secretAccessKey: "spared" },
    });
    onTestFinished(() => destroyClients(spared));

    world.gate.setRules([{ service: "sqs", operations: ["SendMessage"], fault: { kind: "error" } }]);

    expect(await messagesOn(world)).toBe(0);
    expect(await nameOf(call(world, "s3"))).toBe("no error");
    expect(await nameOf(call({ ...world, clients: spared }, "sqs"))).toBe("no error");
    expect(await nameOf(call(world, "sqs"))).toBe("InternalError");
  });

  it("lets a share of the calls fail", async () => {
    const draws = [0.1, 0.6, 0.3, 0.9];
    const world = await gated(() => draws.shift() ?? 0);

    world.gate.setRules([{ service: "sqs", fault: { kind: "error" }, share: 0.5 }]);
    const names: string[] = [];
    for (let i = 0; i < 4; i++) names.push(await nameOf(call(world, "sqs")));

    expect(names).toEqual(["InternalError", "no error", "InternalError", "no error"]);
  });
});
