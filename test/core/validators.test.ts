import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { ConfigError } from "../../shared/core/config-error.ts";
import { EventSchema, FrozenMessageSchema, MessageSchema } from "../../shared/core/message.schema.ts";
import { CredentialsSchema, FeedSchema, TenantSchema } from "../../shared/core/tenant.schema.ts";
import {
  checkEvent,
  checkFrozenMessage,
  checkMessage,
  parseCredentials,
  parseDeliverEventsEnv,
  parseFeed,
  parseFeedChanged,
  parseReleaseHeldEnv,
  parseReplayRejectedEnv,
  parseReplayRequest,
  parseTenant,
} from "../../shared/core/validators.ts";
import { mutationsOf } from "../support/mutations.ts";

const MESSAGE = {
  version: 1,
  tenantId: "acme",
  feedId: "default",
  mode: "auto",
  events: [{ type: "track" }],
};

const FROZEN_MESSAGE = {
  version: 1,
  tenantId: "acme",
  feedId: "default",
  frozen: { route: "live", batches: [{ body: "{}", hours: { "2026-03-01T11": 2 } }] },
};

const TRACK = {
  type: "track",
  messageId: "m-1",
  timestamp: "2026-11-01T10:00:00.000Z",
  userId: 12,
  anonymousId: null,
  event: "Order Completed",
  properties: { total: 12.5 },
  context: { ip: "198.51.100.7" },
  integrations: { All: true },
};

const ENV = {
  STAGE: "dev",
  QUEUE_URL: "https://sqs.example/queue",
  TABLE_NAME: "tenants",
  BUCKET_NAME: "parked",
  SECRET_PREFIX: "dev/feeds",
  PARTNER_URL: "https://inbound.mparticle.com/s2s/v2",
};

describe("checkMessage", () => {
  it.each([
    ["all fields", MESSAGE],
    ["only the required fields", { version: 1, tenantId: "a", events: [{}] }],
    ["fields of the sender's own", { ...MESSAGE, traceId: "x" }],
    ["events that are nothing known", { ...MESSAGE, events: [null, 1, { type: "row" }] }],
  ])("takes %s", (_, message) => {
    expect(checkMessage(message)).toBeUndefined();
  });

  it.each<[string, unknown, string, string]>([
    ["null", null, "", "must be object"],
    ["a list", [], "", "must be object"],
    ["no version", { tenantId: "a", events: [1] }, "version", "is required"],
    ["another version", { ...MESSAGE, version: 2 }, "version", "must be 1"],
    ["a version in text", { ...MESSAGE, version: "1" }, "version", "must be 1"],
    [
      "a tenant with a space",
      { ...MESSAGE, tenantId: "a b" },
      "tenantId",
      "must match ^[A-Za-z0-9_.-]{1,64}$",
    ],
    ["a feed id in a number", { ...MESSAGE, feedId: 1 }, "feedId", "must be string"],
    ["an unknown mode", { ...MESSAGE, mode: "old" }, "mode", "is not one of auto, live, historical"],
    ["no events", { ...MESSAGE, events: [] }, "events", "must not be empty"],
  ])("names the place and the expectation for %s", (_, message, path, problem) => {
    expect(checkMessage(message)).toEqual({ path, problem });
  });
});

describe("checkFrozenMessage", () => {
  it("takes a built request", () => {
    expect(checkFrozenMessage(FROZEN_MESSAGE)).toBeUndefined();
  });

  it.each<[string, unknown, string, string]>([
    ["an ordinary message", MESSAGE, "frozen", "is required"],
    [
      "a batch without a body",
      { ...FROZEN_MESSAGE, frozen: { route: "live", batches: [{ body: "{}", hours: {} }, { hours: {} }] } },
      "frozen.batches[1].body",
      "is required",
    ],
    [
      "half an event",
      { ...FROZEN_MESSAGE, frozen: { route: "live", batches: [{ body: "{}", hours: { now: 0.5 } }] } },
      "frozen.batches[0].hours.now",
      "must be integer",
    ],
  ])("names the place and the expectation for %s", (_, message, path, problem) => {
    expect(checkFrozenMessage(message)).toEqual({ path, problem });
  });
});

describe("checkEvent", () => {
  it.each([
    ["track", TRACK],
    ["identify", { type: "identify", userId: "1", traits: { plan: "pro" } }],
    ["page", { type: "page", name: null }],
    ["screen", { type: "screen", name: "Home" }],
    ["group", { type: "group", groupId: 7 }],
    ["alias", { type: "alias", previousId: "a" }],
    ["batch", { type: "batch", batch: {} }],
    ["PHP's empty objects", { ...TRACK, properties: [], traits: [], context: [], integrations: [] }],
  ])("takes %s", (_, event) => {
    expect(checkEvent(event)).toBeUndefined();
  });

  it.each<[string, unknown, string, string]>([
    ["text", "track", "", "must be object"],
    ["an event without a type", {}, "type", "is required"],
    ["a type that is not converted", { type: "purchase" }, "type", "is not a known type"],
    ["a row without a model", { type: "row", values: {} }, "model", "is required"],
    ["a row of text", { type: "row", model: "m", values: "a" }, "values", "must be object"],
    ["an audience without action", { type: "audience", audience: "a" }, "action", "is required"],
    [
      "an audience with another action",
      { type: "audience", action: "sync", audience: "a" },
      "action",
      "is not one of add, upsert, remove, mirror",
    ],
    ["an audience without its name", { type: "audience", action: "remove" }, "audience", "is required"],
    [
      "a mirror without audiences",
      { type: "audience", action: "mirror", audience: "a" },
      "audiences",
      "is required",
    ],
    ["a type that is no text", { type: ["track"] }, "type", "is not a known type"],
    ["a track without a name", { type: "track" }, "event", "is required"],
    ["a track with an empty name", { ...TRACK, event: "" }, "event", "must not be empty"],
    ["properties in text", { ...TRACK, properties: "{}" }, "properties", "must be object or array or null"],
    ["properties in a list", { ...TRACK, properties: [1] }, "properties", "must be an object"],
    ["an id that is a flag", { ...TRACK, userId: true }, "userId", "must be string or number or null"],
    ["a batch in text", { type: "batch", batch: "{}" }, "batch", "must be object"],
  ])("names the place and the expectation for %s", (_, event, path, problem) => {
    expect(checkEvent(event)).toEqual({ path, problem });
  });
});

describe("parseTenant and parseFeed", () => {
  it("fill in every default of the schema, at every depth", () => {
    const feed = parseFeed({
      feedId: "web",
      mapping: { preset: "datafly" },
      limits: { eventsPerRequest: 100 },
    });

    expect(feed).toEqual(
      FeedSchema.parse({ feedId: "web", mapping: { preset: "datafly" }, limits: { eventsPerRequest: 100 } }),
    );
    expect(feed.mapping).toMatchObject({ preset: "datafly", email: "raw", rules: [] });
    expect(parseTenant({ tenantId: "acme" })).toEqual({
      tenantId: "acme",
      status: "active",
      blockedEvents: [],
    });
  });

  it("leave out what the schema does not name", () => {
    const tenant = parseTenant({ tenantId: "acme", pk: "tenant#acme", sk: "profile" });

    expect(Object.keys(tenant)).toEqual(["tenantId", "status", "blockedEvents"]);
  });

  it("leave the given value as it was, and share no part of it", () => {
    const stored = { feedId: "web", platforms: ["web" as const] };

    const feed = parseFeed(stored);
    feed.platforms.push("iOS");

    expect(stored).toEqual({ feedId: "web", platforms: ["web"] });
  });

  it("give every value defaults of its own", () => {
    parseFeed({ feedId: "a" }).platforms.push("iOS");

    expect(parseFeed({ feedId: "b" }).platforms).toEqual([]);
  });

  it.each<[string, () => unknown, string, string]>([
    ["a tenant without an id", () => parseTenant({}), "tenantId", "tenantId is required"],
    ["no tenant at all", () => parseTenant(undefined), "", "must be object"],
    [
      "an unknown pod",
      () => parseFeed({ feedId: "a", pod: "us9" }),
      "pod",
      "pod is not one of us1, us2, eu1, au1",
    ],
    [
      "a young cut-over",
      () => parseFeed({ feedId: "a", historicalAfterDays: 2 }),
      "historicalAfterDays",
      "historicalAfterDays must not be less than 3",
    ],
    [
      "a long prefix",
      () => parseFeed({ feedId: "a", mapping: { attributePrefix: "x".repeat(65) } }),
      "mapping.attributePrefix",
      "mapping.attributePrefix must not be longer than 64",
    ],
    [
      "an unknown event type in the mapping",
      () =>
        parseFeed({
          feedId: "a",
          mapping: { rules: [{ event: "Plan Changed", customEventType: "attribution" }] },
        }),
      "mapping.rules[0].customEventType",
      "mapping.rules[0].customEventType is not one of navigation, location, search, transaction, user_content, user_preference, social, other, media",
    ],
    [
      "a place that no event has",
      () => parseFeed({ feedId: "a", mapping: { userIdentities: { email: "traits..email" } } }),
      "mapping.userIdentities.email",
      "mapping.userIdentities.email must be a place such as properties.total or properties.products[0].name",
    ],
  ])("throw a ConfigError for %s", (_, parse, field, message) => {
    const error = thrownBy(parse);

    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ name: "ConfigError", field, message });
  });
});

describe("parseCredentials", () => {
  it("takes a key and a secret", () => {
    expect(parseCredentials({ apiKey: "k", apiSecret: "s" })).toEqual({ apiKey: "k", apiSecret: "s" });
  });

  it("never repeats what it was given", () => {
    const error = thrownBy(() => parseCredentials({ apiKey: "top-secret-key", apiSecret: ["top-secret"] }));

    expect(error).toMatchObject({ message: "apiSecret must be string" });
    expect(JSON.stringify(error)).not.toContain("top-secret");
  });
});

describe("parseDeliverEventsEnv", () => {
  it("reads numbers from text, fills in defaults and leaves other variables out", () => {
    const env = parseDeliverEventsEnv({
      ...ENV,
      MAX_ATTEMPTS: "7",
      BACKOFF_BASE_SECONDS: "0.5",
      PATH: "/bin",
    });

    expect(env).toMatchObject({ ...ENV, MAX_ATTEMPTS: 7, BACKOFF_BASE_SECONDS: 0.5, PARTNER_IDENTITY: "" });
    expect(env).not.toHaveProperty("PATH");
  });

  it("keeps digits as text where text is asked for", () => {
    expect(parseDeliverEventsEnv({ ...ENV, STAGE: "7" }).STAGE).toBe("7");
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ["a missing variable", { ...ENV, QUEUE_URL: undefined }, "QUEUE_URL is required"],
    ["an empty variable", { ...ENV, STAGE: "" }, "STAGE must not be empty"],
    ["words for a number", { ...ENV, MAX_ATTEMPTS: "many" }, "MAX_ATTEMPTS must be integer"],
    ["nothing for a number", { ...ENV, MAX_ATTEMPTS: "" }, "MAX_ATTEMPTS must be integer"],
    ["a fraction for an integer", { ...ENV, MAX_ATTEMPTS: "1.5" }, "MAX_ATTEMPTS must be integer"],
    ["hexadecimal digits", { ...ENV, MAX_ATTEMPTS: "0x10" }, "MAX_ATTEMPTS must be integer"],
    ["too small a number", { ...ENV, MAX_ATTEMPTS: "0" }, "MAX_ATTEMPTS must not be less than 1"],
  ])("throws a ConfigError for %s", (_, vars, message) => {
    const error = thrownBy(() => parseDeliverEventsEnv(vars));

    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ message });
  });
});

describe("parseReleaseHeldEnv and parseReplayRejectedEnv", () => {
  const env = {
    QUEUE_URL: "https://sqs.example/live",
    BACKFILL_QUEUE_URL: "https://sqs.example/backfill",
    TABLE_NAME: "tenants",
    BUCKET_NAME: "parked",
  };

  it("read what their functions need, and leave other variables out", () => {
    const vars = { ...env, SECRET_PREFIX: "dev/feeds", PATH: "/bin" };

    const flow = { INITIAL_RATE: 100, BACKFILL_SHARE: 0.2 };
    expect(parseReleaseHeldEnv(vars)).toEqual({ ...env, ...flow, SECRET_PREFIX: "dev/feeds" });
    expect(parseReplayRejectedEnv({ ...vars, BACKFILL_SHARE: "0.5" })).toEqual({
      ...env,
      ...flow,
      BACKFILL_SHARE: 0.5,
    });
  });

  it("throw a ConfigError for a missing variable", () => {
    expect(() => parseReleaseHeldEnv(env)).toThrow("SECRET_PREFIX is required");
    expect(() => parseReplayRejectedEnv({ ...env, BACKFILL_QUEUE_URL: undefined })).toThrow(ConfigError);
  });
});

describe("parseReplayRequest and parseFeedChanged", () => {
  const request = {
    action: "list",
    tenantId: "acme",
    feedId: null,
    from: "2026-03-01T00:00:00Z",
    to: "2026-03-02T00:00:00.000Z",
    codes: ["too_large"],
  };

  it("take what is of their shape, and leave the rest out", () => {
    expect(parseReplayRequest({ ...request, note: "please" })).toEqual(request);
    expect(parseFeedChanged({ tenantId: "acme", feedId: "ios", why: "resumed" })).toEqual({
      tenantId: "acme",
      feedId: "ios",
    });
  });

  it.each<[string, () => unknown, string]>([
    [
      "a tenant that is none",
      () => parseReplayRequest({ ...request, tenantId: "a b" }),
      "tenantId must match",
    ],
    [
      "an instant in no zone",
      () => parseReplayRequest({ ...request, to: "2026-03-02T00:00:00" }),
      "to is not",
    ],
    ["a change of nobody", () => parseFeedChanged({}), "tenantId is required"],
  ])("throw a ConfigError for %s", (_, parse, message) => {
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(message);
  });
});

describe("the compiled checks", () => {
  it.each<[string, z.ZodType, (value: unknown) => unknown, unknown]>([
    ["messages", MessageSchema, checkMessage, MESSAGE],
    ["frozen messages", FrozenMessageSchema, checkFrozenMessage, FROZEN_MESSAGE],
    ["events", EventSchema, checkEvent, TRACK],
    ["rows", EventSchema, checkEvent, { type: "row", model: "m", values: { id: 1 }, userId: "u" }],
    ["audiences", EventSchema, checkEvent, { type: "audience", action: "add", audience: "a", traits: {} }],
    [
      "mirrors of audiences",
      EventSchema,
      checkEvent,
      { type: "audience", action: "mirror", audiences: ["a"] },
    ],
  ])("accept exactly the %s that the schema accepts", (_, schema, check, example) => {
    fc.assert(
      fc.property(mutationsOf(example), (value) => {
        expect(check(value) === undefined).toBe(schema.safeParse(value).success);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, z.ZodType, (value: unknown) => unknown, unknown]>([
    ["tenants", TenantSchema, parseTenant, { tenantId: "acme", blockedEvents: ["page"] }],
    [
      "feeds",
      FeedSchema,
      parseFeed,
      FeedSchema.parse({ feedId: "a", platforms: ["web"], limits: { eventsPerRequest: 9 } }),
    ],
    ["credentials", CredentialsSchema, parseCredentials, { apiKey: "k", apiSecret: "s" }],
  ])("make of %s exactly what the schema makes of them", (_, schema, parse, example) => {
    fc.assert(
      fc.property(mutationsOf(example), (value) => {
        const expected = schema.safeParse(value);

        const error = thrownBy(() => parse(value));
        if (!expected.success) expect(error).toBeInstanceOf(ConfigError);
        else if (error === undefined) expect(parse(value)).toEqual(expected.data);
        // What a schema cannot say of a document, the code that compiles it does.
        else
          expect(error).toMatchObject({
            name: "ConfigError",
            field: expect.stringMatching(/^(mapping|rows|consent)\./),
          });
      }),
      { numRuns: 500 },
    );
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
