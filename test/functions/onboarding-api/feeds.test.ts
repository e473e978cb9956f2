import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { z } from "zod";
import { FEED_SETTINGS, type FeedSettingsSchema } from "../../../shared/api/feed.schema.ts";
import { settingsOf } from "../../../shared/api/feed-settings.ts";
import { parseFeed } from "../../../shared/core/validators.ts";
import type { FeedId } from "../../../shared/ports-onboarding.ts";
import { problemOf, startOnboardingWorld } from "./onboarding-world.ts";
import { spoil } from "./spoil.ts";

const world = await startOnboardingWorld();
afterAll(() => world.close());

let params: FeedId;
beforeEach(async () => {
  params = await world.newTenant();
});

const status = async (call: Promise<unknown>) => (await problemOf(call))?.status;

test("a new feed begins in development, and pending until it has keys", async () => {
  const { status, body } = await world.client.putFeed({ params, body: { platforms: ["iOS"] } });

  expect(status).toBe(201);
  expect(body).toMatchObject({
    ...params,
    status: "pending",
    environment: "development",
    kind: "partner",
    platforms: ["iOS"],
    mapping: { preset: "segment" },
    consent: { required: [] },
  });
  expect(body.credentials).toBeUndefined();
  expect(world.announced).toEqual([params]);
});

test("stores a feed as delivery reads it", async () => {
  await world.client.putFeed({
    params,
    body: { kind: "custom", pod: "eu1", mapping: { nullTraits: "delete" } },
  });

  const { Item = {} } = await world.clients.dynamodb.send(
    new GetItemCommand({
      TableName: world.state.tableName,
      Key: { pk: { S: `tenant#${params.tenantId}` }, sk: { S: "feed#default" } },
    }),
  );
  expect(parseFeed(unmarshall(Item))).toMatchObject({
    feedId: "default",
    kind: "custom",
    pod: "eu1",
    mapping: { nullTraits: "delete" },
  });
});

test("replaces what is given and takes the default for what is not; status stays", async () => {
  await world.client.putFeed({ params, body: { historicalAfterDays: 7, consent: { required: ["ads"] } } });
  await world.client.pauseFeed({ params });

  const { body } = await world.client.putFeed({ params, body: { historicalAfterDays: 8 } });

  expect(body).toMatchObject({ status: "paused", historicalAfterDays: 8, consent: { required: [] } });
});

test("tells every setting as it was given, and without a later one nothing of it", async () => {
  const given = {
    kind: "custom",
    pod: "eu1",
    platforms: ["iOS"],
    mapping: { nullTraits: "delete" },
    rows: { customers: { eventType: "user_attributes" } },
    audiences: { as: "list" },
    consent: { required: ["ads"] },
    dataPlan: { planId: "web", planVersion: 3 },
    historicalAfterDays: 7,
    limits: { eventsPerRequest: 50 },
  } satisfies z.input<typeof FeedSettingsSchema>;
  const told = await world.client.putFeed({ params, body: given });

  expect(told.body).toMatchObject(given);
  expect(Object.keys(given).toSorted()).toEqual(FEED_SETTINGS.toSorted());

  const before = await world.client.getFeed({ params });
  const { body } = await world.client.putFeed({ params, body: {} });

  expect(before.body).toEqual(told.body);
  const { body: fresh } = await world.client.putFeed({ params: { ...params, feedId: "other" }, body: {} });
  expect(settingsOf(body)).toEqual(settingsOf(fresh));
});

test("remarks on what is valid and surely not meant, but for listings", async () => {
  const rules = [{}, { event: "Order Done", ignore: true }];

  const told = await world.client.putFeed({ params, body: { mapping: { rules } } });
  const { body } = await world.client.getFeed({ params });
  const listed = await world.client.listFeeds({ params });
  const former = await world.client.getMapping({ params: { ...params, version: "1" } });
  const events = [{ type: "track", event: "A", userId: "u", messageId: "m" }];
  const previewed = await world.client.preview({ body: { events, feed: { mapping: { rules } } } });
  const ofStored = await world.client.previewFeed({ params, body: { events } });
  const unremarkable = await world.client.preview({ body: { events } });
  const mended = await world.client.putFeed({ params, body: { mapping: { rules: rules.slice(1) } } });
  const restored = await world.client.restoreMapping({ params: { ...params, version: "1" } });

  const remarks = [
    {
      pointer: "/mapping/rules/1",
      code: "rule_unreached",
      message: "is never reached: /mapping/rules/0 names its events first",
    },
  ];
  for (const answer of [told.body, body, former.body, previewed.body, ofStored.body, restored.body])
    expect(answer.remarks).toEqual(remarks);
  expect(unremarkable.body).not.toHaveProperty("remarks");
  expect(mended.body).not.toHaveProperty("remarks");
  expect(listed.body.feeds[0]).not.toHaveProperty("remarks");
});

test("does not overwrite what delivery found out meanwhile", async () => {
  const created = await world.client.putFeed({ params, body: {} });
  await world.refuseKeys(params, "v1");

  const { body } = await world.client.putFeed({ params, body: { kind: "custom" }, ifMatch: created.etag });

  expect(body).toMatchObject({ status: "credentials_refused", kind: "custom" });
});

test("a feed that was refused is refused again after a pause", async () => {
  await world.client.putFeed({ params, body: {} });
  await world.refuseKeys(params, "v1");
  await world.client.pauseFeed({ params });

  const { body } = await world.client.resumeFeed({ params });

  expect(body.status).toBe("credentials_refused");
});

test("pausing and resuming tells that events may go on", async () => {
  await world.client.putFeed({ params, body: {} });
  world.announced.length = 0;

  await world.client.pauseFeed({ params });
  expect(world.announced).toEqual([]);
  const { body } = await world.client.resumeFeed({ params });
  await world.client.resumeFeed({ params });

  expect(body.status).toBe("pending");
  expect(world.announced).toEqual([params]);
});

test("a feed without accepted keys does not go live, by whatever way", async () => {
  await world.client.putFeed({ params, body: {} });

  expect(await status(world.client.goLive({ params }))).toBe(409);
  expect(await status(world.client.putFeed({ params, body: { environment: "production" } }))).toBe(409);
  const other = { ...params, feedId: "other" };
  expect(await status(world.client.putFeed({ params: other, body: { environment: "production" } }))).toBe(
    409,
  );
  expect(await status(world.client.getFeed({ params: other }))).toBe(404);
});

test("keeps row models and audience settings as they are given, and defaults of the latter", async () => {
  const rows = {
    orders: { eventType: "custom_event", fields: { event_name: "NAME", email: null } },
  } as const;

  await world.client.putFeed({ params, body: { rows, audiences: { known: ["VIP"] } } });

  const { body } = await world.client.getFeed({ params });
  expect(body.rows).toEqual(rows);
  expect(body.audiences).toEqual({
    as: "attribute_per_audience",
    attribute: "audiences",
    prefix: "audience_",
    value: "true",
    known: ["VIP"],
  });
});

test.each([
  [{ eventType: "custom_event", fields: { event_name: null } }, "/rows/orders/fields/event_name"],
  [{ eventType: "custom_event", sync: "mirror" }, "/rows/orders/sync"],
  [{ eventType: "custom_event", fields: { a: { map: { b: "c..d" } } } }, "/rows/orders/fields/a/map/b"],
  [{ eventType: "page" }, "/rows/orders/eventType"],
])("a row model that cannot work is refused with its place: %j", async (model, pointer) => {
  const response = await world.send("PUT", `/v1/tenants/${params.tenantId}/feeds/rows`, {
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ rows: { orders: model } }),
  });

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
});

test("refuses a mapping with an empty name, which the table cannot keep", async () => {
  const body = { mapping: { userAttributes: { "": "traits.a" } } } as const;

  expect(await status(world.client.putFeed({ params, body }))).toBe(400);
});

test("is not deleted while its keys are being stored", async () => {
  await world.client.putFeed({ params, body: {} });
  const before = await world.deps.registry.feed(params.tenantId, params.feedId);
  if (!before) throw new Error("no feed");
  const rotation = { id: "somebody", untilMs: Date.now() + 60_000 };
  await world.deps.registry.saveFeed(params.tenantId, { ...before, rotation }, before);

  expect(await status(world.client.deleteFeed({ params }))).toBe(429);
  world.setNow(Date.now() + 60_001);
  expect(await status(world.client.deleteFeed({ params }))).toBeUndefined();
  world.setNow(undefined);
});

test("lists a tenant's feeds by id, and nobody else's", async () => {
  for (const feedId of ["web", "android", "ios"])
    await world.client.putFeed({ params: { ...params, feedId }, body: {} });

  const { body } = await world.client.listFeeds({ params });

  expect(body.feeds.map(({ feedId }) => feedId)).toEqual(["android", "ios", "web"]);
});

test("a tenant has 50 feeds at most", async () => {
  for (let i = 0; i < 50; i++)
    await world.client.putFeed({ params: { ...params, feedId: `f${i}` }, body: {} });

  expect(await status(world.client.putFeed({ params: { ...params, feedId: "f50" }, body: {} }))).toBe(409);
  expect(
    await status(world.client.putFeed({ params: { ...params, feedId: "f0" }, body: { pod: "eu1" } })),
  ).toBe(undefined);
});

test("a tenant has 50 feeds at most, however many are created at once", async () => {
  for (let i = 0; i < 48; i++)
    await world.client.putFeed({ params: { ...params, feedId: `f${i}` }, body: {} });

  const created = await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      status(world.client.putFeed({ params: { ...params, feedId: `g${i}` }, body: {} })),
    ),
  );

  const { feeds } = (await world.client.listFeeds({ params })).body;
  expect(feeds.length).toBeLessThanOrEqual(50);
  expect(feeds.length).toBe(48 + created.filter((each) => each === undefined).length);
  expect(created.filter((each) => each === 409).length).toBeGreaterThanOrEqual(4);
});

test("lists nothing of feeds of which 50 would not fit into an answer", async () => {
  const mapping = { userAttributes: { a: "traits.a" } };
  const rows = { orders: { eventType: "custom_event" } } as const;
  await world.client.putFeed({ params, body: { mapping, rows } });

  const [listed] = (await world.client.listFeeds({ params })).body.feeds;
  const {
    mapping: _,
    rows: __,
    audiences: ___,
    consent: ____,
    ...feed
  } = (await world.client.getFeed({ params })).body;

  expect(listed).toEqual(feed);
});

test("a refusal that asks whether another name was meant ends with the question", async () => {
  const mapping = { rules: [{ event: "Bought", as: "Ordr Completed" }] };

  expect((await problemOf(world.client.putFeed({ params, body: { mapping } })))?.detail).toMatch(
    /^\/mapping\/rules\/0\/as must be .*: did you mean Order Completed\?$/,
  );
});

test("a platform that is stored twice is told, and not stored again", async () => {
  await world.client.putFeed({ params, body: {} });
  const iOS = { S: "iOS" };
  await spoil(world, params, "platforms", { L: [iOS, iOS] });

  const { body } = await world.client.getFeed({ params });
  const problem = await problemOf(world.client.putFeed({ params, body: { platforms: body.platforms } }));

  expect(body.platforms).toEqual(["iOS", "iOS"]);
  expect(problem).toMatchObject({ status: 400, detail: "/platforms must not name a platform twice." });
});

test("nobody's tenant has no feeds", async () => {
  const missing = { tenantId: "nobody", feedId: "default" };

  expect(await status(world.client.listFeeds({ params: missing }))).toBe(404);
  expect(await status(world.client.putFeed({ params: missing, body: {} }))).toBe(404);
  expect(await status(world.client.getFeed({ params: missing }))).toBe(404);
  expect(await status(world.client.pauseFeed({ params }))).toBe(404);
});
