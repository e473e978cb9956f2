import {
  type AttributeValue,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { DynamoTenantStore } from "../../shared/aws/tenant-store.ts";
import { NOW_MS } from "../support/builders.ts";
import { capturedLog } from "../support/captured-log.ts";
import { awsError, dynamodbClient } from "../support/clients.ts";

interface StoredItems {
  readonly profile?: object;
  readonly feeds?: readonly object[];
}

/** A store over a table that holds what is given, and a clock that tests move. */
function store({ profile = { tenantId: "acme" }, feeds = [{ feedId: "default" }] }: StoredItems = {}) {
  const client = dynamodbClient();
  const table = mockClient(client);
  const items = (values: readonly object[]): Record<string, AttributeValue>[] =>
    values.map((value) => marshall({ pk: "tenant#acme", sk: "feed#unnamed", ...value }));
  const once: ("nobody" | Error)[] = [];
  table.on(GetItemCommand).callsFake(async () => {
    const answer = once.shift();
    if (answer instanceof Error) throw answer;
    return answer === "nobody" ? {} : { Item: items([profile])[0] };
  });
  table.on(QueryCommand).callsFake(async () => ({ Items: items(feeds) }));
  table.on(UpdateItemCommand).resolves({});
  const log = capturedLog();
  const clock = { at: NOW_MS, nowMs: () => clock.at };
  const random = { next: 0.5 };
  const tenants = new DynamoTenantStore({
    client,
    tableName: "tenants",
    clock,
    random: () => random.next,
    log,
  });
  const reads = () => table.commandCalls(GetItemCommand).length;
  return { tenants, table, once, log, clock, random, reads };
}

describe("finding a tenant", () => {
  it("gives its profile and feeds with every default filled in", async () => {
    const { tenants, table } = store({
      profile: { tenantId: "acme", blockedEvents: ["Secret Plan"], onboardedBy: "someone" },
      feeds: [{ feedId: "default" }, { feedId: "ios", platforms: ["iOS"], status: "active" }],
    });

    const found = await tenants.find("acme");

    expect(found?.tenant).toEqual({ tenantId: "acme", status: "active", blockedEvents: ["Secret Plan"] });
    expect([...(found?.feeds.keys() ?? [])]).toEqual(["default", "ios"]);
    expect(found?.feeds.get("default")).toMatchObject({
      kind: "partner",
      environment: "development",
      historicalAfterDays: 30,
      status: "pending",
    });
    expect(found?.feeds.get("ios")).toMatchObject({ platforms: ["iOS"], status: "active" });
    expect(table.commandCalls(GetItemCommand)[0]?.args[0].input).toEqual({
      TableName: "tenants",
      Key: { pk: { S: "tenant#acme" }, sk: { S: "profile" } },
    });
    expect(table.commandCalls(QueryCommand)[0]?.args[0].input).toMatchObject({
      ExpressionAttributeValues: { ":pk": { S: "tenant#acme" }, ":feed": { S: "feed#" } },
    });
  });

  it("finds the feeds of every page that the table answers with", async () => {
    const { tenants, table } = store();
    const key = marshall({ pk: "tenant#acme", sk: "feed#a" });
    table
      .on(QueryCommand)
      .callsFake(async ({ ExclusiveStartKey }) =>
        ExclusiveStartKey
          ? { Items: [marshall({ sk: "feed#b", feedId: "b" })] }
          : { Items: [marshall({ sk: "feed#a", feedId: "a" })], LastEvaluatedKey: key },
      );

    const found = await tenants.find("acme");

    expect([...(found?.feeds.keys() ?? [])]).toEqual(["a", "b"]);
    expect(table.commandCalls(QueryCommand)[1]?.args[0].input.ExclusiveStartKey).toEqual(key);
  });

  it("finds nobody where there is no profile, even with feeds", async () => {
    const { tenants, once } = store();
    once.push("nobody");

    expect(await tenants.find("acme")).toBeUndefined();
  });

  it("reads once while the tenant is fresh", async () => {
    const { tenants, clock, reads } = store();

    await tenants.find("acme");
    clock.at += 29_999;
    await tenants.find("acme");
    expect(reads()).toBe(1);

    clock.at += 2;
    await tenants.find("acme");
    expect(reads()).toBe(2);
  });

  it.each([
    { random: 0, freshMs: 22_500 },
    { random: 0.999_999_999, freshMs: 37_500 },
  ])("spreads the moments at which caches expire (random $random)", async ({ random: next, freshMs }) => {
    const { tenants, clock, random, reads } = store();
    random.next = next;

    await tenants.find("acme");
    clock.at += freshMs - 1;
    await tenants.find("acme");
    expect(reads()).toBe(1);

    clock.at += 1;
    await tenants.find("acme");
    expect(reads()).toBe(2);
  });

  it("looks for an unknown tenant again sooner", async () => {
    const { tenants, once, clock, reads } = store();
    once.push("nobody");

    await tenants.find("acme");
    clock.at += 4_999;
    await tenants.find("acme");
    expect(reads()).toBe(1);

    clock.at += 2;
    expect(await tenants.find("acme")).toBeDefined();
  });

  it("reads once for all that ask at the same time", async () => {
    const { tenants, reads } = store();

    const found = await Promise.all([tenants.find("acme"), tenants.find("acme"), tenants.find("acme")]);

    expect(reads()).toBe(1);
    expect(new Set(found).size).toBe(1);
  });

  it("does not keep a failure", async () => {
    const { tenants, once } = store();
    once.push(awsError("ProvisionedThroughputExceededException"));

    await expect(tenants.find("acme")).rejects.toThrow();

    expect(await tenants.find("acme")).toBeDefined();
  });

  it("keeps an invalid feed apart, and says what is wrong with it but not what it holds", async () => {
    const { tenants, log } = store({
      feeds: [
        { sk: "feed#broken", feedId: "broken", platforms: ["iOS"], pod: "CANARY" },
        { feedId: "default" },
      ],
    });

    const found = await tenants.find("acme");

    expect([...(found?.feeds.keys() ?? [])]).toEqual(["default"]);
    expect(found?.unreadable).toEqual([{ feedId: "broken", platforms: ["iOS"], mayTakeOthers: false }]);
    expect(log.lines).toMatchObject([
      {
        level: "error",
        fields: { tenantId: "acme", feedId: "broken", problem: expect.stringContaining("pod") },
      },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain("CANARY");
  });

  it.each([
    { given: undefined, platforms: [], mayTakeOthers: false },
    { given: ["ios", "web"], platforms: ["iOS", "web"], mayTakeOthers: false },
    { given: ["web", "CANARY"], platforms: ["web"], mayTakeOthers: true },
    { given: [7], platforms: [], mayTakeOthers: true },
    { given: "iOS", platforms: [], mayTakeOthers: true },
    { given: null, platforms: [], mayTakeOthers: true },
  ])(
    "tells which platforms an invalid feed takes as far as it says so: $given",
    async ({ given, ...told }) => {
      const broken = { sk: "feed#broken", kind: "CANARY", ...(given !== undefined && { platforms: given }) };
      const { tenants } = store({ feeds: [broken] });

      expect((await tenants.find("acme"))?.unreadable).toEqual([{ feedId: "broken", ...told }]);
    },
  );

  it("keeps a feed apart that it fails on in a way nobody thought of", async () => {
    const { tenants, table, log } = store();
    table.on(QueryCommand).resolves({
      Items: [
        // A number that is neither safe nor an integer: the SDK throws.
        {
          sk: { S: "feed#broken" },
          feedId: { S: "broken" },
          historicalAfterDays: { N: "12345678901234567890.5" },
        },
        marshall({ sk: "feed#default", feedId: "default" }),
      ],
    });

    const found = await tenants.find("acme");

    expect([...(found?.feeds.keys() ?? [])]).toEqual(["default"]);
    expect(found?.unreadable).toMatchObject([{ feedId: "broken" }]);
    expect(log.lines).toMatchObject([{ fields: { tenantId: "acme", feedId: "broken", problem: "Error" } }]);
    expect(JSON.stringify(log.lines)).not.toContain("12345678901234567890.5");
  });

  it("takes a tenant with an invalid profile for unknown, and says what is wrong with it", async () => {
    const { tenants, log } = store({ profile: { tenantId: "acme", status: "CANARY" } });

    const found = await tenants.find("acme");

    expect(found).toBeUndefined();
    expect(JSON.stringify(log.lines)).toContain("status");
    expect(JSON.stringify(log.lines)).not.toContain("CANARY");
  });
});

describe("noting what became of credentials", () => {
  it("marks a feed as refused with the version, unless it is gone or paused", async () => {
    const { tenants, table } = store();

    await tenants.credentialsRefused("acme", "ios", "v7");

    const input = table.commandCalls(UpdateItemCommand)[0]?.args[0].input;
    expect(input).toMatchObject({
      TableName: "tenants",
      Key: { pk: { S: "tenant#acme" }, sk: { S: "feed#ios" } },
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":refused": { S: "credentials_refused" }, ":version": { S: "v7" } },
    });
    expect(input?.ConditionExpression).toContain("attribute_exists(pk)");
    expect(input?.ConditionExpression).toContain("#status <> :paused");
  });

  it("marks a feed as active only where it was pending or refused", async () => {
    const { tenants, table } = store();

    await tenants.credentialsAccepted("acme", "ios");

    expect(table.commandCalls(UpdateItemCommand)[0]?.args[0].input).toMatchObject({
      UpdateExpression: "SET #status = :active REMOVE refusedSecretVersion",
      ConditionExpression: "#status IN (:pending, :refused)",
      ExpressionAttributeValues: {
        ":active": { S: "active" },
        ":pending": { S: "pending" },
        ":refused": { S: "credentials_refused" },
      },
    });
  });

  it("lets the word of whoever changed the feed first stand", async () => {
    const { tenants, table } = store();
    table.on(UpdateItemCommand).rejects(awsError("ConditionalCheckFailedException"));

    await expect(tenants.credentialsRefused("acme", "ios", "v7")).resolves.toBeUndefined();
    await expect(tenants.credentialsAccepted("acme", "ios")).resolves.toBeUndefined();
  });

  it("throws when the table cannot be written", async () => {
    const { tenants, table } = store();
    table.on(UpdateItemCommand).rejects(awsError("InternalServerError"));

    await expect(tenants.credentialsAccepted("acme", "ios")).rejects.toThrow();
  });

  it("forgets the tenant, so that its new status is seen at once", async () => {
    const { tenants, reads } = store();
    await tenants.find("acme");

    await tenants.credentialsRefused("acme", "default", "v1");
    await tenants.find("acme");

    expect(reads()).toBe(2);
  });
});
