import { describe, expect, it } from "vitest";
import { TRACK_RULES } from "../../../shared/core/convert/event-table.ts";
import { scopeOf } from "../../../shared/core/mapping/compile-value.ts";
import { type MappingDocument, MappingSchema } from "../../../shared/core/mapping/mapping.schema.ts";
import { compileMapping } from "../../../shared/core/mapping/plan.ts";
import { DATAFLY } from "../../../shared/core/mapping/presets/datafly.ts";
import { SEGMENT } from "../../../shared/core/mapping/presets/segment.ts";
import { WALKEROS } from "../../../shared/core/mapping/presets/walkeros.ts";
import type { TrackEvent } from "../../../shared/core/message.schema.ts";
import { batchOf, contributionOf, convert, noticed, type Setup, track } from "../convert/support.ts";

describe("the documents of the presets", () => {
  it.each([
    ["segment", SEGMENT],
    ["datafly", DATAFLY],
    ["walkeros", WALKEROS],
  ])("%s is of the schema, and compiles", (_, document) => {
    const mapping = MappingSchema.parse(document);

    expect(compileMapping(mapping).ruleOf).toBeTypeOf("function");
  });
});

describe("the segment document", () => {
  const plan = compileMapping(MappingSchema.parse(SEGMENT));

  it("has a rule for each event of the native table, and no other", () => {
    const named = (SEGMENT.rules ?? []).flatMap(({ event }) =>
      typeof event === "string" ? [event.toLowerCase()] : [],
    );

    expect(new Set(named)).toEqual(new Set(TRACK_RULES.keys()));
  });

  it.each([...TRACK_RULES.keys()])("makes of %s what the native table makes of it", (event) => {
    const given: TrackEvent = { type: "track", event };

    const rule = plan.ruleOf(given, scopeOf(given));

    expect(rule?.label).toMatch(/^rules\[/);
    expect(rule?.target).toEqual(TRACK_RULES.get(event));
    expect(rule?.name).toBeUndefined();
  });

  it.each([
    track("Signed Up", { plan: "gold" }),
    track("Order Completed", { order_id: "o", total: 9, products: [{ sku: "A", price: 3, quantity: 3 }] }),
    track("Checkout Step Viewed", { step: 2, payment_method: "card" }),
    track("Application Installed", { version: "1" }),
    track("Tea Brewed", { cups: 2 }),
    { type: "page", messageId: "m", userId: "u", name: "Home" },
    { type: "group", messageId: "m", userId: "u", groupId: "g" },
  ])("converts %j as the native mapping does", (event) => {
    expect(convert(event, { mapping: { ...SEGMENT } })).toEqual(convert(event));
  });
});

describe("the walkeros preset", () => {
  const mapping = (given: MappingDocument = {}) => ({
    mapping: {
      preset: "walkeros",
      userIdentities: { customer_id: "user.id", email: "user.email" },
      sourceRequestId: "id",
      ...given,
    },
  });
  const walker = (
    name: string,
    data: Record<string, unknown>,
    user: Record<string, unknown> = { id: "user-123" },
  ) => {
    const id = "1700000100000-gr0up-1";
    return { type: "track", event: name, messageId: id, id, timestamp: 1700000100000, data, user };
  };
  const common = { timestamp_unixtime_ms: 1700000100000, source_message_id: "1700000100000-gr0up-1" };

  it("sends an event as a custom event of its name, without its data", () => {
    const contribution = contributionOf(walker("product view", { id: "SKU-A1", price: 129.99 }), mapping());

    expect(batchOf(contribution)).toEqual({
      environment: "production",
      user_identities: { customer_id: "user-123" },
      events: [
        {
          event_type: "custom_event",
          data: { event_name: "product view", custom_event_type: "other", ...common },
        },
      ],
    });
    expect(contribution.envelope.sourceRequestId).toBe("1700000100000-gr0up-1");
  });

  it("reads identities as walkerOS does: booleans as text", () => {
    const given = mapping({
      userIdentities: { customer_id: "user.id", email: "user.email", other: "user.hash" },
    });
    const event = walker("product view", {}, { id: "", email: "", hash: true });

    expect(contributionOf(event, given).envelope.userIdentities).toEqual({ other: "true" });
    expect(noticed(event, given)).toEqual([]);
    expect(noticed(event, { mapping: { ...given.mapping, preset: "segment" } })).toEqual([
      "identity_missing",
      "identity_invalid userIdentities.other",
    ]);
  });

  it.each(["", " ", null, undefined])(
    "takes the event's id where the mapping gives %j for one",
    (requestId) => {
      const given = mapping({ sourceRequestId: "data.requestId" });
      const idOf = (event: Record<string, unknown>, setup: Setup) =>
        contributionOf(event, setup).envelope.sourceRequestId;
      const event = walker("product view", { requestId });

      expect(idOf(event, given)).toBe("1700000100000-gr0up-1");
      expect(idOf(event, { mapping: { ...given.mapping, preset: "segment" } })).toBeUndefined();
      expect(noticed(event, given)).toEqual([]);
      expect(idOf(walker("product view", { requestId: "r-1" }), given)).toBe("r-1");
      expect(idOf(event, mapping({ sourceRequestId: null }))).toBeUndefined();
    },
  );

  it("sends a screen view under the event's name", () => {
    const rules: MappingDocument["rules"] = [{ event: "page view", eventType: "screen_view" }];

    expect(contributionOf(walker("page view", { title: "Checkout" }), mapping({ rules })).events).toEqual([
      { event_type: "screen_view", data: { screen_name: "page view", ...common } },
    ]);
  });

  it("sends a commerce event of what its mapping gives", () => {
    const commerce = {
      map: {
        currency_code: "data.currency",
        product_action: {
          map: { action: { value: "purchase" }, transaction_id: "data.id", total_amount: "data.total" },
        },
      },
    };
    const rules: MappingDocument["rules"] = [
      { event: "order complete", eventType: "commerce_event", commerce },
    ];
    const event = walker("order complete", { id: "ORD-300", total: 249.99, currency: "EUR" });

    expect(contributionOf(event, mapping({ rules })).events).toEqual([
      {
        event_type: "commerce_event",
        data: {
          ...common,
          currency_code: "EUR",
          product_action: { action: "purchase", transaction_id: "ORD-300", total_amount: 249.99 },
        },
      },
    ]);
  });

  it("sends the identities, attributes and data that are mapped, by event too", () => {
    const rules: MappingDocument["rules"] = [
      {
        event: "form submit",
        name: "Form",
        customAttributes: { "*": "data" },
        userAttributes: { newsletter: { value: true } },
        userIdentities: { other: "user.session" },
      },
    ];
    const user = { id: "user-123", email: "user@example.com", session: "s1" };

    const contribution = contributionOf(
      walker("form submit", { type: "newsletter" }, user),
      mapping({ rules }),
    );

    expect(batchOf(contribution)).toMatchObject({
      user_identities: { customer_id: "user-123", email: "user@example.com", other: "s1" },
      user_attributes: { newsletter: "true" },
      events: [{ data: { event_name: "Form", custom_attributes: { type: "newsletter" } } }],
    });
  });
});
