import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createDeps } from "../../../functions/onboarding-upkeep/create-deps.ts";
import { isDue, purge } from "../../../functions/onboarding-upkeep/purge.ts";
import { SECRET_PREFIX } from "../../../local/connector.ts";
import { parseOnboardingUpkeepEnv } from "../../../shared/core/validators.ts";
import type { FeedId } from "../../../shared/ports-onboarding.ts";
import { systemClock } from "../../../shared/runtime/clock.ts";
import { problemOf, startOnboardingWorld } from "./onboarding-world.ts";

const DAY_MS = 86_400_000;

const world = await startOnboardingWorld();
afterAll(() => world.close());

let params: FeedId;
let made = 0;
beforeEach(async () => {
  world.setNow(undefined);
  params = await world.newFeed();
});

/** Writes into a feed's or tenant's item what the API would refuse. */
async function spoil(field: string, value: object, sk = `feed#${params.feedId}`) {
  await world.clients.dynamodb.send(
    new UpdateItemCommand({
      TableName: world.state.tableName,
      Key: { pk: { S: `tenant#${params.tenantId}` }, sk: { S: sk } },
      UpdateExpression: "SET #field = :value",
      ExpressionAttributeNames: { "#field": field },
      ExpressionAttributeValues: { ":value": value as { S: string } },
    }),
  );
}
const spoilt = () => spoil("historicalAfterDays", { N: "60" });

async function storeKeys() {
  const apiKey = `us1-${String(++made).padStart(32, "0")}`;
  const keys = { apiKey, apiSecret: `${"s".repeat(56)}${String(made).padStart(8, "0")}` };
  world.standIn.putFeed({ ...keys, kind: "partner" });
  await world.client.putCredentials({ params, body: keys });
  return keys;
}

describe("a stored feed that cannot be read", () => {
  it("is told to who asks for it, with what is wrong, and logged for who can mend it", async () => {
    await spoilt();

    const problems = await Promise.all([
      problemOf(world.client.getFeed({ params })),
      problemOf(world.client.pauseFeed({ params })),
      problemOf(world.client.listMappings({ params })),
      problemOf(world.client.previewFeed({ params, body: { events: [{}] } })),
    ]);

    for (const problem of problems)
      expect(problem).toMatchObject({
        status: 409,
        code: "unreadable",
        detail: expect.stringMatching(
          /^What is stored of the feed default cannot be read: historicalAfterDays .*\. Set it anew, or delete it\.$/,
        ),
      });
    expect(world.log.lines).toContainEqual({
      level: "error",
      message: "What is stored cannot be read",
      fields: expect.objectContaining(params),
    });
  });

  it("is nobody else's trouble", async () => {
    await spoilt();
    const other = { ...params, feedId: "other" };

    await world.client.putFeed({ params: other, body: {} });
    await world.client.createConnectLink({ params, body: { feedIds: ["other"] } });
    const { body } = await world.client.listFeeds({ params });

    expect(body.feeds.map(({ feedId }) => feedId)).toEqual(["other"]);
    expect(body.unreadable).toEqual([
      { feedId: "default", problem: expect.stringContaining("historicalAfterDays") },
    ]);
  });

  it("is mended by new settings, and keeps its keys, status and former mapping's number", async () => {
    await storeKeys();
    const before = await world.client.getFeed({ params });
    await spoilt();
    await spoil("mapping", { M: { preset: { S: "nonsense" } } });

    const { status, body } = await world.client.putFeed({
      params,
      body: { historicalAfterDays: 7, mapping: { nullTraits: "delete" } },
      ifMatch: before.etag,
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: "active",
      historicalAfterDays: 7,
      mapping: { nullTraits: "delete" },
      mappingVersion: 2,
      createdAt: before.body.createdAt,
      credentials: before.body.credentials,
    });
    expect((await world.client.getFeed({ params })).body).toEqual(body);
    const { entries } = (await world.client.listAudit({ params })).body;
    expect(entries[0]).toMatchObject({
      action: "feed_updated",
      details: { fields: "mapping historicalAfterDays" },
    });
  });

  it("is not mended where its entity tag is another one, it was moved in production, or it is going", async () => {
    await spoilt();
    const put = (body: { kind?: "custom" }, ifMatch?: string) =>
      problemOf(world.client.putFeed({ params, body, ...(ifMatch !== undefined && { ifMatch }) }));

    expect(await put({}, '"another"')).toMatchObject({ status: 412 });
    await spoil("environment", { S: "production" });
    expect(await put({ kind: "custom" })).toMatchObject({ status: 409, code: "conflict" });
    await spoil("isDeleting", { BOOL: true } as object);
    expect(await put({})).toMatchObject({ detail: "The feed is being deleted." });
  });

  it("stays so where what is wrong is none of its settings", async () => {
    await spoil("credentials", { S: "nonsense" });

    expect(await problemOf(world.client.putFeed({ params, body: {} }))).toMatchObject({
      code: "unreadable",
      detail: expect.stringContaining("credentials"),
    });
  });

  it.each([
    ["credentials", { S: "nonsense" }],
    ["rotation", { NULL: true }],
    ["status", { S: "nonsense" }],
    ["mappingVersion", { S: "nonsense" }],
    ["historicalAfterDays", { N: "60" }],
  ])("is deleted whatever is wrong with it: %s", async (field, value) => {
    await storeKeys();
    await spoil(field, value);

    expect(await problemOf(world.client.deleteFeed({ params }))).toBeUndefined();

    expect(await problemOf(world.client.getFeed({ params }))).toMatchObject({ status: 404 });
    const secret = new DescribeSecretCommand({
      SecretId: `${SECRET_PREFIX}/${params.tenantId}/${params.feedId}`,
    });
    expect((await world.clients.secretsManager.send(secret)).DeletedDate).toBeDefined();
  });

  it("gives its key free when it is deleted", async () => {
    const keys = await storeKeys();
    await spoilt();
    await world.client.deleteFeed({ params });

    const other = await world.newFeed();

    expect(await problemOf(world.client.putCredentials({ params: other, body: keys }))).toBeUndefined();
  });

  it("does not keep its tenant from being removed", async () => {
    await spoil("status", { S: "nonsense" });
    await world.client.deleteTenant({ params });
    const tenant = await world.deps.registry.tenant(params.tenantId);
    if (!tenant) throw new Error("no tenant");
    const { tableName, bucketName } = world.state;
    const env = { TABLE_NAME: tableName, BUCKET_NAME: bucketName, SECRET_PREFIX };
    const deps = createDeps(parseOnboardingUpkeepEnv(env), {
      clients: world.clients,
      changes: { announce: async () => {} },
      clock: { ...systemClock, nowMs: () => systemClock.nowMs() + 8 * DAY_MS },
      log: world.log,
    });

    expect(isDue(tenant, deps.clock.nowMs())).toBe(true);
    expect(await purge(tenant, () => true, deps)).toBe(true);

    expect(await problemOf(world.client.getTenant({ params }))).toMatchObject({ status: 404 });
    expect(await world.deps.registry.feedIds(params.tenantId)).toEqual([]);
  });
});

it("a stored tenant that cannot be read is told to who asks for it, with what is wrong", async () => {
  await spoil("blockedEvents", { S: "nonsense" }, "profile");

  for (const call of [world.client.getTenant({ params }), world.client.putTenant({ params, body: {} })])
    expect(await problemOf(call)).toMatchObject({
      code: "unreadable",
      detail: expect.stringContaining(`the tenant ${params.tenantId} cannot be read: blockedEvents`),
    });
});
