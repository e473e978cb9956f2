import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { aws, client, create, START_MS, token } from "./support.ts";

test("a new secret has one version, the current one, named by the request token", async () => {
  const created = await create("feeds/acme");

  const value = await client.send(new GetSecretValueCommand({ SecretId: "feeds/acme" }));

  expect(created.ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:feeds\/acme-\w{6}$/);
  expect(value).toMatchObject({
    ARN: created.ARN,
    Name: "feeds/acme",
    SecretString: "one",
    VersionId: token(1),
    VersionStages: ["AWSCURRENT"],
    CreatedDate: new Date(START_MS),
  });
});

test("a binary value comes back byte for byte", async () => {
  const bytes = new Uint8Array([0, 255, 128, 10]);
  await client.send(new CreateSecretCommand({ Name: "binary", SecretBinary: bytes }));

  const { SecretBinary, SecretString } = await client.send(new GetSecretValueCommand({ SecretId: "binary" }));

  expect([...(SecretBinary ?? [])]).toEqual([...bytes]);
  expect(SecretString).toBeUndefined();
});

test("a secret is found by name, by ARN and by ARN without its random suffix", async () => {
  const { ARN = "" } = await create("feeds/acme");

  const found = await Promise.all(
    ["feeds/acme", ARN, ARN.slice(0, -7)].map((SecretId) =>
      client.send(new GetSecretValueCommand({ SecretId })),
    ),
  );

  expect(found.map(({ SecretString }) => SecretString)).toEqual(["one", "one", "one"]);
});

test("a secret without a value has none to give", async () => {
  await client.send(new CreateSecretCommand({ Name: "empty" }));

  await expect(client.send(new GetSecretValueCommand({ SecretId: "empty" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test.each([
  ["an unknown name", { SecretId: "nothing" }, "ResourceNotFoundException"],
  ["an unknown version", { SecretId: "feeds/acme", VersionId: token(9) }, "ResourceNotFoundException"],
  ["an unused label", { SecretId: "feeds/acme", VersionStage: "AWSPENDING" }, "ResourceNotFoundException"],
  [
    "a label that is on another version",
    { SecretId: "feeds/acme", VersionId: token(1), VersionStage: "AWSPENDING" },
    "InvalidRequestException",
  ],
])("reading %s fails", async (_, input, name) => {
  await create("feeds/acme");

  await expect(client.send(new GetSecretValueCommand(input))).rejects.toMatchObject({ name });
});

test("an error is one that the SDK knows, with the service's message and status", async () => {
  await expect(client.send(new GetSecretValueCommand({ SecretId: "nothing" }))).rejects.toMatchObject({
    $fault: "client",
    $metadata: { httpStatusCode: 400 },
    message: "Secrets Manager can't find the specified secret.",
  });
});

test.each([
  ["a name with a space", { Name: "a b" }, "ValidationException"],
  ["a short token", { Name: "a", ClientRequestToken: "short" }, "ValidationException"],
  [
    "two kinds of value",
    { Name: "a", SecretString: "text", SecretBinary: new Uint8Array([1]) },
    "InvalidParameterException",
  ],
])("creating with %s is refused", async (_, input, name) => {
  await expect(client.send(new CreateSecretCommand(input))).rejects.toMatchObject({ name });
});

test("putting no value at all is refused", async () => {
  await create("feeds/acme");

  await expect(client.send(new PutSecretValueCommand({ SecretId: "feeds/acme" }))).rejects.toMatchObject({
    name: "InvalidRequestException",
  });
});

test("an operation that is not emulated and a body that is not JSON are refused", async () => {
  const post = async (operation: string, body: string) => {
    const headers = { "x-amz-target": `secretsmanager.${operation}` };
    const response = await fetch(aws.endpoint, { method: "POST", headers, body });
    return { status: response.status, ...((await response.json()) as object) };
  };

  expect(await post("RotateSecret", "{}")).toMatchObject({
    status: 400,
    __type: "UnknownOperationException",
  });
  expect(await post("GetSecretValue", "{")).toMatchObject({
    status: 400,
    __type: "SerializationException",
  });
});
