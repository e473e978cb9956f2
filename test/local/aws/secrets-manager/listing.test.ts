import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  type ListSecretsCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-secrets-manager";
import { beforeEach, expect, test } from "vitest";
import { client, clock, DAY_MS, put, START_MS, token } from "./support.ts";

const names = async (input: ListSecretsCommandInput) =>
  (await client.send(new ListSecretsCommand(input))).SecretList?.map(({ Name }) => Name);

beforeEach(async () => {
  const secrets = [
    { Name: "feeds/acme", Description: "Live keys", Tags: [{ Key: "tenant", Value: "acme" }] },
    { Name: "feeds/globex", Description: "Test keys", Tags: [{ Key: "tenant", Value: "globex" }] },
    { Name: "other", Description: "live as well", Tags: [{ Key: "Owner", Value: "acme" }] },
  ];
  for (const secret of secrets) await client.send(new CreateSecretCommand(secret));
});

test.each<[string, ListSecretsCommandInput, string[]]>([
  ["a name's beginning", { Filters: [{ Key: "name", Values: ["feeds/"] }] }, ["feeds/acme", "feeds/globex"]],
  ["any of several", { Filters: [{ Key: "name", Values: ["feeds/a", "o"] }] }, ["feeds/acme", "other"]],
  ["all but some", { Filters: [{ Key: "name", Values: ["!feeds/"] }] }, ["other"]],
  [
    "a description, in any case",
    { Filters: [{ Key: "description", Values: ["LIVE"] }] },
    ["feeds/acme", "other"],
  ],
  ["a tag key, in its case", { Filters: [{ Key: "tag-key", Values: ["owner"] }] }, []],
  ["a tag value", { Filters: [{ Key: "tag-value", Values: ["acme"] }] }, ["feeds/acme", "other"]],
  ["words anywhere", { Filters: [{ Key: "all", Values: ["KEYS globex"] }] }, ["feeds/globex"]],
  [
    "every filter",
    {
      Filters: [
        { Key: "name", Values: ["feeds/"] },
        { Key: "tag-value", Values: ["acme"] },
      ],
    },
    ["feeds/acme"],
  ],
  ["newest first", { SortOrder: "desc" }, ["other", "feeds/globex", "feeds/acme"]],
])("secrets are found by %s", async (_, input, expected) => {
  expect(await names(input)).toEqual(expected);
});

test("a page ends where the next begins", async () => {
  const first = await client.send(new ListSecretsCommand({ MaxResults: 2 }));
  const second = await client.send(new ListSecretsCommand({ MaxResults: 2, NextToken: first.NextToken }));

  expect(first.SecretList?.map(({ Name }) => Name)).toEqual(["feeds/acme", "feeds/globex"]);
  expect(second.SecretList?.map(({ Name }) => Name)).toEqual(["other"]);
  expect(second.NextToken).toBeUndefined();
  await expect(client.send(new ListSecretsCommand({ NextToken: "elsewhere" }))).rejects.toMatchObject({
    name: "InvalidNextTokenException",
  });
});

test("deleted secrets are listed on request only", async () => {
  await client.send(new DeleteSecretCommand({ SecretId: "other" }));

  expect(await names({})).toEqual(["feeds/acme", "feeds/globex"]);
  expect(await names({ IncludePlannedDeletion: true })).toEqual(["feeds/acme", "feeds/globex", "other"]);
});

test("tags are added, replaced and taken away", async () => {
  await client.send(
    new TagResourceCommand({
      SecretId: "other",
      Tags: [
        { Key: "Owner", Value: "globex" },
        { Key: "stage", Value: "prod" },
      ],
    }),
  );
  await client.send(new UntagResourceCommand({ SecretId: "other", TagKeys: ["stage", "absent"] }));

  const { Tags } = await client.send(new DescribeSecretCommand({ SecretId: "other" }));

  expect(Tags).toEqual([{ Key: "Owner", Value: "globex" }]);
});

test("times are those of the change and the day of the last access", async () => {
  clock.nowMs = START_MS + DAY_MS;
  await put("other", "two", token(2));
  await client.send(new GetSecretValueCommand({ SecretId: "other" }));

  const described = await client.send(new DescribeSecretCommand({ SecretId: "other" }));

  expect(described).toMatchObject({
    CreatedDate: new Date(START_MS),
    LastChangedDate: new Date(START_MS + DAY_MS),
    LastAccessedDate: new Date("2026-01-02T00:00:00Z"),
  });
});
