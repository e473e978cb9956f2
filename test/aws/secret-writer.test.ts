import { DescribeSecretCommand, GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type EmbeddedAws, startEmbeddedAws } from "../../local/aws/embedded-aws.ts";
import { type AwsClients, createClients, destroyClients } from "../../local/connector.ts";
import { SecretsManagerWriter } from "../../shared/aws/secret-writer.ts";

let aws: EmbeddedAws;
let clients: AwsClients;
let writer: SecretsManagerWriter;
let count = 0;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  clients = createClients(aws.clientConfig);
  writer = new SecretsManagerWriter({
    client: clients.secretsManager,
    prefix: "stage",
    keyArn: "arn:aws:kms:us-east-1:000000000000:key/own",
    recoveryDays: 30,
  });
});
afterAll(async () => {
  destroyClients(clients);
  await aws.close();
});

const newFeed = () => ({ tenantId: `acme-${++count}`, feedId: "ios" });
const version = (name: string) => name.repeat(64).slice(0, 64);
const keys = (name: string) => ({ apiKey: `key-${name}`, apiSecret: `secret-${name}` });
const read = async (
  { tenantId, feedId }: { tenantId: string; feedId: string },
  VersionStage = "AWSCURRENT",
) => {
  const SecretId = `stage/${tenantId}/${feedId}`;
  const { SecretString } = await clients.secretsManager.send(
    new GetSecretValueCommand({ SecretId, VersionStage }),
  );
  return JSON.parse(SecretString ?? "");
};
const describeSecret = ({ tenantId, feedId }: { tenantId: string; feedId: string }) =>
  clients.secretsManager.send(new DescribeSecretCommand({ SecretId: `stage/${tenantId}/${feedId}` }));

it("writes nothing but key and secret, encrypted with the given key", async () => {
  const feed = newFeed();

  await writer.store(feed, { ...keys("a"), note: "more than keys" } as never, version("a"));

  expect(await read(feed)).toEqual(keys("a"));
  expect((await describeSecret(feed)).KmsKeyId).toBe("arn:aws:kms:us-east-1:000000000000:key/own");
});

it("stored again under its version, changes nothing", async () => {
  const feed = newFeed();
  await writer.store(feed, keys("a"), version("a"));
  await writer.store(feed, keys("b"), version("b"));

  await writer.store(feed, keys("b"), version("b"));

  expect(await read(feed, "AWSPREVIOUS")).toEqual(keys("a"));
});

it("rolls back from the version that is named to the one before it, and to no other", async () => {
  const feed = newFeed();
  await writer.store(feed, keys("a"), version("a"));
  await writer.store(feed, keys("b"), version("b"));

  expect(await writer.rollBack(feed, version("x"), version("a"))).toBe(false);
  expect(await writer.rollBack(feed, version("b"), version("x"))).toBe(false);
  expect(await read(feed)).toEqual(keys("b"));
  expect(await writer.rollBack(feed, version("b"), version("a"))).toBe(true);
  expect(await read(feed)).toEqual(keys("a"));
  expect(await writer.rollBack(feed, version("b"), version("a"))).toBe(true);
});

it("has nothing to roll back, to drop or to delete where no secret is", async () => {
  const feed = newFeed();

  expect(await writer.rollBack(feed, version("b"), version("a"))).toBe(false);
  await writer.dropPrevious(feed, version("a"));
  await writer.scheduleDeletion(feed);
  await writer.scheduleDeletion(feed);

  await expect(describeSecret(feed)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

it("drops the former version if it is the one that is named, and the current one never", async () => {
  const feed = newFeed();
  await writer.store(feed, keys("a"), version("a"));
  await writer.dropPrevious(feed, version("a"));
  await writer.store(feed, keys("b"), version("b"));

  await writer.dropPrevious(feed, version("b"));
  await writer.dropPrevious(feed, version("x"));
  expect(await read(feed, "AWSPREVIOUS")).toEqual(keys("a"));
  await writer.dropPrevious(feed, version("a"));
  await writer.dropPrevious(feed, version("a"));

  expect(await read(feed)).toEqual(keys("b"));
  await expect(read(feed, "AWSPREVIOUS")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

it("has a secret wait for its deletion, and restores it when keys are stored again", async () => {
  const feed = newFeed();
  await writer.store(feed, keys("a"), version("a"));
  await writer.scheduleDeletion(feed);
  await writer.scheduleDeletion(feed);
  expect((await describeSecret(feed)).DeletedDate).toBeDefined();

  await writer.store(feed, keys("a"), version("a"));

  expect(await read(feed)).toEqual(keys("a"));
});

it.each(["a", "b", "c"])(
  "keeps no keys that were deleted when %s are stored under their name",
  async (name) => {
    const feed = newFeed();
    await writer.store(feed, keys("a"), version("a"));
    await writer.store(feed, keys("b"), version("b"));
    await writer.scheduleDeletion(feed);

    await writer.store(feed, keys(name), version(name));

    expect(await read(feed)).toEqual(keys(name));
    await expect(read(feed, "AWSPREVIOUS")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  },
);
