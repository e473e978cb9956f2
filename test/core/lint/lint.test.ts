import { describe, expect, it } from "vitest";
import type { Finding } from "../../../shared/core/finding.ts";
import { type LintContext, lintBatches } from "../../../shared/core/lint/lint-batches.ts";
import { lintEvent } from "../../../shared/core/lint/lint-event.ts";
import type { PartnerEvent } from "../../../shared/core/message.schema.ts";
import type { Route } from "../../../shared/core/route.ts";
import { parseFeed } from "../../../shared/core/validators.ts";
import { MOMENT_MS } from "../convert/support.ts";

const KNOWN = { customer_id: "u-1" };

function feed(settings: Record<string, unknown> = {}) {
  return parseFeed({ feedId: "default", environment: "production", ...settings });
}

const told = (findings: readonly Finding[] = []) =>
  findings.map(({ code, path }) => `${code} ${path}`.trim());

function lint(
  batch: Record<string, unknown>,
  { route = "live", ...context }: Partial<LintContext> & { readonly route?: Route } = {},
): string[] {
  const whole = { environment: "production", user_identities: KNOWN, ...batch };
  return told(lintBatches([{ route, batch: whole }], { feed: feed(), mode: "auto", ...context })[0]);
}

function custom(event_name: string, custom_attributes?: Record<string, string>) {
  return {
    event_type: "custom_event",
    data: { event_name, custom_event_type: "other", timestamp_unixtime_ms: MOMENT_MS, custom_attributes },
  };
}

const screen = (screen_name: string) => ({ event_type: "screen_view", data: { screen_name } });

describe("names", () => {
  it.each([
    "Viewed https://shop.example/p/1",
    "/products/shoe.html",
    "Mail opened by ada@example.com",
    "Order 0b1b2c3d-0000-4000-8000-123456789abc",
    "Cart 5f3a9c0d1e2b",
    "Order 1234567",
  ])("that hold an id or an address are told: %s", (name) => {
    expect(lint({ events: [custom(name)] })).toEqual(["name_holds_id events[0].data.event_name"]);
    expect(lint({ events: [screen(name)] })).toEqual(["name_holds_id events[0].data.screen_name"]);
  });

  it.each(["Order Completed", "Step 12", "Summer Sale 2024", "Signed up / B2B", "accessed facade"])(
    "that hold none are not: %s",
    (name) => expect(lint({ events: [custom(name)] })).toEqual([]),
  );

  it("near the limit are told", () => {
    expect(lint({ events: [custom("x".repeat(230))] })).toEqual([]);
    expect(lint({ events: [custom("x".repeat(231))] })).toEqual([
      "name_near_limit events[0].data.event_name",
    ]);
  });

  it("of screens that have none are told", () => {
    expect(lint({ events: [screen("unknown")] })).toEqual(["screen_unnamed events[0].data.screen_name"]);
  });
});

describe("event attributes", () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, "1"]));

  it("near the number that an event may have are told", () => {
    expect(lint({ events: [custom("a", many(89))] })).toEqual([]);
    expect(lint({ events: [custom("a", many(90))] })).toEqual([
      "attributes_near_limit events[0].data.custom_attributes",
    ]);
  });

  it("of the name that mParticle adds are told", () => {
    expect(lint({ events: [custom("a", { "mParticle Source Feed": "x" })] })).toEqual([
      "attribute_of_mparticle events[0].data.custom_attributes",
    ]);
  });
});

describe("identities", () => {
  it.each([
    [{ facebook: "1" }, ["identity_weak user_identities"]],
    [undefined, ["identity_weak user_identities"]],
    [{ other: "a" }, []],
    [{ customer_id: "undefined" }, ["identity_placeholder user_identities.customer_id"]],
    [{ customer_id: "0" }, ["identity_placeholder user_identities.customer_id"]],
    [{ customer_id: "10" }, []],
    [{ email: "ada" }, ["email_implausible user_identities.email"]],
    [{ email: "ada@example.com" }, []],
    [{ ...KNOWN, mobile_number: "0171 23" }, ["phone_not_international user_identities.mobile_number"]],
    [{ ...KNOWN, mobile_number: "+491712345678" }, []],
    [{ ...KNOWN, yahoo: "y" }, ["identity_unlisted user_identities.yahoo"]],
  ])("%j: %j", (user_identities, expected) => {
    expect(lint({ user_identities })).toEqual(expected);
  });

  it("are not missed where the batch names mParticle's own id", () => {
    expect(lint({ user_identities: undefined, mpid: 5 })).toEqual([]);
  });
});

describe("user attributes", () => {
  const batch = { user_attributes: { acme_tier: "gold", $city: "Oslo" } };

  it("of a partner feed should have its prefix; mParticle's own need none", () => {
    expect(lint(batch)).toEqual(["attribute_unprefixed user_attributes"]);
    expect(lint(batch, { feed: feed({ mapping: { attributePrefix: "acme_" } }) })).toEqual([]);
    expect(lint({ user_attributes: { $city: "Oslo" } })).toEqual([]);
    expect(lint(batch, { feed: feed({ kind: "custom" }) })).toEqual([]);
  });

  it("that are text here and a list there are told once they differ", () => {
    const batches = ["gold", ["gold"], "silver"].map((tier) => ({
      route: "live" as const,
      batch: { user_identities: KNOWN, user_attributes: { tier } },
    }));

    const findings = lintBatches(batches, { feed: feed({ kind: "custom" }), mode: "auto" });

    expect(findings.map(told)).toEqual([[], ["attribute_kind_varies user_attributes.tier"], []]);
  });
});

describe("devices", () => {
  it("with an id and without a platform are told", () => {
    const id = "0b1b2c3d-0000-4000-8000-123456789abc";
    expect(lint({ device_info: { ios_idfv: id } })).toEqual(["platform_missing device_info.platform"]);
    expect(lint({ device_info: { ios_idfv: id, platform: "iOS" } })).toEqual([]);
    expect(lint({ device_info: { os_version: "1" } })).toEqual([]);
  });
});

describe("events", () => {
  it("that mParticle's libraries keep books with are told", () => {
    expect(lint({ events: [{ event_type: "session_start", data: {} }] })).toEqual([
      "event_for_sdks events[0].event_type",
    ]);
  });

  it("that opt a user out are told", () => {
    const optOut = (is_opted_out: boolean) => ({ event_type: "opt_out", data: { is_opted_out } });
    expect(lint({ events: [optOut(true), optOut(false)] })).toEqual([
      "opt_out_sent events[0].data.is_opted_out",
    ]);
  });

  it("of one user within a day are told past 150", () => {
    const events = (count: number, everyMs: number) =>
      Array.from({ length: count }, (_, i) => ({
        event_type: "custom_event",
        data: { event_name: "a", custom_event_type: "other", timestamp_unixtime_ms: MOMENT_MS + i * everyMs },
      }));
    expect(lint({ events: events(150, 1) })).toEqual([]);
    expect(lint({ events: events(151, 1) })).toEqual(["events_per_user_high events"]);
    expect(lint({ events: events(151, 576_000) })).toEqual([]);
  });

  it("of one user are told once, with the batch that makes them too many", () => {
    const HOUR_MS = 3_600_000;
    const of = (id: string, count: number, atMs: number) => ({
      route: "live" as const,
      batch: {
        environment: "production",
        user_identities: { customer_id: id },
        events: Array.from({ length: count }, () => ({
          event_type: "custom_event",
          data: { event_name: "a", custom_event_type: "other", timestamp_unixtime_ms: atMs },
        })),
      },
    });
    // Two days of u-1 with 150 events each, in no order, until one more comes between them.
    const batches = [
      of("u-1", 100, MOMENT_MS),
      of("u-1", 150, MOMENT_MS - 30 * HOUR_MS),
      of("u-2", 150, MOMENT_MS),
      of("u-1", 50, MOMENT_MS + HOUR_MS),
      of("u-1", 1, MOMENT_MS - 12 * HOUR_MS),
      of("u-1", 80, MOMENT_MS),
      of("u-2", 2, MOMENT_MS + HOUR_MS),
    ];

    const findings = lintBatches(batches, { feed: feed(), mode: "auto" });

    expect(findings.map(told)).toEqual([
      [],
      [],
      [],
      [],
      ["events_per_user_high events"],
      [],
      ["events_per_user_high events"],
    ]);
  });
});

describe("routes", () => {
  it("tells what historical data is not used for", () => {
    expect(lint({}, { route: "historical" })).toEqual(["historical_not_forwarded"]);
  });

  it("tells when historical was asked for and cannot be", () => {
    expect(lint({}, { mode: "historical" })).toEqual(["historical_goes_live"]);
  });
});

it("tells when a feed that is active sends development data", () => {
  const batch = { environment: "development" };
  expect(lint(batch, { feed: feed({ status: "active" }) })).toEqual(["environment_development environment"]);
  expect(lint(batch)).toEqual([]);
});

it("tells when a trait that is null is ignored", () => {
  const event = { type: "identify", userId: "u", traits: { plan: null } } as unknown as PartnerEvent;
  const inContext = { type: "page", context: { traits: { plan: null } } } as unknown as PartnerEvent;

  expect(told(lintEvent(event, feed()))).toEqual(["trait_null_ignored traits"]);
  expect(told(lintEvent(inContext, feed()))).toEqual(["trait_null_ignored context.traits"]);
  expect(told(lintEvent(event, feed({ mapping: { nullTraits: "delete" } })))).toEqual([]);
});
