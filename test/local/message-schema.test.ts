import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, expect, test } from "vitest";
import { exampleMessages } from "../../local/examples/examples.ts";

const script = new URL("../../local/message-schema.ts", import.meta.url).pathname;
const message = {
  version: 1,
  tenantId: "acme",
  events: [{ type: "track", event: "Logged In", userId: "u-1" }],
};
let printed: Record<string, unknown>;
let validate: ValidateFunction;

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  printed = JSON.parse(stdout);
  // Strict: a keyword that the draft does not know fails the compilation.
  validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(printed);
});

test("prints a JSON Schema of draft 2020-12", () => {
  expect(printed["$schema"]).toBe("https://json-schema.org/draft/2020-12/schema");
});

test("accepts every example message but the one that is not JSON", () => {
  const refused = exampleMessages(Date.parse("2026-01-15T12:00:00Z")).filter((body) => {
    try {
      return !validate(JSON.parse(body));
    } catch {
      return true;
    }
  });

  expect(refused.map((body) => body.slice(0, 70))).toEqual([
    '{"version":1,"tenantId":"north-loyalty","events":[{"type":"track","eve',
  ]);
});

test("ignores keys that the contract does not name", () => {
  expect(validate({ ...message, traceId: "t-1", events: [{ ...message.events[0], writeKey: "w" }] })).toBe(
    true,
  );
});

test("takes an empty list for an object without members, as PHP writes it", () => {
  expect(validate({ ...message, events: [{ type: "page", properties: [], context: [] }] })).toBe(true);
});

test.each([
  { name: "text", value: "message" },
  { name: "another version", value: { ...message, version: 2 } },
  { name: "no tenant", value: { ...message, tenantId: undefined } },
  { name: "a tenant id with a space", value: { ...message, tenantId: "acme mail" } },
  { name: "a feed id of 65 characters", value: { ...message, feedId: "f".repeat(65) } },
  { name: "an unknown mode", value: { ...message, mode: "later" } },
  { name: "no events", value: { ...message, events: [] } },
  { name: "an event without a type", value: { ...message, events: [{ event: "Logged In" }] } },
  { name: "an unknown type", value: { ...message, events: [{ type: "purchase" }] } },
  { name: "a track event without a name", value: { ...message, events: [{ type: "track", userId: "u-1" }] } },
  { name: "an object as user id", value: { ...message, events: [{ type: "identify", userId: {} }] } },
  { name: "a list as properties", value: { ...message, events: [{ type: "page", properties: [1] }] } },
  { name: "a row without a model", value: { ...message, events: [{ type: "row", values: {} }] } },
  {
    name: "an audience without action",
    value: { ...message, events: [{ type: "audience", audience: "a" }] },
  },
  {
    name: "a mirror of one audience",
    value: { ...message, events: [{ type: "audience", action: "mirror", audience: "a" }] },
  },
  { name: "a batch event without its batch", value: { ...message, events: [{ type: "batch" }] } },
])("refuses $name", ({ value }) => {
  expect(validate(JSON.parse(JSON.stringify(value)))).toBe(false);
});

test("describes every field of every event kind", () => {
  interface Kind {
    readonly title: string;
    readonly properties: Record<string, object>;
  }
  const { Event } = printed["$defs"] as { Event: { oneOf: (Kind | { oneOf: Kind[] })[] } };
  const kinds = Event.oneOf.flatMap((kind) => ("oneOf" in kind ? kind.oneOf : [kind]));

  const undescribed = kinds.flatMap(({ title, properties }) =>
    Object.entries(properties)
      .filter(([field, schema]) => field !== "type" && !("description" in schema))
      .map(([field]) => `${title}.${field}`),
  );

  expect(undescribed).toEqual([]);
  expect(kinds.map(({ title }) => title)).toEqual([
    "track",
    "identify",
    "page",
    "screen",
    "group",
    "alias",
    "batch",
    "row",
    "audience",
    "audience mirror",
  ]);
});
