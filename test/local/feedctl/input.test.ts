import { expect, test } from "vitest";
import { assign } from "../../../local/feedctl/input/assignments.ts";
import { instant } from "../../../local/feedctl/input/instants.ts";
import { UsageError } from "../../../local/start/usage-error.ts";
import { FeedSettingsSchema } from "../../../shared/api/feed.schema.ts";
import { TenantSettingsSchema } from "../../../shared/api/tenant.schema.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");

test.each([
  ["now", "2026-11-24T12:00:00.000Z"],
  ["90m", "2026-11-24T10:30:00.000Z"],
  ["24h", "2026-11-23T12:00:00.000Z"],
  ["7d", "2026-11-17T12:00:00.000Z"],
  ["2026-11-20", "2026-11-20T00:00:00.000Z"],
  ["2026-11-20T03", "2026-11-20T03:00:00.000Z"],
  ["2026-11-20T03:30Z", "2026-11-20T03:30:00.000Z"],
  ["2026-11-20T03:30:10.5Z", "2026-11-20T03:30:10.500Z"],
  ["2026-11-20T03:30+02:00", "2026-11-20T01:30:00.000Z"],
])("%s is the instant %s", (text, expected) => {
  expect(instant("--from", text, NOW)).toBe(expected);
});

test.each([
  "",
  "yesterday",
  "5",
  "5w",
  "-24h",
  "1.5h",
  "2026-13-01",
  "2026-11-20T03:30",
  "2026-11-20 03:30Z",
  "20.11.2026",
])("%j is no instant", (text) => {
  expect(() => instant("--from", text, NOW)).toThrow(UsageError);
});

test.each<[string, object]>([
  ["pod=eu1", { pod: "eu1" }],
  ["historicalAfterDays=7.5", { historicalAfterDays: 7.5 }],
  ["platforms=iOS, Android", { platforms: ["iOS", "Android"] }],
  ['platforms=["iOS"]', { platforms: ["iOS"] }],
  ["consent.required=ads", { consent: { required: ["ads"] } }],
  ["mapping.phoneAsIdentity=false", { mapping: { phoneAsIdentity: false } }],
  ["mapping.attributePrefix=a=b", { mapping: { attributePrefix: "a=b" } }],
  [
    "mapping.userAttributes.plan.name=traits.plan",
    { mapping: { userAttributes: { "plan.name": "traits.plan" } } },
  ],
  [
    'mapping.userIdentities.email={"key":"traits.mail"}',
    { mapping: { userIdentities: { email: { key: "traits.mail" } } } },
  ],
  ["mapping.version=1", { mapping: { version: 1 } }],
  ["mapping.version=2", { mapping: { version: "2" } }],
  ["mapping.ip=null", { mapping: { ip: null } }],
  ['mapping.rules=[{"event":"A","ignore":true}]', { mapping: { rules: [{ event: "A", ignore: true }] } }],
  ['mapping={"preset":"datafly"}', { mapping: { preset: "datafly" } }],
  // The API says which values there are.
  ["pod=mars", { pod: "mars" }],
])("%s gives a value the type of its field", (assignment, expected) => {
  expect(assign(FeedSettingsSchema, {}, [assignment])).toEqual(expected);
});

test("changes what is named, takes away what has no value, and leaves the rest and the original", () => {
  const settings = { pod: "us1", mapping: { preset: "segment", unmapped: "drop" }, platforms: ["iOS"] };
  const before = structuredClone(settings);

  const changed = assign(FeedSettingsSchema, settings, [
    "mapping.unmapped=",
    "mapping.phoneAsIdentity=true",
    "pod=",
  ]);

  expect(changed).toEqual({ mapping: { preset: "segment", phoneAsIdentity: true }, platforms: ["iOS"] });
  expect(settings).toEqual(before);
});

test.each([
  "pod",
  "=eu1",
  "planet=mars",
  "status=active",
  "mapping.planet=mars",
  "pod.x=1",
  "constructor=1",
  "__proto__=1",
  "mapping.toString=1",
  "historicalAfterDays=soon",
  "historicalAfterDays= ",
  "mapping.phoneAsIdentity=yes",
  "platforms=[",
  "mapping=x",
  "mapping.rules=x,y",
  "mapping=@/nonexistent",
  'mapping={"preset":"datafly","preset":"segment"}',
])("%j sets nothing", (assignment) => {
  expect(() => assign(FeedSettingsSchema, {}, [assignment])).toThrow(UsageError);
});

test("a name that every object has is a name like others", () => {
  const changed = assign(FeedSettingsSchema, {}, ["mapping.userAttributes.__proto__=other"]);

  expect(JSON.stringify(changed)).toBe('{"mapping":{"userAttributes":{"__proto__":"other"}}}');
  expect(({} as Record<string, unknown>)["other"]).toBeUndefined();
});

test("blocked events of a tenant are a list, and none when nothing is given", () => {
  expect(assign(TenantSettingsSchema, {}, ["blockedEvents=page,Order Completed"])).toEqual({
    blockedEvents: ["page", "Order Completed"],
  });
  expect(assign(TenantSettingsSchema, { blockedEvents: ["page"] }, ["blockedEvents="])).toEqual({});
});

test.each([
  ["map", '{"a":', "1", "}"],
  ["list", "[", "", "]"],
])("a %s that nests very deep is refused before it is read", (_, open, inner, close) => {
  const deep = `mapping=${open.repeat(100_000)}${inner}${close.repeat(100_000)}`;

  expect(() => assign(FeedSettingsSchema, {}, [deep])).toThrow(
    new UsageError("mapping: it nests deeper than 64"),
  );
});
