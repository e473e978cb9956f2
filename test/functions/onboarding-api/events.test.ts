import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, expect, test } from "vitest";
import { assertFeed } from "../../../functions/onboarding-api/known-feed.ts";
import { DynamoLedger } from "../../../shared/aws/ledger-store.ts";
import { S3ParkedEvents } from "../../../shared/aws/parked-events.ts";
import type { FeedId, PageRequest } from "../../../shared/ports-onboarding.ts";
import { systemClock } from "../../../shared/runtime/clock.ts";
import { problemOf, startOnboardingWorld } from "./onboarding-world.ts";
import { spoil } from "./spoil.ts";

const HOUR = "2026-11-20T03";
const AT_MS = Date.parse(`${HOUR}:00:00Z`);
const range = { from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z" };

const world = await startOnboardingWorld();
afterAll(() => world.close());

let params: FeedId;
beforeEach(async () => {
  params = await world.newFeed();
});

interface Parked {
  readonly ending?: "rejected" | "held";
  readonly cause?: string;
  readonly code?: string;
  readonly events?: number;
  readonly atMs?: number;
  readonly tenantId?: string;
  readonly feedId?: string;
}

async function park({
  ending = "rejected",
  cause,
  code = "event_invalid",
  events = 1,
  atMs = AT_MS,
  tenantId = params.tenantId,
  feedId = "default",
}: Parked = {}) {
  const parked = new S3ParkedEvents({
    client: world.clients.s3,
    bucketName: world.state.bucketName,
    clock: { ...systemClock, nowMs: () => atMs },
    uniqueId: randomUUID,
  });
  const event = { type: "track", event: "SECRET-NAME", userId: "SECRET-PERSON", messageId: "m" };
  await parked.write({
    ending,
    tenantId,
    feedId,
    lane: "live",
    ...(cause !== undefined && { cause }),
    events: Array.from({ length: events }, (_, index) => ({
      sqsMessageId: `sqs-${code}`,
      index,
      sentAtMs: atMs,
      reasons: [{ code }],
      content: { event },
      hours: { [HOUR]: 1 },
      events: 1,
    })),
  });
}

test("counts rejected events by code, feed and hour, and tells the messages that carried them", async () => {
  await park({ events: 3 });
  await park({ code: "identity_missing", atMs: AT_MS + 3_600_000 });
  await park({ code: "event_invalid", atMs: AT_MS + 1_000 });

  const { body } = await world.client.listRejected({ params, query: range });

  expect(body).toEqual({
    counts: [
      { feedId: "default", hour: HOUR, code: "event_invalid", events: 4, messageIds: ["sqs-event_invalid"] },
      {
        feedId: "default",
        hour: "2026-11-20T04",
        code: "identity_missing",
        events: 1,
        messageIds: ["sqs-identity_missing"],
      },
    ],
    unreadable: 0,
  });
  expect(JSON.stringify(body)).not.toContain("SECRET");
  const some = await world.client.listRejected({ params, query: { ...range, code: "identity_missing" } });
  expect(some.body.counts.map(({ code }) => code)).toEqual(["identity_missing"]);
});

test("counts held events by cause", async () => {
  await park({ ending: "held", cause: "feed_paused", code: "feed_paused", events: 2 });

  const { body } = await world.client.listHeld({ params, query: range });

  expect(body.counts).toMatchObject([{ cause: "feed_paused", events: 2 }]);
});

test("a listing goes on page by page, and counts each event once", async () => {
  for (let i = 0; i < 230; i++) await park({ atMs: AT_MS + i });

  const first = await world.client.listRejected({ params, query: range });
  const second = await world.client.listRejected({ params, query: { ...range, cursor: first.body.next } });

  const events = [first, second].map(({ body }) => body.counts[0]?.events ?? 0);
  expect(first.body.next).toBeDefined();
  expect(second.body.next).toBeUndefined();
  expect(events[0]).toBeGreaterThanOrEqual(200);
  expect(events.reduce((sum, number) => sum + number, 0)).toBe(230);
});

test("a feed that neither is nor was is refused, instead of having no events", async () => {
  const query = { ...range, feedId: "defualt" };
  const problems = [
    await problemOf(world.client.listRejected({ params, query })),
    await problemOf(world.client.listHeld({ params, query })),
    await problemOf(world.client.getLedger({ params, query })),
    await problemOf(world.client.replayRejected({ params, body: query })),
  ];

  expect(problems.map((problem) => [problem?.status, problem?.code])).toEqual(
    Array(4).fill([404, "not_found"]),
  );
  const unknown = { code: "unknown", message: "is none of the tenant's feeds" };
  expect(problems.map((problem) => problem?.errors?.[0])).toEqual([
    ...Array(3).fill({ parameter: "feedId", ...unknown }),
    { pointer: "/feedId", ...unknown },
  ]);
  expect(JSON.stringify(problems)).not.toContain("defualt");
  const { entries } = (await world.client.listAudit({ params })).body;
  expect(entries.map(({ action }) => action)).not.toContain("rejected_replayed");
});

test("a feed of which there is nothing is told to have none", async () => {
  const query = { ...range, feedId: "default" };

  expect((await world.client.listRejected({ params, query })).body.counts).toEqual([]);
  expect((await world.client.listHeld({ params, query })).body.counts).toEqual([]);
  expect((await world.client.getLedger({ params, query })).body.accounts).toEqual([]);
  expect((await world.client.replayRejected({ params, body: query })).body.events).toBe(0);
});

test("events that outlive their feed, or came before it, are listed and replayed under its id", async () => {
  await park({ events: 2 });
  await park({ feedId: "to-come", ending: "held", cause: "unknown_feed", code: "unknown_feed" });
  await world.client.deleteFeed({ params });
  const query = { ...range, feedId: "default" };

  const rejected = await world.client.listRejected({ params, query });
  const held = await world.client.listHeld({ params, query: { ...range, feedId: "to-come" } });
  const replayed = await world.client.replayRejected({ params, body: query });

  expect(rejected.body.counts).toMatchObject([{ feedId: "default", events: 2 }]);
  expect(held.body.counts).toMatchObject([{ feedId: "to-come", events: 1 }]);
  expect(replayed.body).toEqual({ events: 2, failures: 0 });
});

test("of a feed that is gone there may be nothing: asking for it again is no mistake", async () => {
  const query = { ...range, feedId: "default" };
  await world.client.deleteFeed({ params });

  expect((await world.client.listRejected({ params, query })).body.counts).toEqual([]);
  expect((await world.client.listHeld({ params, query })).body.counts).toEqual([]);
  expect((await world.client.getLedger({ params, query })).body.accounts).toEqual([]);
  expect((await world.client.replayRejected({ params, body: query })).body.events).toBe(0);
});

test.each([
  ["was deleted", "default"],
  ["never was", "of-a-tenant-before"],
])("a replay of a feed that %s may be repeated, and goes on from slice to slice", async (_, feedId) => {
  await park({ events: 2, feedId });
  await world.client.deleteFeed({ params });
  const replay = (from: string) =>
    world.client.replayRejected({ params, body: { ...range, from, feedId } }).then(({ body }) => body);

  expect(await replay(range.from)).toEqual({ events: 2, failures: 0 });
  expect(await replay(range.from)).toEqual({ events: 0, failures: 0 });
  expect(await replay("2026-11-20T12:00:00Z")).toEqual({ events: 0, failures: 0 });
});

test("a former feed is found in an audit trail of many pages", async () => {
  const { tenantId, feedId } = params;
  await world.client.deleteFeed({ params });
  const { audit, registry } = world.deps;
  const two = {
    registry,
    audit: { list: (id: string, page: PageRequest) => audit.list(id, { ...page, limit: 2 }) },
  };
  for (const index of [1, 2, 3, 4])
    await audit.write({ tenantId, by: "test", action: "tenant_updated", details: { index: `${index}` } });

  await expect(assertFeed({ tenantId, feedId }, { parameter: "feedId" }, two)).resolves.toBeUndefined();
  await expect(
    assertFeed({ tenantId, feedId: "defualt" }, { parameter: "feedId" }, two),
  ).rejects.toMatchObject({ code: "not_found" });
});

test("what is left of a feed that cannot be read can be asked for", async () => {
  await spoil(world, params, "historicalAfterDays", { N: "60" });
  const query = { ...range, feedId: "default" };

  expect((await world.client.listRejected({ params, query })).body.counts).toEqual([]);
  expect((await world.client.replayRejected({ params, body: query })).body.events).toBe(0);
});

test("another tenant's events are in no listing", async () => {
  await park({ tenantId: `${params.tenantId}0` });

  expect((await world.client.listRejected({ params, query: range })).body.counts).toEqual([]);
});

test("replays what is asked for, and says how much that was", async () => {
  await park({ events: 2 });
  await park({ code: "identity_missing" });

  const { body } = await world.client.replayRejected({
    params,
    body: { ...range, codes: ["event_invalid"] },
  });

  expect(body).toEqual({ events: 2, failures: 0 });
  const left = await world.client.listRejected({ params, query: range });
  expect(left.body.counts.map(({ code }) => code)).toEqual(["identity_missing"]);
});

test("of several replays at once, none puts back what another does", async () => {
  await park({ events: 3 });

  const answers = await Promise.allSettled(
    [1, 2, 3].map(() => world.client.replayRejected({ params, body: range })),
  );

  const events = answers.map((answer) => (answer.status === "fulfilled" ? answer.value.body.events : "busy"));
  expect(events.filter((number) => number === 3)).toHaveLength(1);
  for (const answer of answers)
    if (answer.status === "rejected")
      expect(answer.reason).toMatchObject({ status: 429, problem: { code: "busy" } });
});

test("tells accounts of the ledger by feed and hour, and whether they add up", async () => {
  const ledger = new DynamoLedger({
    client: world.clients.dynamodb,
    tableName: world.state.tableName,
    clock: systemClock,
    log: world.log,
    writerId: "test",
  });
  const { tenantId } = params;
  await ledger.add([{ tenantId, feedId: "default", hour: HOUR, first: 5, delivered: 3, rejected: 2 }]);
  await ledger.add([{ tenantId, feedId: "other", hour: HOUR, first: 1 }]);

  const { body } = await world.client.getLedger({ params, query: range });
  const own = await world.client.getLedger({ params, query: { ...range, feedId: "default" } });

  expect(body.accounts).toEqual([
    expect.objectContaining({
      feedId: "default",
      hour: HOUR,
      received: 5,
      delivered: 3,
      rejected: 2,
      addsUp: true,
    }),
    expect.objectContaining({ feedId: "other", received: 1, addsUp: false }),
  ]);
  expect(body.total).toMatchObject({ received: 6, addsUp: false });
  expect(own.body.total).toMatchObject({ received: 5, addsUp: true });
});

test("a ledger is asked for by seven days at most", async () => {
  const query = { from: "2026-11-01T00:00:00Z", to: "2026-11-09T00:00:00Z" };

  expect((await problemOf(world.client.getLedger({ params, query })))?.status).toBe(400);
  const backwards = { from: range.to, to: range.from };
  expect((await problemOf(world.client.getLedger({ params, query: backwards })))?.status).toBe(400);
});

const track = { type: "track", event: "Plan Changed", userId: "u1", messageId: "m1", timestamp: AT_MS };

test("previews what would become of each event, and sends nothing", async () => {
  const { requests } = world.standIn.counts();
  const events = [
    track,
    { ...track },
    { type: "page", userId: "u1", messageId: "m2", name: "Home" },
    { type: "nonsense" },
    "not an event",
    { type: "track", event: "Nobody", messageId: "m3" },
  ];
  world.setNow(AT_MS + 86_400_000);

  const { body } = await world.client.preview({ body: { events, blockedEvents: ["page"] } });

  world.setNow(undefined);
  expect(body.events.map(({ ending, rule, batches }) => [ending, rule, batches])).toEqual([
    ["delivered", undefined, [0]],
    ["filtered", "duplicate", []],
    ["filtered", "blocked", []],
    ["rejected", undefined, []],
    ["rejected", undefined, []],
    ["rejected", undefined, []],
  ]);
  const ids = body.events.map(({ messageId }) => messageId);
  const hash = expect.stringMatching(/^[A-Za-z0-9_-]{43}$/);
  expect(ids).toEqual(["m1", "m1", "m2", hash, undefined, "m3"]);
  expect(body.events[3]?.findings[0]?.code).toBe("event_type_unknown");
  expect(body.batches).toMatchObject([
    {
      route: "live",
      events: 1,
      batch: { environment: "development", user_identities: { customer_id: "u1" } },
    },
  ]);
  expect(world.standIn.counts().requests).toEqual(requests);
});

test("previews for a stored feed, and says why a batch takes its route", async () => {
  await world.client.putFeed({ params, body: { historicalAfterDays: 3 } });

  const { body } = await world.client.previewFeed({ params, body: { events: [track] } });

  expect(body.batches).toMatchObject([{ route: "historical", reason: "Its events are older than 3 days." }]);
});

test("previews numbers as they would be sent", async () => {
  const batch = { type: "batch", batch: { mpid: "-7346244611012968789", events: [] } };
  const text = JSON.stringify({ events: [batch] }).replace('"-7346244611012968789"', "-7346244611012968789");

  const response = await world.send("POST", "/v1/preview", {
    headers: { "content-type": "application/json" },
    body: text,
  });

  expect(response.status).toBe(200);
});

test("a period that ends before it begins is refused, instead of being empty", async () => {
  const backwards = { from: range.to, to: range.from };

  for (const call of [
    world.client.listRejected({ params, query: backwards }),
    world.client.listHeld({ params, query: backwards }),
    world.client.replayRejected({ params, body: backwards }),
  ])
    expect(await problemOf(call)).toMatchObject({
      status: 400,
      errors: [{ code: "out_of_range", message: "must not be before from" }],
    });
});

test("nothing is put back for a tenant that is deleting", async () => {
  await world.client.deleteTenant({ params });

  expect(await problemOf(world.client.replayRejected({ params, body: range }))).toMatchObject({
    status: 409,
    code: "conflict",
  });
});
