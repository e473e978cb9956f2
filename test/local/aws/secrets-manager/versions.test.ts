import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { client, create, put, stagesOf, token } from "./support.ts";

test("a new value becomes current and the one before it previous", async () => {
  await create("feeds/acme");
  await put("feeds/acme", "two", token(2));
  await put("feeds/acme", "three", token(3));

  const previous = await client.send(
    new GetSecretValueCommand({ SecretId: "feeds/acme", VersionStage: "AWSPREVIOUS" }),
  );

  expect(previous.SecretString).toBe("two");
  expect(await stagesOf("feeds/acme")).toEqual({ [token(2)]: ["AWSPREVIOUS"], [token(3)]: ["AWSCURRENT"] });
});

test("a pending value leaves the current one alone until the label moves", async () => {
  await create("feeds/acme");
  await put("feeds/acme", "two", token(2), ["AWSPENDING"]);
  const before = await client.send(new GetSecretValueCommand({ SecretId: "feeds/acme" }));

  await client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: "feeds/acme",
      VersionStage: "AWSCURRENT",
      MoveToVersionId: token(2),
      RemoveFromVersionId: token(1),
    }),
  );

  expect(before.SecretString).toBe("one");
  expect(await stagesOf("feeds/acme")).toEqual({
    [token(1)]: ["AWSPREVIOUS"],
    [token(2)]: ["AWSPENDING", "AWSCURRENT"],
  });
});

test("going back to the previous version swaps the two labels", async () => {
  await create("feeds/acme");
  await put("feeds/acme", "two", token(2));

  await client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: "feeds/acme",
      VersionStage: "AWSCURRENT",
      MoveToVersionId: token(1),
      RemoveFromVersionId: token(2),
    }),
  );

  expect(await stagesOf("feeds/acme")).toEqual({ [token(1)]: ["AWSCURRENT"], [token(2)]: ["AWSPREVIOUS"] });
});

test("a label can be taken off a version", async () => {
  await create("feeds/acme");
  await put("feeds/acme", "two", token(2), ["AWSPENDING"]);

  await client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: "feeds/acme",
      VersionStage: "AWSPENDING",
      RemoveFromVersionId: token(2),
    }),
  );

  expect(await stagesOf("feeds/acme")).toEqual({ [token(1)]: ["AWSCURRENT"] });
});

test.each([
  ["without naming where it is", { MoveToVersionId: token(2) }, "InvalidParameterException"],
  ["off the secret", { RemoveFromVersionId: token(1) }, "InvalidParameterException"],
  [
    "to no version of it",
    { MoveToVersionId: token(9), RemoveFromVersionId: token(1) },
    "ResourceNotFoundException",
  ],
])("AWSCURRENT cannot be moved %s", async (_, move, name) => {
  await create("feeds/acme");
  await put("feeds/acme", "two", token(2), ["AWSPENDING"]);

  await expect(
    client.send(
      new UpdateSecretVersionStageCommand({ SecretId: "feeds/acme", VersionStage: "AWSCURRENT", ...move }),
    ),
  ).rejects.toMatchObject({ name });
});

test("versions without a label are listed on request only, page by page", async () => {
  await create("feeds/acme");
  await put("feeds/acme", "two", token(2));
  await put("feeds/acme", "three", token(3));
  const all = { SecretId: "feeds/acme", IncludeDeprecated: true, MaxResults: 2 };

  const staged = await client.send(new ListSecretVersionIdsCommand({ SecretId: "feeds/acme" }));
  const first = await client.send(new ListSecretVersionIdsCommand(all));
  const second = await client.send(new ListSecretVersionIdsCommand({ ...all, NextToken: first.NextToken }));

  expect(staged.Versions?.map(({ VersionId }) => VersionId)).toEqual([token(2), token(3)]);
  expect(first.Versions?.map(({ VersionId }) => VersionId)).toEqual([token(1), token(2)]);
  expect(second.Versions?.map(({ VersionId }) => VersionId)).toEqual([token(3)]);
  expect(second.NextToken).toBeUndefined();
});

test("an update with a value makes a version, one without does not", async () => {
  await create("feeds/acme");

  const described = await client.send(
    new UpdateSecretCommand({ SecretId: "feeds/acme", Description: "keys", KmsKeyId: "alias/feeds" }),
  );
  const valued = await client.send(
    new UpdateSecretCommand({ SecretId: "feeds/acme", SecretString: "two", ClientRequestToken: token(2) }),
  );

  expect(described.VersionId).toBeUndefined();
  expect(valued.VersionId).toBe(token(2));
  expect(await client.send(new DescribeSecretCommand({ SecretId: "feeds/acme" }))).toMatchObject({
    Description: "keys",
    KmsKeyId: "alias/feeds",
    VersionIdsToStages: { [token(1)]: ["AWSPREVIOUS"], [token(2)]: ["AWSCURRENT"] },
  });
});

test("repeating a request changes nothing", async () => {
  const created = await create("feeds/acme");
  await put("feeds/acme", "two", token(2));

  const createdAgain = await create("feeds/acme");
  const putAgain = await put("feeds/acme", "two", token(2));

  expect(createdAgain).toMatchObject({ ARN: created.ARN, VersionId: token(1) });
  expect(putAgain.VersionId).toBe(token(2));
  expect(await stagesOf("feeds/acme")).toEqual({ [token(1)]: ["AWSPREVIOUS"], [token(2)]: ["AWSCURRENT"] });
});

test("a token cannot stand for a second value", async () => {
  await create("feeds/acme");

  const conflict = { name: "ResourceExistsException" };

  await expect(put("feeds/acme", "other", token(1))).rejects.toMatchObject(conflict);
  await expect(create("feeds/acme", "other", token(1))).rejects.toMatchObject(conflict);
  await expect(
    client.send(
      new UpdateSecretCommand({
        SecretId: "feeds/acme",
        SecretString: "other",
        ClientRequestToken: token(1),
      }),
    ),
  ).rejects.toMatchObject(conflict);
  expect((await client.send(new GetSecretValueCommand({ SecretId: "feeds/acme" }))).SecretString).toBe("one");
});

test("a name cannot be taken twice", async () => {
  await create("feeds/acme");

  await expect(create("feeds/acme", "one", token(2))).rejects.toMatchObject({
    name: "ResourceExistsException",
  });
});
