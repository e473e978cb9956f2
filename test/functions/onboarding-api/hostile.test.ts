import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OnboardingWorld, startOnboardingWorld } from "./onboarding-world.ts";

let world: OnboardingWorld;
const TENANT = "/v1/tenants/acme";
const FEED = `${TENANT}/feeds/default`;
const JSON_TYPE = { "content-type": "application/json" };

beforeAll(async () => {
  world = await startOnboardingWorld();
  await world.client.putTenant({ params: { tenantId: "acme" }, body: {} });
  await world.client.putFeed({ params: { tenantId: "acme", feedId: "default" }, body: {} });
  await world.client.putTenant({ params: { tenantId: "other" }, body: {} });
});
afterAll(() => {
  expect(world.log.lines.filter(({ level }) => level === "error")).toEqual([]);
  return world.close();
});

const put = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = JSON_TYPE) => {
  const response = await world.send("PUT", FEED, { headers, body });
  return [response.status, ((await response.json()) as { code?: string }).code];
};

/** Sends a path as it is: fetch would resolve and encode it. */
function raw(method: string, path: string): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const { port } = new URL(world.gateway.url);
  const headers = { authorization: "Bearer test-token-0123456789" };
  const sent = request({ host: "127.0.0.1", port, method, path, headers }, async (response) => {
    response.setEncoding("utf8");
    let body = "";
    for await (const chunk of response) body += chunk;
    resolve({ status: response.statusCode ?? 0, body });
  });
  sent.on("error", reject);
  sent.end();
  return promise;
}

test.each([
  ["nothing", "", 400, "not_json"],
  ["half an object", '{"kind":', 400, "not_json"],
  ["a number", "1", 400, "invalid_request"],
  ["null", "null", 400, "invalid_request"],
  ["a list", "[]", 400, "invalid_request"],
  ["one name twice", '{"kind":"partner","kind":"custom"}', 400, "not_json"],
  ["one name twice, written differently", '{"kind":"partner","\\u006bind":"custom"}', 400, "not_json"],
  ["one name twice, deeper", '{"limits":{"eventsPerRequest":1,"eventsPerRequest":2}}', 400, "not_json"],
  ["__proto__", '{"__proto__":{"kind":"custom"}}', 400, "invalid_request"],
  ["constructor", '{"mapping":{"constructor":1}}', 400, "invalid_request"],
  ["a lone surrogate", '{"mapping":{"attributePrefix":"\\ud800"}}', 400, "not_json"],
  ["an unknown field", '{"knd":"custom"}', 400, "invalid_request"],
  ["a number where text is asked for", '{"kind":1}', 400, "invalid_request"],
  ["a number that JSON cannot hold", '{"historicalAfterDays":1e999}', 400, "invalid_request"],
  ["a comment", "{} // yes", 400, "not_json"],
  ["a zero byte", '{"kind":"custom"}\u0000', 400, "not_json"],
])("a body that is %s", async (_, body, status, code) => {
  expect(await put(body)).toEqual([status, code]);
});

test("a body that nests very deep", async () => {
  expect(await put(`${'{"mapping":'.repeat(5_000)}{}${"}".repeat(5_000)}`)).toEqual([400, "not_json"]);
  expect(await put("[".repeat(30_000) + "]".repeat(30_000))).toEqual([400, "not_json"]);
});

test("a body that is too large, for the route and for the gateway", async () => {
  const padded = (bytes: number) => `{}${" ".repeat(bytes - 2)}`;

  expect(await put(padded(524_288))).toEqual([200, undefined]);
  expect(await put(padded(524_289))).toEqual([413, "too_large"]);
  expect(await put(padded(11 * 1_048_576))).toEqual([413, undefined]);
});

test("a preview takes what a queue message may have, in one string or in many", async () => {
  const preview = (events: unknown[]) =>
    world.send("POST", "/v1/preview", { headers: JSON_TYPE, body: JSON.stringify({ events }) });

  expect((await preview(["x".repeat(1_048_000)])).status).toBe(200);
  expect((await preview(["x".repeat(1_048_600)])).status).toBe(413);
  expect(
    (
      await preview([
        {
          type: "track",
          properties: Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, i])),
        },
      ])
    ).status,
  ).toBe(200);
  expect((await preview([])).status).toBe(400);
  expect((await preview(Array.from({ length: 101 }, () => ({})))).status).toBe(400);
});

test.each([
  [{}, 415],
  [{ "content-type": "text/plain" }, 415],
  [{ "content-type": "application/json; charset=latin1" }, 415],
  [{ "content-type": "application/json", "content-encoding": "gzip" }, 415],
  [{ "content-type": "application/x-www-form-urlencoded" }, 415],
  [{ "content-type": "Application/JSON; Charset=UTF-8" }, 200],
])("a body of the type %j", async (headers, status) => {
  expect((await put(new TextEncoder().encode("{}"), headers as Record<string, string>))[0]).toBe(status);
});

test("a body in another encoding than UTF-8", async () => {
  expect(await put(Buffer.from('{"kind":"partner"}', "utf16le") as never)).toEqual([400, "not_json"]);
  expect(await put(new Uint8Array([0x7b, 0xff, 0x7d]))).toEqual([400, "not_json"]);
});

test.each([
  ["GET", "/v1/tenants/", 404],
  ["GET", "/v1//tenants", 404],
  ["GET", "//v1/tenants", 404],
  ["GET", "/v1/tenants//feeds", 404],
  ["GET", "/v1/tenants/acme/", 404],
  ["GET", "/v1/tenants/other/../acme", 404],
  ["GET", "/v1/tenants/..", 400],
  ["GET", "/v1/tenants/.", 400],
  ["GET", "/v1/tenants/%2e%2e", 400],
  ["GET", "/v1/tenants/acme%2ffeeds", 400],
  ["GET", "/v1/tenants/acme%2Ffeeds%2Fdefault", 400],
  ["GET", "/v1%2Ftenants", 404],
  ["GET", "/v1/tenants%2Facme", 404],
  ["PUT", "/v1/tenants%2Facme%2Ffeeds%2Fdefault%2Fcredentials", 404],
  ["GET", "/v1/%74enants", 200],
  ["GET", "/v1/tenants/acme%252ffeeds", 400],
  ["GET", "/v1/tenants/acme%00", 400],
  ["GET", "/v1/tenants/acme%20", 400],
  ["GET", "/v1/tenants/acme;x=1", 400],
  ["GET", "/v1/tenants/%61cme", 200],
  ["GET", "/v1/tenants/%2561cme", 400],
  ["GET", "/v1/tenants/ACME", 404],
  ["GET", "/v1/tenants/acme%0a", 400],
  ["GET", "/v1/tenants/tenant%23acme", 400],
  ["GET", "/v1/tenants/%E0%A4%A", 400],
  ["GET", "/v1/tenants/%ff", 400],
  ["GET", `/v1/tenants/${"a".repeat(65)}`, 400],
  ["GET", `/v1/tenants/${"a".repeat(8_000)}`, 400],
  ["GET", "/v1/openapi.json", 200],
  ["GET", "/V1/tenants", 404],
  ["GET", "/", 404],
  ["GET", "/v2/tenants", 404],
  ["GET", "/connect/nothing-here", 404],
])("%s %s is answered %i", async (method, path, status) => {
  expect((await raw(method, path)).status).toBe(status);
});

test.each(["POST", "PATCH", "HEAD", "OPTIONS", "TRACE", "PURGE"])(
  "a path has no %s that it does not document",
  async (method) => {
    const { status } = await raw(method, "/v1/tenants/acme");

    expect(status).toBe(405);
  },
);

test("says which methods a path has", async () => {
  const response = await world.send("PATCH", TENANT);

  expect(response.headers.get("allow")).toBe("PUT, GET, DELETE");
});

test.each([
  "limit=0",
  "limit=101",
  "limit=",
  "limit=1.5",
  "limit=1e1",
  "limit=0x10",
  "limit=-1",
  "limit=10&limit=20",
  "limit=%00",
  "limit=9999999999999999",
  "cursor=",
  "cursor=a&cursor=b",
  `cursor=${"a".repeat(513)}`,
  "Limit=10",
  "tenantId=other",
  "__proto__=1",
  "limit[]=1",
])("a query that is not documented: %s", async (query) => {
  expect((await world.send("GET", `/v1/tenants?${query}`)).status).toBe(400);
});

test.each([
  ["from=2026-11-20&to=2026-11-21T00:00:00Z"],
  ["from=2026-02-30T00:00:00Z&to=2026-11-21T00:00:00Z"],
  ["from=2026-11-20T00:00:00%2B01:00&to=2026-11-21T00:00:00Z"],
  ["from=2026-11-20T00:00:00Z"],
  ["from=0&to=1"],
])("instants that are none: %s", async (query) => {
  expect((await world.send("GET", `${TENANT}/rejected?${query}`)).status).toBe(400);
});

test.each([
  ['W/"abc"', 412],
  ['w/"abc"', 400],
  ['W/ "abc"', 400],
  ["abc", 400],
  ['"abc"', 412],
  ['"abc', 400],
  ['"a b"', 400],
  ['"abc" "def"', 400],
  ['"abc", "def"', 412],
  ['""', 412],
  [",", 400],
  ["*, *", 400],
  ['*, "abc"', 400],
  [`"${"a".repeat(4_000)}`, 400],
  [`"a"${" ,".repeat(2_000)} x`, 400],
])("an If-Match of %s is answered %i", async (header, status) => {
  const response = await world.send("PUT", TENANT, {
    headers: { ...JSON_TYPE, "if-match": header },
    body: "{}",
  });

  expect(response.status).toBe(status);
});

test("names the fields that are wrong, and never their values", async () => {
  const response = await world.send("PUT", FEED, {
    headers: JSON_TYPE,
    body: JSON.stringify({
      kind: "SECRET",
      pod: "SECRET",
      historicalAfterDays: 2,
      platforms: ["SECRET"],
      mapping: {
        attributePrefix: "SECRET".repeat(20),
        rules: [{ event: "A", userAttributes: { "a/b~c": { map: { x: { SECRET_: 1 } } } } }],
      },
      "SECRET-SECRET": 1,
    }),
  });

  const body = (await response.json()) as { errors: { pointer: string; code: string }[] };
  expect(body.errors.map(({ pointer, code }) => [pointer, code])).toEqual([
    ["/kind", "not_allowed"],
    ["/pod", "not_allowed"],
    ["/platforms/0", "not_allowed"],
    ["/mapping/attributePrefix", "too_long"],
    ["/mapping/rules/0/userAttributes/a~1b~0c/map/x/SECRET_", "unknown"],
    ["/historicalAfterDays", "too_small"],
    ["", "unknown"],
  ]);
  expect(JSON.stringify(body)).not.toContain("SECRETSECRET");
});

test.each([
  ['{"mapping":{"userAttributes":{"__proto__":"a.b"}}}', "/mapping/userAttributes/__proto__"],
  ['{"mapping":{"ip":{"map":{"__proto__":"a"}}}}', "/mapping/ip/map/__proto__"],
  ['{"rows":{"__proto__":{"eventType":"custom_event"}}}', "/rows/__proto__"],
  ['{"__proto__":{}}', "/__proto__"],
])("refuses %s, of which a part would get lost", async (body, place) => {
  const response = await world.send("PUT", FEED, { headers: JSON_TYPE, body });

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ pointer: place, code: "not_allowed" }] });
});

test("takes a mapping of 90 kB, and no settings that the table cannot keep", async () => {
  const names = (count: number) => Array.from({ length: count }, (_, i) => `${i}${"x".repeat(200)}`);
  const put = (body: object) => world.send("PUT", FEED, { headers: JSON_TYPE, body: JSON.stringify(body) });

  const large = await put({ mapping: { denyUserAttributes: names(440) } });
  const tooLarge = await put({
    mapping: { denyUserAttributes: names(440) },
    audiences: { known: names(1_200) },
  });

  expect(large.status).toBeLessThan(300);
  expect(tooLarge.status).toBe(400);
});

test("no answer may be kept, framed or sniffed", async () => {
  const response = await world.send("GET", TENANT);

  expect(Object.fromEntries(response.headers)).toMatchObject({
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "strict-transport-security": expect.stringContaining("max-age="),
  });
  expect(response.headers.get("x-powered-by")).toBeNull();
});
