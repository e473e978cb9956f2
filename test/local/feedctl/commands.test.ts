import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type OperationId, routeOf } from "../../../shared/api/routes.ts";
import { type FakeApi, startFakeApi, TOKEN } from "./fake-api.ts";
import { feedctl } from "./feedctl-process.ts";

let api: FakeApi;
beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.calls.length = 0;
  api.answers = {};
});

const run = (command: string, input = "") =>
  feedctl(command.split(" "), { env: { FEEDCTL_URL: api.url, FEEDCTL_TOKEN: TOKEN }, input });

const tenant = { params: { tenantId: "acme" }, query: {} };
const feed = { params: { tenantId: "acme", feedId: "ios" }, query: {} };
const period = { from: "2026-11-24T00:00:00.000Z", to: "2026-11-25T00:00:00.000Z" };
const PERIOD = "--from 2026-11-24 --to 2026-11-25";

test.each<[command: string, operationId: OperationId, request: object]>([
  ["tenants list", "listTenants", { params: {}, query: { limit: 100 } }],
  ["tenants show acme", "getTenant", tenant],
  [
    "tenants create acme blockedEvents=page,screen",
    "putTenant",
    { ...tenant, body: { blockedEvents: ["page", "screen"] } },
  ],
  ["tenants set acme blockedEvents=", "putTenant", { ...tenant, body: { blockedEvents: [] } }],
  ["tenants pause acme", "pauseTenant", tenant],
  ["tenants resume acme", "resumeTenant", tenant],
  ["tenants delete acme --yes", "deleteTenant", tenant],
  ["tenants restore acme", "restoreTenant", tenant],
  ["feeds list acme", "listFeeds", tenant],
  ["feeds show acme ios", "getFeed", feed],
  [
    "feeds create acme ios pod=eu1",
    "putFeed",
    { ...feed, body: expect.objectContaining({ pod: "eu1", kind: "partner" }) },
  ],
  [
    "feeds set acme ios pod=au1",
    "putFeed",
    { ...feed, body: expect.objectContaining({ pod: "au1", platforms: ["iOS"] }) },
  ],
  ["feeds verify acme ios", "verifyFeed", feed],
  ["feeds go-live acme ios --yes", "goLive", feed],
  ["feeds pause acme ios", "pauseFeed", feed],
  ["feeds resume acme ios", "resumeFeed", feed],
  ["feeds event-names acme ios", "getEventNames", feed],
  [
    "links create acme --feed ios --feed web --hours 5 --language en",
    "createConnectLink",
    { ...tenant, body: { feedIds: ["ios", "web"], expiresInHours: 5, language: "en" } },
  ],
  ["links list acme", "listConnectLinks", { ...tenant, query: { limit: 100 } }],
  [
    `rejected acme ${PERIOD} --feed ios --code event_invalid`,
    "listRejected",
    { ...tenant, query: { ...period, feedId: "ios", code: "event_invalid" } },
  ],
  [`held acme ${PERIOD}`, "listHeld", { ...tenant, query: period }],
  [
    `replay acme ${PERIOD} --feed ios --code a --code b`,
    "replayRejected",
    { ...tenant, body: { ...period, feedId: "ios", codes: ["a", "b"] } },
  ],
  [`ledger acme ${PERIOD} --feed ios`, "getLedger", { ...tenant, query: { ...period, feedId: "ios" } }],
  ["audit acme", "listAudit", { ...tenant, query: { limit: 50 } }],
])("%s --json calls %s and prints its answer alone", async (command, operationId, request) => {
  const { code, stdout } = await run(`${command} --json`);

  expect(code).toBe(0);
  expect(api.calls.at(-1)).toMatchObject({ operationId, request });
  expect(isAnswerOf(operationId, JSON.parse(stdout))).toBe(true);
});

test("credentials put sends what comes by standard input", async () => {
  const { code, stdout } = await run("credentials put acme ios --json", '{"apiKey":"k","apiSecret":"s"}');

  expect(code).toBe(0);
  expect(api.calls.at(-1)).toMatchObject({
    operationId: "putCredentials",
    request: { ...feed, body: { apiKey: "k", apiSecret: "s" } },
  });
  expect(isAnswerOf("putCredentials", JSON.parse(stdout))).toBe(true);
});

test.each([
  ["feeds delete acme ios --yes --json", "deleteFeed", { tenantId: "acme", feedId: "ios", deleted: true }],
  [
    "feeds reset-event-names acme ios --yes --json",
    "resetEventNames",
    { tenantId: "acme", feedId: "ios", reset: true },
  ],
  [
    "links revoke acme Zm9vYmFyYmF6cXV4 --yes --json",
    "revokeConnectLink",
    { tenantId: "acme", linkId: "Zm9vYmFyYmF6cXV4", revoked: true },
  ],
])("%s prints a document although %s answers with none", async (command, operationId, document) => {
  const { code, stdout } = await run(command);

  expect(code).toBe(0);
  expect(api.calls.at(-1)?.operationId).toBe(operationId);
  expect(JSON.parse(stdout)).toEqual(document);
});

test("names that stopped being counted are told as so many or more, and are an exit code", async () => {
  api.answers.getEventNames = () => ({
    status: 200,
    body: {
      count: 1200,
      isComplete: false,
      warningAt: 800,
      limit: 1000,
      state: "past_limit",
      meaning: "Too many.",
    },
  });

  const { code, stdout } = await run("feeds event-names acme ios");

  expect(code).toBe(7);
  expect(stdout).toBe(`names              1,200 or more
warning at         800
mParticle's limit  1,000
meaning            Too many.
`);
});

test("creating overwrites nothing, and changing only what was read", async () => {
  await run("tenants create acme");
  await run("feeds create acme ios");
  await run("tenants set acme blockedEvents=page");
  await run("feeds set acme ios pod=eu1");
  await run("feeds delete acme ios --yes");
  await run("tenants delete acme --yes");

  const conditions = api.calls
    .filter(({ operationId }) => !operationId.startsWith("get"))
    .map(({ operationId, headers }) => [operationId, headers["if-none-match"] ?? headers["if-match"]]);
  expect(conditions).toEqual([
    ["putTenant", "*"],
    ["putFeed", "*"],
    ["putTenant", '"r1"'],
    ["putFeed", '"r1"'],
    ["deleteFeed", '"r1"'],
    ["deleteTenant", '"r1"'],
  ]);
});

test("changing one field of a feed leaves the others, and its environment to go-live", async () => {
  const settings = {
    kind: "custom",
    pod: "eu1",
    platforms: ["iOS"],
    mapping: { preset: "datafly", attributePrefix: "x_", phoneAsIdentity: true, lowerCaseEmail: true },
    rows: {} as Record<string, { eventType: "custom_event" }>,
    audiences: {
      as: "list",
      attribute: "audiences",
      prefix: "audience_",
      value: "true",
      known: [] as string[],
    },
    consent: { required: ["ads"], path: "context.consent.categoryPreferences" },
    historicalAfterDays: 7,
    limits: { eventsPerRequest: 100 },
  } as const;
  const mapping = {
    ...settings.mapping,
    version: 1,
    email: "raw",
    nullTraits: "delete",
    allowUserAttributes: [] as string[],
    denyUserAttributes: ["secret"] as string[],
    allowCustomAttributes: [] as string[],
    denyCustomAttributes: [] as string[],
    userAttributes: { "Sign.Up": "traits.a" } as Record<string, string>,
    rules: [{ event: "A", ignore: true }] as { event: string; ignore: boolean }[],
  } as const;
  api.answers.getFeed = ({ params }) => ({
    status: 200,
    etag: '"r7"',
    body: {
      ...params,
      ...settings,
      platforms: [...settings.platforms],
      consent: { ...settings.consent, required: [...settings.consent.required] },
      audiences: { ...settings.audiences, known: [] },
      mapping,
      mappingVersion: 3,
      status: "active",
      environment: "production",
    },
  });

  await run("feeds set acme ios mapping.userAttributes.Sign.In=traits.b limits.eventsPerRequest= --json");

  const { request, headers } = api.calls.at(-1) ?? {};
  expect(headers?.["if-match"]).toBe('"r7"');
  expect(request?.body).toEqual({
    ...settings,
    mapping: { ...mapping, userAttributes: { "Sign.Up": "traits.a", "Sign.In": "traits.b" } },
    limits: {},
  });
});

/** Whether a document is an answer of this operation, with no field beyond it. */
function isAnswerOf(operationId: OperationId, document: unknown): boolean {
  const schemas = Object.values(routeOf(operationId).answers).flatMap(({ schema }) => schema ?? []);
  return schemas.some((schema) => {
    const result = schema.safeParse(document);
    return result.success && JSON.stringify(result.data).length === JSON.stringify(document).length;
  });
}
