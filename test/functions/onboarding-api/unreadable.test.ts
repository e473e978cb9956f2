import { type AttributeValue, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createDeps } from "../../../functions/onboarding-upkeep/create-deps.ts";
import { tend } from "../../../functions/onboarding-upkeep/tend.ts";
import { SECRET_PREFIX } from "../../../local/connector.ts";
import { parseOnboardingUpkeepEnv } from "../../../shared/core/validators.ts";
import type { FeedId } from "../../../shared/ports-onboarding.ts";
import { systemClock } from "../../../shared/runtime/clock.ts";
import { problemOf, startOnboardingWorld } from "./onboarding-world.ts";
import { spoil as spoilItem } from "./spoil.ts";

const DAY_MS = 86_400_000;

const world = await startOnboardingWorld();
afterAll(() => world.close());

let params: FeedId;
let made = 0;
beforeEach(async () => {
  world.setNow(undefined);
  params = await world.newFeed();
});

/** Of the test's own feed, or its tenant. */
const spoil = (field: string, value: AttributeValue, sk?: string) =>
  spoilItem(world, params, field, value, sk);
const spoilt = () => spoil("historicalAfterDays", { N: "60" });

/** Of an upkeep that runs so many milliseconds from now. */
function upkeepDeps(afterMs = 0) {
  const { tableName, bucketName } = world.state;
  const env = { TABLE_NAME: tableName, BUCKET_NAME: bucketName, SECRET_PREFIX };
  return createDeps(parseOnboardingUpkeepEnv(env), {
    clients: world.clients,
    changes: { announce: async () => {} },
    clock: { ...systemClock, nowMs: () => systemClock.nowMs() + afterMs },
    log: world.log,
  });
}

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
    await spoil("isDeleting", { BOOL: true });
    expect(await put({})).toMatchObject({ detail: "The feed is being deleted." });
  });

  it("is paused by new settings where its status is none, without what else is wrong with it", async () => {
    await storeKeys();
    await spoil("status", { S: "nonsense" });
    await spoil("credentials", { S: "nonsense" });
    await spoil("mappingVersion", { S: "nonsense" });

    const { body } = await world.client.putFeed({ params, body: { mapping: { nullTraits: "delete" } } });

    expect(body).toMatchObject({ status: "paused", mapping: { nullTraits: "delete" } });
    expect(body).not.toHaveProperty("credentials");
    expect((await world.client.resumeFeed({ params })).body.status).toBe("pending");
    expect(world.announced).toContainEqual(params);
  });

  it("is told to who would send a link for it, and to nobody who asks what is parked of it", async () => {
    await spoilt();

    const link = world.client.createConnectLink({ params, body: { feedIds: ["default"] } });

    expect(await problemOf(link)).toMatchObject({ code: "unreadable" });
  });

  it("keeps its keys, and gives those free that it has not any more, where former ones cannot be read", async () => {
    const former = await storeKeys();
    await storeKeys();
    await spoil("credentials.previous.storedAt", { N: "1" });

    const { body } = await world.client.putFeed({ params, body: {} });
    const other = await world.newFeed();

    expect(body).toMatchObject({ status: "active", credentials: { fingerprint: expect.any(String) } });
    expect(body.credentials).not.toHaveProperty("previous");
    expect(await problemOf(world.client.putCredentials({ params: other, body: former }))).toBeUndefined();
  });

  it("keeps its former mapping where that can be read, and counts on from those that are kept", async () => {
    await world.client.putFeed({ params, body: { mapping: { nullTraits: "delete" } } });
    await spoilt();
    await world.client.putFeed({ params, body: {} });
    await spoil("mappingVersion", { S: "nonsense" });
    await world.client.putFeed({ params, body: { mapping: { nullTraits: "delete" } } });

    const { mappings } = (await world.client.listMappings({ params, query: { limit: 10 } })).body;

    expect(mappings.map(({ version }) => version)).toEqual([3, 2, 1]);
  });

  it("is not alive again for being deleted by a word that is none", async () => {
    await spoil("isDeleting", { S: "true" });

    expect(await problemOf(world.client.putFeed({ params, body: {} }))).toMatchObject({ code: "conflict" });
    expect(await problemOf(world.client.deleteFeed({ params }))).toBeUndefined();
  });

  it("is mended and deleted where it holds a number that is none of JavaScript's", async () => {
    await spoil("createdAt", { N: "9007199254740993.5" });
    expect(await problemOf(world.client.putFeed({ params, body: {} }))).toBeUndefined();
    await spoil("createdAt", { N: "9007199254740993.5" });

    expect(await problemOf(world.client.deleteFeed({ params }))).toBeUndefined();
  });

  it("is removed by upkeep where its removal was begun", async () => {
    await spoilt();
    await spoil("isDeleting", { BOOL: true });

    await tend(() => 300_000, upkeepDeps());

    expect(await world.deps.registry.feedIds(params.tenantId)).toEqual([]);
  });

  it.each<[string, AttributeValue]>([
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

    await tend(() => 300_000, upkeepDeps(8 * DAY_MS));

    expect(await problemOf(world.client.getTenant({ params }))).toMatchObject({ status: 404 });
    expect(await world.deps.registry.feedIds(params.tenantId)).toEqual([]);
  });
});

describe("a stored tenant that cannot be read", () => {
  beforeEach(() => spoil("blockedEvents", { S: "nonsense" }, "profile"));

  it("is told to who asks for it, and in the list of tenants", async () => {
    expect(await problemOf(world.client.getTenant({ params }))).toMatchObject({
      code: "unreadable",
      detail: expect.stringMatching(
        `^What is stored of the tenant ${params.tenantId} cannot be read: blockedEvents .*\\. Set it anew\\.$`,
      ),
    });
    const { body } = await world.client.listTenants({ query: { limit: 100 } });
    expect(body.unreadable).toEqual([
      { tenantId: params.tenantId, problem: expect.stringContaining("blockedEvents") },
    ]);
    await world.client.putTenant({ params, body: {} });
  });

  it("is mended by new settings, and paused where its status is none", async () => {
    await spoil("status", { S: "nonsense" }, "profile");

    const { status, body } = await world.client.putTenant({ params, body: { blockedEvents: ["page"] } });

    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "paused", blockedEvents: ["page"] });
    expect((await world.client.getTenant({ params })).body).toEqual(body);
    const { entries } = (await world.client.listAudit({ params })).body;
    expect(entries[0]).toMatchObject({ action: "tenant_updated", details: { fields: "blockedEvents" } });
  });

  it("stays deleting when it is mended, and can be restored then", async () => {
    await world.client.putTenant({ params, body: {} });
    await world.client.deleteTenant({ params });
    await spoil(
      "deletion",
      { M: { deleteAfter: { S: "2099-01-01T00:00:00.000Z" }, statusBefore: { S: "odd" } } },
      "profile",
    );

    const { body } = await world.client.putTenant({ params, body: {} });
    const restored = await world.client.restoreTenant({ params });

    expect(body).toMatchObject({ status: "deleting", deleteAfter: "2099-01-01T00:00:00.000Z" });
    expect(restored.body.status).toBe("paused");
  });

  it("is left to people where it cannot be told whether it is deleting", async () => {
    await spoil("deletion", { S: "odd" }, "profile");

    expect(await problemOf(world.client.putTenant({ params, body: {} }))).toMatchObject({
      status: 409,
      code: "unreadable",
      detail: expect.stringMatching(/deletion .*\. Mend its item in the table\.$/),
    });
    expect(await problemOf(world.client.getTenant({ params }))).toMatchObject({ code: "unreadable" });
  });

  it.each([
    ["revision", { N: "5" }],
    ["createdAt", { N: "9007199254740993.5" }],
  ])("is mended, and removed in time, whatever its %s is", async (field, value) => {
    await spoil(field, value, "profile");
    expect(await problemOf(world.client.putTenant({ params, body: {} }))).toBeUndefined();
    await world.client.deleteTenant({ params });
    await spoil(field, value, "profile");

    await tend(() => 300_000, upkeepDeps(8 * DAY_MS));

    expect(await problemOf(world.client.getTenant({ params }))).toMatchObject({ status: 404 });
  });

  it("does not let its feeds be changed, and neither creates nor loses any", async () => {
    const put = (feedId: string) =>
      problemOf(world.client.putFeed({ params: { ...params, feedId }, body: {} }));

    expect(await put("default")).toMatchObject({ code: "unreadable" });
    expect(await put("new")).toMatchObject({ code: "unreadable" });
    await world.client.putTenant({ params, body: {} });
    expect((await world.client.getFeed({ params })).body.mappingVersion).toBe(1);
  });

  it("is removed in time", async () => {
    await world.client.putTenant({ params, body: {} });
    await world.client.deleteTenant({ params });
    await spoil("blockedEvents", { S: "nonsense" }, "profile");

    await tend(() => 300_000, upkeepDeps(DAY_MS));
    expect(await problemOf(world.client.getTenant({ params }))).toMatchObject({ code: "unreadable" });
    await tend(() => 300_000, upkeepDeps(8 * DAY_MS));

    expect(await problemOf(world.client.getTenant({ params }))).toMatchObject({ status: 404 });
  });
});

describe("a stored connect link that cannot be read", () => {
  async function spoiltLink() {
    const { linkId, url } = (await world.client.createConnectLink({ params, body: { feedIds: ["default"] } }))
      .body;
    const link = await world.deps.links.find(params.tenantId, linkId);
    await world.clients.dynamodb.send(
      new UpdateItemCommand({
        TableName: world.state.tableName,
        Key: { pk: { S: `link#${link?.tokenHash}` }, sk: { S: "link" } },
        UpdateExpression: "SET attempts = :value",
        ExpressionAttributeValues: { ":value": { S: "many" } },
      }),
    );
    return { linkId, url, hash: link?.tokenHash };
  }

  it("keeps neither other links from being listed nor a feed from being deleted", async () => {
    const { linkId, url, hash } = await spoiltLink();
    const other = (await world.client.createConnectLink({ params, body: { feedIds: ["default"] } })).body;

    const { links } = (await world.client.listConnectLinks({ params })).body;
    await world.client.deleteFeed({ params });

    expect(links.map((link) => link.linkId)).toEqual([other.linkId]);
    expect((await fetch(url)).status).toBe(503);
    const listed = (await world.client.listConnectLinks({ params })).body;
    expect(listed.unreadable).toEqual([linkId]);
    await world.client.revokeConnectLink({ params: { ...params, linkId } });
    const { Item } = await world.clients.dynamodb.send(
      new GetItemCommand({
        TableName: world.state.tableName,
        Key: { pk: { S: `link#${hash}` }, sk: { S: "link" } },
      }),
    );
    expect(Item?.["revokedAt"]).toBeDefined();
  });

  it("does not keep its tenant from being removed", async () => {
    await spoiltLink();
    await world.client.deleteTenant({ params });

    await tend(() => 300_000, upkeepDeps(8 * DAY_MS));

    expect(await problemOf(world.client.getTenant({ params }))).toMatchObject({ status: 404 });
    expect(await world.deps.links.list(params.tenantId, { limit: 10 })).toMatchObject({ unreadable: [] });
  });
});
