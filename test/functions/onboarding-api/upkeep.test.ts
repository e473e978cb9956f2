import { randomUUID } from "node:crypto";
import { DeleteItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeSecretCommand, GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { afterAll, beforeEach, expect, test } from "vitest";
import { createDeps } from "../../../functions/onboarding-upkeep/create-deps.ts";
import { createHandler, type UpkeepDone } from "../../../functions/onboarding-upkeep/create-handler.ts";
import { dropPrevious } from "../../../functions/onboarding-upkeep/drop-previous.ts";
import { purge } from "../../../functions/onboarding-upkeep/purge.ts";
import { rollBack } from "../../../functions/onboarding-upkeep/roll-back.ts";
import { tend } from "../../../functions/onboarding-upkeep/tend.ts";
import { SECRET_PREFIX } from "../../../local/connector.ts";
import { DynamoLedger } from "../../../shared/aws/ledger-store.ts";
import { S3ParkedEvents } from "../../../shared/aws/parked-events.ts";
import type { CredentialsRefused } from "../../../shared/core/credentials-refused.schema.ts";
import { CREDENTIALS_REFUSED } from "../../../shared/core/feed-changed.ts";
import { hourOf } from "../../../shared/core/hour.ts";
import type { ParkedFolder } from "../../../shared/core/parked-object.ts";
import { parseOnboardingUpkeepEnv } from "../../../shared/core/validators.ts";
import type { FeedId, SecretWriter } from "../../../shared/ports-onboarding.ts";
import { systemClock } from "../../../shared/runtime/clock.ts";
import { problemOf, startOnboardingWorld } from "./onboarding-world.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Date.parse("2026-11-20T03:30:00Z");

const world = await startOnboardingWorld();
afterAll(() => world.close());

let params: FeedId;
let upkeepNowMs = NOW_MS;
const done: UpkeepDone[] = [];

beforeEach(async () => {
  world.setNow(NOW_MS);
  upkeepNowMs = NOW_MS;
  params = await world.newFeed();
});

function upkeepDeps() {
  const { tableName, bucketName } = world.state;
  const env = { TABLE_NAME: tableName, BUCKET_NAME: bucketName, SECRET_PREFIX };
  return createDeps(parseOnboardingUpkeepEnv(env), {
    clients: world.clients,
    changes: {
      announce: async (changed) => {
        world.announced.push(changed);
      },
    },
    clock: { ...systemClock, nowMs: () => upkeepNowMs },
    log: world.log,
  });
}

/** Runs the upkeep function on an event; without one, as its schedule does. */
async function upkeep(event: object = {}, remainingMs = 300_000): Promise<UpkeepDone | undefined> {
  done.length = 0;
  await createHandler(upkeepDeps(), (each) => done.push(each))(event, {
    getRemainingTimeInMillis: () => remainingMs,
  } as Context);
  return done[0];
}

function keys(name: string) {
  const pair = { apiKey: `key-${params.tenantId}-${name}`, apiSecret: `secret-${params.tenantId}-${name}` };
  world.standIn.putFeed({ ...pair, kind: "partner" });
  return pair;
}
const store = (pair: { apiKey: string; apiSecret: string }) =>
  world.client.putCredentials({ params, body: pair });
const feed = async () => (await world.client.getFeed({ params })).body;
const record = async () => {
  const found = await world.deps.registry.feed(params.tenantId, params.feedId);
  if (!found) throw new Error("no feed");
  return found;
};
const SecretId = () => `${SECRET_PREFIX}/${params.tenantId}/${params.feedId}`;
const secret = async () => {
  const { SecretString = "" } = await world.clients.secretsManager.send(
    new GetSecretValueCommand({ SecretId: SecretId() }),
  );
  return JSON.parse(SecretString);
};
const stages = async () => {
  const { VersionIdsToStages = {} } = await world.clients.secretsManager.send(
    new DescribeSecretCommand({ SecretId: SecretId() }),
  );
  return Object.values(VersionIdsToStages).flat().sort();
};

/** What delivery writes, and the pipe then tells. */
async function refuse(version: string): Promise<object> {
  await world.refuseKeys(params, version);
  return {
    source: CREDENTIALS_REFUSED.source,
    "detail-type": CREDENTIALS_REFUSED.detailType,
    detail: { tenant: `tenant#${params.tenantId}`, feedId: "default", refusedSecretVersion: version },
  };
}

async function delivered(hour: string) {
  const ledger = new DynamoLedger({
    client: world.clients.dynamodb,
    tableName: world.state.tableName,
    clock: systemClock,
    log: world.log,
    writerId: "test",
  });
  await ledger.add([{ ...params, hour, first: 1, delivered: 1 }]);
}

test("brings former keys back when mParticle refuses those that replaced them", async () => {
  const [former, refused] = [keys("a"), keys("b")];
  await store(former);
  const before = await feed();
  await store(refused);
  const event = await refuse((await record()).credentials?.secretVersion ?? "");
  world.announced.length = 0;
  upkeepNowMs = NOW_MS + 1;

  expect(await upkeep(event)).toMatchObject({ kind: "refused", isRolledBack: true });

  expect(await secret()).toEqual(former);
  expect(await stages()).toEqual(["AWSCURRENT"]);
  expect(await feed()).toMatchObject({
    status: "active",
    credentials: { fingerprint: before.credentials?.fingerprint },
  });
  expect((await feed()).credentials?.previous).toBeUndefined();
  expect((await record()).refusedSecretVersion).toBeUndefined();
  expect(world.announced).toEqual([params]);
  const { body } = await world.client.listAudit({ params });
  expect(body.entries[0]).toMatchObject({ action: "credentials_rolled_back", by: "connector" });
  // The same word again changes nothing.
  expect(await upkeep(event)).toMatchObject({ isRolledBack: false });
});

test("does not bring back keys that are refused themselves, nor any where none were replaced", async () => {
  const [former, later] = [keys("a"), keys("b")];
  await store(former);
  const formerVersion = (await record()).credentials?.secretVersion ?? "";
  expect(await upkeep(await refuse(formerVersion))).toMatchObject({ isRolledBack: false });
  expect((await feed()).status).toBe("credentials_refused");

  await store(later);
  // Word of the former ones that comes late.
  const late = { source: CREDENTIALS_REFUSED.source, "detail-type": CREDENTIALS_REFUSED.detailType };
  const detail = {
    tenant: `tenant#${params.tenantId}`,
    feedId: "default",
    refusedSecretVersion: formerVersion,
  };
  expect(await upkeep({ ...late, detail })).toMatchObject({ isRolledBack: false });
  expect(await secret()).toEqual(later);
});

test("a rolled back feed that was paused meanwhile stays paused", async () => {
  await store(keys("a"));
  await store(keys("b"));
  const event = await refuse((await record()).credentials?.secretVersion ?? "");
  await world.client.pauseFeed({ params });

  await upkeep(event);

  expect((await feed()).status).toBe("paused");
  expect((await world.client.resumeFeed({ params })).body.status).toBe("active");
});

test("lets go of former keys once events that were sent later have been delivered", async () => {
  const [former, later] = [keys("a"), keys("b")];
  await store(former);
  await store(later);
  await delivered(hourOf(NOW_MS));
  upkeepNowMs = NOW_MS + 2 * HOUR_MS;
  await upkeep();
  expect((await feed()).credentials?.previous).toBeDefined();
  await delivered(hourOf(NOW_MS + HOUR_MS));

  await upkeep();

  expect((await feed()).credentials?.previous).toBeUndefined();
  expect(await secret()).toEqual(later);
  expect(await stages()).toEqual(["AWSCURRENT"]);
  // Nobody has the former key any more.
  const stranger = { tenantId: `${params.tenantId}-other`, feedId: "default" };
  await world.client.putTenant({ params: stranger, body: {} });
  await world.client.putFeed({ params: stranger, body: {} });
  expect((await world.client.putCredentials({ params: stranger, body: former })).status).toBe(200);
});

test("does not let go of keys that others replaced while it looked at the ledger", async () => {
  const [former, working, latest] = [keys("a"), keys("b"), keys("c")];
  await store(former);
  await store(working);
  await delivered(hourOf(NOW_MS + HOUR_MS));
  upkeepNowMs = NOW_MS + 2 * HOUR_MS;
  const seen = await record();
  await store(latest);

  await dropPrevious(params.tenantId, seen, upkeepDeps());

  expect(await secret()).toEqual(latest);
  expect(await stages()).toEqual(["AWSCURRENT", "AWSPREVIOUS"]);
  expect((await record()).credentials?.previous?.secretVersion).toBe(seen.credentials?.secretVersion);
});

test("keys cannot be stored while refused ones are rolled back, and can afterwards", async () => {
  const [former, refused, latest] = [keys("a"), keys("b"), keys("c")];
  await store(former);
  await store(refused);
  const { detail } = (await refuse((await record()).credentials?.secretVersion ?? "")) as {
    detail: CredentialsRefused;
  };
  const deps = upkeepDeps();
  const problems: unknown[] = [];
  const { secrets } = deps;
  const whileStoring: SecretWriter = {
    versions: (...given) => secrets.versions(...given),
    store: (...given) => secrets.store(...given),
    dropPrevious: (...given) => secrets.dropPrevious(...given),
    scheduleDeletion: (...given) => secrets.scheduleDeletion(...given),
    rollBack: async (...given) => {
      problems.push(await problemOf(store(latest)));
      return secrets.rollBack(...given);
    },
  };

  expect(await rollBack(detail, { ...deps, secrets: whileStoring })).toBe(true);

  expect(problems).toMatchObject([{ code: "busy" }]);
  expect(await secret()).toEqual(former);
  await store(latest);
  expect(await secret()).toEqual(latest);
  expect(await stages()).toEqual(["AWSCURRENT", "AWSPREVIOUS"]);
});

test("removes a tenant when its grace period is over, with feeds, keys and what is parked", async () => {
  await store(keys("a"));
  const parked = new S3ParkedEvents({
    client: world.clients.s3,
    bucketName: world.state.bucketName,
    clock: { ...systemClock, nowMs: () => NOW_MS },
    uniqueId: randomUUID,
  });
  const event = {
    sqsMessageId: "m",
    index: 0,
    sentAtMs: NOW_MS,
    reasons: [{ code: "event_invalid" }],
    content: { event: {} },
    hours: { [hourOf(NOW_MS)]: 1 },
    events: 1,
  };
  await parked.write({ ...params, ending: "rejected", lane: "live", events: [event] });
  await parked.write({ ...params, ending: "held", cause: "feed_paused", lane: "live", events: [event] });
  await delivered(hourOf(NOW_MS));
  const pk = { S: `tenant#${params.tenantId}` };
  for (const Item of [
    { pk, sk: { S: "flow#default" }, version: { N: "1" } },
    { pk, sk: { S: "names#default" }, names: { SS: ["hash"] } },
  ])
    await world.clients.dynamodb.send(new PutItemCommand({ TableName: world.state.tableName, Item }));
  await world.client.deleteTenant({ params });
  upkeepNowMs = NOW_MS + 7 * DAY_MS - 1;
  await upkeep();
  expect((await world.client.getTenant({ params })).body.status).toBe("deleting");
  upkeepNowMs = NOW_MS + 7 * DAY_MS;

  expect(await upkeep()).toMatchObject({ kind: "tended", purged: 1, failures: 0 });

  expect((await problemOf(world.client.getTenant({ params })))?.status).toBe(404);
  const { body } = await world.client.listTenants({ query: { limit: 100 } });
  expect(body.tenants.map(({ tenantId }) => tenantId)).not.toContain(params.tenantId);
  const { DeletedDate } = await world.clients.secretsManager.send(
    new DescribeSecretCommand({ SecretId: SecretId() }),
  );
  expect(DeletedDate).toBeDefined();
  for (const ending of ["rejected", "held"] as const)
    for await (const folder of world.deps.parked.folders(ending, params.tenantId))
      expect(folder).toBeUndefined();
  // The ledger stays until its time is over.
  const { Items = [] } = await world.clients.dynamodb.send(
    new QueryCommand({
      TableName: world.state.tableName,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: `tenant#${params.tenantId}` } },
    }),
  );
  expect(Items.map(({ sk }) => sk?.S)).toEqual([`ledger#default#${hourOf(NOW_MS)}`]);
  // Who comes back begins anew.
  expect((await world.client.putTenant({ params, body: {} })).status).toBe(201);
  expect((await world.client.listFeeds({ params })).body.feeds).toEqual([]);
});

test("a removal that fails between two pages of what is parked is one tenant's trouble", async () => {
  await world.client.deleteTenant({ params });
  const tenant = await world.deps.registry.tenant(params.tenantId);
  if (!tenant) throw new Error("no tenant");
  const folder: ParkedFolder = { ending: "held", lane: "live", tenantId: params.tenantId };
  const ref = { key: "first", folder, parkedAtMs: NOW_MS };
  let underWay = 0;
  const parked = {
    async *folders() {
      yield folder;
    },
    async *list() {
      yield ref;
      // The next page takes its time; nothing may fail while nobody waits for it.
      expect(underWay).toBe(0);
      yield { ...ref, key: "second" };
    },
    delete: async () => {
      underWay++;
      throw new Error("S3 is down");
    },
  };

  await expect(purge(tenant, () => true, { ...upkeepDeps(), parked })).rejects.toThrow("S3 is down");
});

test("a connect link does not outlive its tenant, to store keys of another one by that id", async () => {
  const body = { feedIds: ["default"], expiresInHours: 336 };
  const { linkId } = (await world.client.createConnectLink({ params, body })).body;
  const statusOfLink = async () => {
    const { links } = (await world.client.listConnectLinks({ params })).body;
    return links.find((link) => link.linkId === linkId)?.status;
  };
  const link = await world.deps.links.find(params.tenantId, linkId);
  if (!link) throw new Error("no link");
  await world.client.deleteTenant({ params });
  expect(await statusOfLink()).toBe("open");
  upkeepNowMs = NOW_MS + 7 * DAY_MS;
  await upkeep();

  await world.client.putTenant({ params, body: {} });
  await world.client.putFeed({ params, body: {} });

  expect((await world.deps.links.findByHash(link.tokenHash))?.revokedAt).toBeDefined();
  expect(await statusOfLink()).toBeUndefined();
});

test("a tenant whose removal has begun cannot be restored, and a tenant that was restored is not removed", async () => {
  await world.client.deleteTenant({ params });
  const deleting = await world.deps.registry.tenant(params.tenantId);
  if (!deleting?.deletion) throw new Error("not deleting");
  const { deletion } = deleting;
  await world.deps.registry.saveTenant({ ...deleting, deletion: { ...deletion, isPurging: true } }, deleting);

  expect((await problemOf(world.client.restoreTenant({ params })))?.status).toBe(409);
  expect((await problemOf(world.client.putTenant({ params, body: {} })))?.status).toBe(409);

  await world.deps.registry.saveTenant(deleting, deleting);
  await world.client.restoreTenant({ params });
  upkeepNowMs = NOW_MS + 7 * DAY_MS;
  await upkeep();
  expect((await world.client.getTenant({ params })).body.status).toBe("active");
});

test("a run without time leaves the rest to the next one", async () => {
  await world.client.deleteTenant({ params });
  upkeepNowMs = NOW_MS + 7 * DAY_MS;

  expect(await upkeep({}, 10_000)).toMatchObject({ isCutShort: true, purged: 0 });
  expect(await upkeep()).toMatchObject({ isCutShort: false, purged: 1 });
});

test("a run goes on where the one before it stopped", async () => {
  await world.newFeed();
  /** A run that has time to begin with one tenant. */
  const shortRun = async () => {
    let asked = 0;
    await tend(() => (asked++ === 0 ? 300_000 : 0), upkeepDeps());
    return upkeepDeps().place.read();
  };
  await upkeepDeps().place.save(params.tenantId);
  const { body } = await world.client.listTenants({ query: { limit: 100 } });
  const ids = body.tenants.map(({ tenantId }) => tenantId);
  const behind = [...ids, ...ids].slice(ids.indexOf(params.tenantId) + 1);

  expect([await shortRun(), await shortRun()]).toEqual(behind.slice(0, 2));
});

test("one tenant's trouble is not another's", async () => {
  const { tableName: TableName } = world.state;
  const broken = `aa-broken-${params.tenantId}`;
  await world.client.putTenant({ params: { tenantId: broken }, body: {} });
  await world.client.putFeed({ params: { tenantId: broken, feedId: "f" }, body: {} });
  const Key = { pk: { S: `tenant#${broken}` }, sk: { S: "feed#f" } };
  const spoil = (kind: string) =>
    world.clients.dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: "SET kind = :kind",
        ExpressionAttributeValues: { ":kind": { S: kind } },
      }),
    );
  await spoil("nonsense");
  await world.client.deleteTenant({ params });
  upkeepNowMs = NOW_MS + 7 * DAY_MS;

  expect(await upkeep()).toMatchObject({ purged: 1, failures: 1 });
  await spoil("partner");
});

test("word that names no feed is an error, which says nothing of it", async () => {
  const event = { source: CREDENTIALS_REFUSED.source, "detail-type": CREDENTIALS_REFUSED.detailType };

  await expect(upkeep({ ...event, detail: { tenant: "acme" } })).rejects.toThrow(
    "The invocation failed: ConfigError",
  );
});

test("a tenant whose item cannot be read is nobody else's trouble", async () => {
  await world.client.deleteTenant({ params });
  upkeepNowMs = NOW_MS + 7 * DAY_MS;
  const bad = `${params.tenantId}-bad`;
  await world.client.putTenant({ params: { tenantId: bad }, body: {} });
  const Key = { pk: { S: `tenant#${bad}` }, sk: { S: "profile" } };
  await world.clients.dynamodb.send(
    new UpdateItemCommand({
      TableName: world.state.tableName,
      Key,
      UpdateExpression: "SET #status = :closed",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":closed": { S: "closed" } },
    }),
  );

  const report = await upkeep();

  expect(report).toMatchObject({ purged: 1, failures: 1 });
  expect((await problemOf(world.client.getTenant({ params })))?.status).toBe(404);
  const { body } = await world.client.listTenants({ query: { limit: 100 } });
  expect(body.tenants.map(({ tenantId }) => tenantId)).not.toContain(bad);
  await world.clients.dynamodb.send(new DeleteItemCommand({ TableName: world.state.tableName, Key }));
});
