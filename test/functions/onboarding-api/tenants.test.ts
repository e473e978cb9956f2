import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connectorEnv } from "../../../local/connector.ts";
import { parseOnboardingApiEnv } from "../../../shared/core/validators.ts";
import { type OnboardingWorld, problemOf, startOnboardingWorld } from "./onboarding-world.ts";

let world: OnboardingWorld;
let count = 0;
let tenantId = "";

beforeAll(async () => {
  world = await startOnboardingWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  tenantId = `tenant-${++count}`;
  world.announced.length = 0;
});

const put = (body = {}, options = {}) => world.client.putTenant({ params: { tenantId }, body, ...options });
const get = () => world.client.getTenant({ params: { tenantId } });
const actions = async () => {
  const { body } = await world.client.listAudit({ params: { tenantId } });
  return body.entries.map(({ action }) => action);
};
const status = async (call: Promise<unknown>) => (await problemOf(call))?.status;

test("creates a tenant, and replaces its settings", async () => {
  const created = await put();
  const replaced = await put({ blockedEvents: ["page"] });

  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({ tenantId, status: "active", blockedEvents: [] });
  expect(replaced.status).toBe(200);
  expect(replaced.body).toMatchObject({ blockedEvents: ["page"], createdAt: created.body.createdAt });
  expect(await get()).toEqual(replaced);
});

test("changes nothing when the same request comes again", async () => {
  await put({ blockedEvents: ["page"] });
  const first = await get();

  const again = await put({ blockedEvents: ["page"] });

  expect(again).toEqual(first);
  expect(await actions()).toEqual(["tenant_created"]);
});

test("refuses to overwrite what was changed since it was read", async () => {
  const created = await put();
  await put({ blockedEvents: ["page"] });

  expect(await status(put({}, { ifMatch: created.etag }))).toBe(412);
  expect(await status(put({}, { ifNoneMatch: "*" }))).toBe(412);
  expect((await get()).body.blockedEvents).toEqual(["page"]);
});

test("creates only where it is assumed to be missing, and replaces only where it is assumed to be there", async () => {
  expect(await status(put({}, { ifMatch: "*" }))).toBe(412);
  const created = await put({}, { ifNoneMatch: "*" });
  const replaced = await put({ blockedEvents: ["a"] }, { ifMatch: created.etag });

  expect(created.status).toBe(201);
  expect(replaced.status).toBe(200);
  expect(replaced.etag).not.toBe(created.etag);
});

test("of many writers at once each is told what came of its own write", async () => {
  await put();
  const { etag } = await get();

  const writers = Array.from({ length: 8 }, (_, i) =>
    status(put({ blockedEvents: [`e${i}`] }, { ifMatch: etag })),
  );

  const outcomes = await Promise.all(writers);
  expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 412)).toHaveLength(7);
});

test("holds a tenant's events while it is paused, and tells that they may go on", async () => {
  await put();
  world.announced.length = 0;

  const paused = await world.client.pauseTenant({ params: { tenantId } });
  await world.client.pauseTenant({ params: { tenantId } });
  const resumed = await world.client.resumeTenant({ params: { tenantId } });

  expect(paused.body.status).toBe("paused");
  expect(resumed.body.status).toBe("active");
  expect(world.announced).toEqual([{ tenantId }]);
  expect(await actions()).toEqual(["tenant_resumed", "tenant_paused", "tenant_created"]);
});

test("deletes after a grace period, within which a tenant can be restored to what it was", async () => {
  await put();
  await world.client.pauseTenant({ params: { tenantId } });
  world.setNow(Date.UTC(2026, 10, 1));
  const deleting = await world.client.deleteTenant({ params: { tenantId } });
  world.setNow(undefined);

  expect(deleting.status).toBe(202);
  expect(deleting.body).toMatchObject({ status: "deleting", deleteAfter: "2026-11-08T00:00:00.000Z" });
  expect(await status(world.client.resumeTenant({ params: { tenantId } }))).toBe(409);
  expect(await status(world.client.putFeed({ params: { tenantId, feedId: "f" }, body: {} }))).toBe(409);
  const restored = await world.client.restoreTenant({ params: { tenantId } });
  expect(restored.body.status).toBe("paused");
  expect(restored.body.deleteAfter).toBeUndefined();
});

test("a PUT does not undo a deletion", async () => {
  await put();
  await world.client.deleteTenant({ params: { tenantId } });
  world.announced.length = 0;

  expect((await problemOf(put()))?.status).toBe(409);

  expect((await world.client.getTenant({ params: { tenantId } })).body.status).toBe("deleting");
  expect(world.announced).toEqual([]);
});

test("lists tenants by id, page by page", async () => {
  const ids = ["list-a", "list-b", "list-c", "list-d", "list-e"];
  for (const id of ids) await world.client.putTenant({ params: { tenantId: id }, body: {} });

  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await world.client.listTenants({ query: { limit: 2, ...(cursor && { cursor }) } });
    expect(body.tenants.length).toBeLessThanOrEqual(2);
    found.push(...body.tenants.map((tenant) => tenant.tenantId));
    cursor = body.next;
  } while (cursor);

  expect(found.filter((id) => id.startsWith("list-"))).toEqual(ids);
  expect(found).toEqual([...found].sort());
});

test("a cursor that no list gave out is refused", async () => {
  for (const cursor of ["AAAA", Buffer.from("tenant#x").toString("base64url"), "not-a-cursor"])
    expect(await status(world.client.listTenants({ query: { cursor } }))).toBe(400);
});

test("reads and changes tenants that were stored without the API", async () => {
  await world.clients.dynamodb.send(
    new PutItemCommand({
      TableName: world.state.tableName,
      Item: marshall({ pk: `tenant#${tenantId}`, sk: "profile", tenantId }),
    }),
  );

  expect(await get()).toEqual({
    status: 200,
    etag: '"0"',
    body: { tenantId, status: "active", blockedEvents: [] },
  });
  const replaced = await put({ blockedEvents: ["page"] }, { ifMatch: '"0"' });
  expect(replaced.status).toBe(200);
});

test("there is no tenant that nobody created", async () => {
  const response = await world.send("GET", `/v1/tenants/${tenantId}`);

  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(await response.json()).toEqual({
    type: "urn:partner-feed-connector:problem:not_found",
    code: "not_found",
    title: "There is no such thing",
    status: 404,
    detail: "There is no tenant of this id.",
    instance: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test("a deletion takes a day at least, in which what is under way ends", () => {
  const env = { ...connectorEnv(world.state, world.standIn.url), VERIFY_FEED_FUNCTION: "v" };
  const parse = (GRACE_DAYS: string) =>
    parseOnboardingApiEnv({ ...env, REPLAY_REJECTED_FUNCTION: "r", GRACE_DAYS }).GRACE_DAYS;

  expect(parse("1")).toBe(1);
  for (const days of ["0", "0.9", "-1", "91"]) expect(() => parse(days)).toThrow("GRACE_DAYS");
});
