import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeEach, expect, test } from "vitest";
import { createConnectLink } from "../../../functions/onboarding-api/use-cases/connect-links.ts";
import { hashOfToken } from "../../../shared/core/onboarding/link.ts";
import type { FeedId } from "../../../shared/ports-onboarding.ts";
import { problemOf, startOnboardingWorld } from "./onboarding-world.ts";

const world = await startOnboardingWorld();
afterAll(() => world.close());

let params: FeedId;
beforeEach(async () => {
  world.setNow(undefined);
  params = await world.newFeed();
});

const create = async (body = {}) =>
  (await world.client.createConnectLink({ params, body: { feedIds: ["default"], ...body } })).body;
const list = async () => (await world.client.listConnectLinks({ params })).body.links;
const stored = async (token: string) => {
  const link = await world.deps.links.findByHash(hashOfToken(token) ?? "");
  if (!link) throw new Error("no such link");
  return link;
};
const lease = (id: string, nowMs = Date.now()) => ({ id, nowMs, untilMs: nowMs + 60_000 });

test("a link holds 256 random bits, and is valid for 72 hours unless said otherwise", async () => {
  world.setNow(Date.UTC(2026, 10, 1));
  const [link, other] = [await create(), await create({ expiresInHours: 1 })];

  expect(Buffer.from(link.token, "base64url")).toHaveLength(32);
  expect(other.token).not.toBe(link.token);
  expect(link).toMatchObject({
    url: `${world.gateway.url}/connect/${link.token}`,
    status: "open",
    feedIds: ["default"],
    expiresAt: "2026-11-04T00:00:00.000Z",
  });
  expect(other.expiresAt).toBe("2026-11-01T01:00:00.000Z");
});

test("a link has an id that can be told on a command line", async () => {
  const call = {
    params,
    body: { feedIds: ["default"], expiresInHours: 1 },
    query: {},
    precondition: {},
    caller: { by: "test", requestId: "r" },
    origin: "https://api",
    remainingMs: () => 1_000,
  };

  const { body } = await createConnectLink(call, { ...world.deps, randomText: () => "-23456789-12345-" });

  expect(body.linkId).toBe("_23456789-12345-");
});

test("a token is told once, and stored nowhere", async () => {
  const { token, linkId } = await create();

  const { Items } = await world.clients.dynamodb.send(new ScanCommand({ TableName: world.state.tableName }));
  const told = [
    Items,
    await list(),
    (await world.client.listAudit({ params })).body,
    world.reports,
    world.log.lines,
  ];
  for (const text of told.map((value) => JSON.stringify(value))) expect(text).not.toContain(token);
  expect(await list()).toEqual([expect.objectContaining({ linkId, status: "open" })]);
});

test("a link is found by its token alone", async () => {
  const { token, linkId } = await create();

  expect(await stored(token)).toMatchObject({ linkId, tenantId: params.tenantId });
  for (const wrong of [linkId, token.slice(1), `${token}A`, token.toLowerCase(), hashOfToken(token) ?? ""])
    expect(await world.deps.links.findByHash(hashOfToken(wrong) ?? "none")).toBeUndefined();
});

test("of many submissions at once, one has the link", async () => {
  const { token } = await create();
  const link = await stored(token);

  const reserved = await Promise.all(
    Array.from({ length: 8 }, (_, i) => world.deps.links.reserve(link, lease(`l${i}`))),
  );

  expect(reserved.filter(Boolean)).toHaveLength(1);
  const owner = `l${reserved.indexOf(true)}`;
  expect(await world.deps.links.use(link, "somebody-else", new Date().toISOString())).toBe(false);
  expect(await world.deps.links.use(link, owner, new Date().toISOString())).toBe(true);
  expect(await world.deps.links.use(link, owner, new Date().toISOString())).toBe(false);
  expect(await world.deps.links.reserve(link, lease("later"))).toBe(false);
  expect((await list())[0]).toMatchObject({ status: "used", usedAt: expect.any(String) });
});

test("a submission that fails gives the link back, one that dies after a while", async () => {
  const link = await stored((await create()).token);
  const { links } = world.deps;
  const nowMs = Date.now();

  expect(await links.reserve(link, lease("a", nowMs))).toBe(true);
  await links.release(link, "a");
  expect(await links.reserve(link, lease("b", nowMs))).toBe(true);
  expect(await links.reserve(link, lease("c", nowMs + 59_000))).toBe(false);
  expect(await links.reserve(link, lease("c", nowMs + 60_000))).toBe(true);
  expect(await links.use(link, "b", new Date().toISOString())).toBe(false);
});

test("a link takes 25 submissions at most", async () => {
  const link = await stored((await create()).token);

  for (let i = 0; i < 25; i++) {
    expect(await world.deps.links.reserve(link, lease(`l${i}`))).toBe(true);
    // The last one may use it up until it ends.
    expect((await list())[0]?.status).toBe("open");
    await world.deps.links.release(link, `l${i}`);
  }

  expect(await world.deps.links.reserve(link, lease("one-more"))).toBe(false);
  expect((await list())[0]?.status).toBe("exhausted");
});

test("a link that expired or was revoked takes no submission", async () => {
  const [expired, revoked] = [await create({ expiresInHours: 1 }), await create()];
  await world.client.revokeConnectLink({ params: { ...params, linkId: revoked.linkId } });
  await world.client.revokeConnectLink({ params: { ...params, linkId: revoked.linkId } });
  world.setNow(Date.parse(expired.expiresAt));

  const nowMs = Date.parse(expired.expiresAt);
  expect(await world.deps.links.reserve(await stored(expired.token), lease("a", nowMs))).toBe(false);
  expect(await world.deps.links.reserve(await stored(revoked.token), lease("a"))).toBe(false);
  const statuses = Object.fromEntries((await list()).map(({ linkId, status }) => [linkId, status]));
  expect(statuses).toEqual({ [expired.linkId]: "expired", [revoked.linkId]: "revoked" });
});

test("a tenant's links are listed page by page, and revoked by nobody else", async () => {
  const ids = [];
  for (let i = 0; i < 5; i++) ids.push((await create()).linkId);
  const stranger = { tenantId: `${params.tenantId}-other`, feedId: "default" };
  await world.client.putTenant({ params: stranger, body: {} });

  const found = [];
  let cursor: string | undefined;
  do {
    const { body } = await world.client.listConnectLinks({
      params,
      query: { limit: 2, ...(cursor !== undefined && { cursor }) },
    });
    found.push(...body.links.map(({ linkId }) => linkId));
    cursor = body.next;
    // Another tenant's list has nothing of it, whatever the cursor.
    if (cursor)
      expect(
        (await world.client.listConnectLinks({ params: stranger, query: { cursor } })).body.links,
      ).toEqual([]);
  } while (cursor);
  expect(found).toEqual([...ids].sort());
  const revoke = world.client.revokeConnectLink({ params: { ...stranger, linkId: ids[0] ?? "" } });
  expect((await problemOf(revoke))?.status).toBe(404);
});

test("a link asks for each feed once", async () => {
  const problem = await problemOf(create({ feedIds: ["default", "default"] }));

  expect(problem).toMatchObject({ status: 400, detail: "/feedIds must not name a feed twice." });
});

test("a link asks for feeds that there are", async () => {
  const problem = await problemOf(create({ feedIds: ["default", "missing"] }));

  expect(problem).toMatchObject({ status: 404, errors: [{ pointer: "/feedIds/1", code: "unknown" }] });
});
