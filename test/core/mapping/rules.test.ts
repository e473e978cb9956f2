import { describe, expect, it } from "vitest";
import { ruleLabelOf } from "../../../shared/core/convert/convert-event.ts";
import type { PartnerEvent } from "../../../shared/core/message.schema.ts";
import {
  attributesOf,
  contributionOf,
  convert,
  convertContext,
  eventOf,
  identify,
  noticed,
  track,
} from "../convert/support.ts";

const rules = (...given: unknown[]) => ({ mapping: { rules: given } });

/** The label of the rule that counts for a track event. */
function ruleFor(event: Record<string, unknown>, setup: ReturnType<typeof rules>): string | undefined {
  return ruleLabelOf(event as PartnerEvent, convertContext(setup).feed);
}

describe("a rule names an event", () => {
  it.each([
    ["by its name, whatever the case and the blanks around it", { event: " order placed" }, "Order Placed "],
    ["by the beginning of its name", { event: { prefix: "order " } }, "Order Placed"],
    ["by a pattern", { event: { pattern: "order * by ????" } }, "Order placed twice by mail"],
    ["by a pattern of several stars", { event: { pattern: "*o*d*" } }, "Order"],
    ["by its type alone", {}, "Anything"],
    ["by any type", { type: "any" }, "Anything"],
  ])("%s", (_, rule, name) => {
    expect(ruleFor(track(name), rules({ ...rule, label: "it" }))).toBe("it");
  });

  it.each([
    ["another name", { event: "order placed" }, "Order Placed Again"],
    ["a name that begins otherwise", { event: { prefix: "order " } }, "Orders"],
    ["a name that the pattern does not cover", { event: { pattern: "order ?" } }, "order 12"],
    ["a track event, by a rule for pages", { type: "page" }, "Anything"],
  ])("and not %s", (_, rule, name) => {
    expect(ruleFor(track(name), rules({ ...rule, label: "it" }))).toBeUndefined();
  });

  it("the first of those that name it, exact or not", () => {
    const setup = rules(
      { event: { prefix: "b" }, label: "prefix" },
      { event: "bc", label: "exact" },
      { event: "a", label: "first" },
      { event: { pattern: "a*" }, label: "pattern" },
      { event: "a", label: "second" },
    );

    expect(ruleFor(track("bc"), setup)).toBe("prefix");
    expect(ruleFor(track("a"), setup)).toBe("first");
    expect(ruleFor(track("ab"), setup)).toBe("pattern");
  });

  it("before the preset's rules, which count for all others", () => {
    const setup = rules({ event: "Signed Up", label: "mine", as: "Logged In" });

    expect(ruleFor(track("signed up"), setup)).toBe("mine");
    expect(ruleFor(track("Order Completed"), setup)).toBe("segment: order completed");
  });

  it("takes time in proportion to the lengths of pattern and name, not beyond", () => {
    const setup = rules({ event: { pattern: `${"*a".repeat(120)}b` }, label: "it" });

    expect(ruleFor(track("a".repeat(1_000)), setup)).toBeUndefined();
  });
});

describe("conditions", () => {
  const event = track("T", { total: "12.5", plan: "gold", tags: ["new", 7], isNew: true });
  const holds = (...when: unknown[]) => ruleFor(event, rules({ when, label: "it" })) === "it";

  it.each([
    [{ key: "properties.plan", equals: "gold" }],
    [{ key: "properties.total", equals: 12.5 }],
    [{ key: "properties.isNew", equals: true }],
    [{ key: "properties.plan", oneOf: ["silver", "gold"] }],
    [{ key: "properties.plan", exists: true }],
    [{ key: "properties.nothing", exists: false }],
    [{ key: "properties.total", above: 12, below: 13 }],
    [{ key: "properties.plan", startsWith: "go" }],
    [{ key: "properties.plan", contains: "ol" }],
    [{ key: "properties.tags", contains: "7" }],
    [
      {
        anyOf: [
          { key: "properties.plan", equals: "x" },
          { key: "userId", exists: true },
        ],
      },
    ],
    [{ not: { key: "properties.plan", equals: "silver" } }],
  ])("%j holds", (condition) => {
    expect(holds(condition)).toBe(true);
  });

  it.each([
    [{ key: "properties.plan", equals: "Gold" }],
    [{ key: "properties.plan", above: 1 }],
    [{ key: "properties.nothing", below: 1 }],
    [{ key: "properties.tags", equals: "new" }],
    [{ not: { key: "properties.plan", exists: true } }],
    [{ anyOf: [{ key: "properties.plan", equals: "x" }] }],
  ])("%j does not hold", (condition) => {
    expect(holds(condition)).toBe(false);
  });

  it("hold all together", () => {
    expect(holds({ key: "properties.plan", exists: true }, { key: "properties.total", above: 100 })).toBe(
      false,
    );
  });
});

describe("a rule makes of an event", () => {
  it("nothing that is sent", () => {
    expect(convert(track("T"), rules({ event: "T", ignore: true }))).toEqual({
      kind: "filtered",
      rule: "ignored",
      findings: [],
    });
  });

  it("a custom event of a type, under another name", () => {
    expect(eventOf(track("T"), rules({ event: "T", name: "Tea", customEventType: "social" }))).toEqual({
      event_type: "custom_event",
      event_name: "Tea",
      custom_event_type: "social",
    });
  });

  it("an event whose name comes from a property, or is its own where that is missing", () => {
    const setup = rules({ name: { key: "properties.title" }, eventType: "custom_event" });

    expect(eventOf(track("T", { title: "Tea" }), setup)).toMatchObject({ event_name: "Tea" });
    expect(eventOf(track("T"), setup)).toMatchObject({ event_name: "T" });
  });

  it("a screen view, with its activity", () => {
    const setup = rules({ event: "T", eventType: "screen_view", activityType: "properties.kind" });

    expect(eventOf(track("T", { kind: "list" }), setup)).toEqual({
      event_type: "screen_view",
      screen_name: "T",
      activity_type: "list",
      custom_attributes: { kind: "list" },
    });
  });

  it("a profile update", () => {
    expect(contributionOf(track("T"), rules({ event: "T", eventType: "profile" })).events).toEqual([]);
  });

  it("what the Segment spec makes of another one", () => {
    const event = track("Bought", { order_id: "o-1", total: 5 });

    expect(eventOf(event, rules({ event: "Bought", as: "Order Completed" }))).toEqual({
      event_type: "commerce_event",
      product_action: { action: "purchase", transaction_id: "o-1", total_amount: 5 },
    });
  });

  it("an event of an identify, group or page call", () => {
    const setup = rules({ type: "any", eventType: "custom_event" });

    expect(eventOf(identify({ plan: "gold" }), setup)).toMatchObject({ event_name: "identify" });
    expect(eventOf({ type: "page", messageId: "p", userId: "u", name: "Home" }, setup)).toMatchObject({
      event_name: "Home",
    });
  });

  it("a commerce event by an action, with fields laid over what the Segment spec reads", () => {
    const setup = rules({
      event: "Bought",
      action: "purchase",
      commerce: {
        map: {
          currency_code: { value: "eur" },
          product_action: { map: { transaction_id: "properties.receipt", total_amount: "properties.sum" } },
        },
      },
    });

    expect(
      eventOf(track("Bought", { receipt: "r-1", sum: "9.90", products: [{ sku: "A" }] }), setup),
    ).toEqual({
      event_type: "commerce_event",
      currency_code: "EUR",
      product_action: {
        action: "purchase",
        transaction_id: "r-1",
        total_amount: 9.9,
        products: [{ id: "A" }],
      },
      custom_attributes: { receipt: "r-1", sum: "9.90" },
    });
  });

  it("a commerce event of nothing but mapped fields, products included", () => {
    const products = {
      loop: ["properties.items", { map: { id: "ref", price: "cost", quantity: { value: 1 } } }],
    };
    const setup = rules({
      event: "Bought",
      eventType: "commerce_event",
      commerce: { map: { product_action: { map: { action: { value: "purchase" }, products } } } },
      customAttributes: { "*": null },
    });

    expect(eventOf(track("Bought", { items: [{ ref: "A", cost: "1.5" }, { cost: 2 }] }), setup)).toEqual({
      event_type: "commerce_event",
      product_action: { action: "purchase", products: [{ id: "A", price: 1.5, quantity: 1 }] },
    });
  });

  it("a commerce event whose products are mapped, and whose amounts the Segment spec reads", () => {
    const commerce = {
      map: { product_action: { map: { products: { loop: ["properties.items", { map: { id: "ref" } }] } } } },
    };
    const setup = rules({ event: "add", action: "add_to_cart", requires: "product", commerce });
    const properties = { value: 30.03, currency: "USD", coupon: "X", items: [{ ref: "A" }] };

    expect(eventOf(track("add", properties), setup)).toEqual({
      event_type: "commerce_event",
      currency_code: "USD",
      product_action: {
        action: "add_to_cart",
        total_amount: 30.03,
        coupon_code: "X",
        products: [{ id: "A" }],
      },
      custom_attributes: { items: '[{"ref":"A"}]' },
    });
  });

  it("a commerce event of another kind than its action, where its commerce gives that", () => {
    const promotions = { set: [{ map: { id: "properties.banner" } }] };
    const commerce = {
      map: { promotion_action: { map: { action: { value: "view" }, promotions } } },
    };
    const setup = rules({ event: "seen", action: "click", requires: "product", commerce });

    expect(eventOf(track("seen", { banner: "b" }), setup)).toMatchObject({
      promotion_action: { action: "view", promotions: [{ id: "b" }] },
    });
  });

  it("a promotion whose action the rule names, and whose promotions are mapped", () => {
    const promotions = { set: [{ map: { id: "properties.banner" } }] };
    const commerce = { map: { promotion_action: { map: { promotions } } } };
    const event = track("T", { banner: "b" });

    for (const [promotion, given, action] of [
      ["view", commerce, "view"],
      ["view", { map: { promotion_action: { map: { action: { value: "click" }, promotions } } } }, "click"],
    ] as const)
      expect(eventOf(event, rules({ promotion, commerce: given }))).toMatchObject({
        event_type: "commerce_event",
        promotion_action: { action, promotions: [{ id: "b" }] },
      });
    // A currency alone makes no promotion.
    const currency = { map: { currency_code: { value: "EUR" } } };
    expect(noticed(track("T"), rules({ promotion: "view", commerce: currency }))).toEqual([
      "commerce_degraded properties",
    ]);
  });

  it("a promotion, an impression, a transition, a crash, an uninstall", () => {
    expect(eventOf(track("T", { promotion_id: "p" }), rules({ promotion: "click" }))).toMatchObject({
      promotion_action: { action: "click", promotions: [{ id: "p" }] },
    });
    expect(eventOf(track("T", { products: [{ sku: "A" }] }), rules({ impression: true }))).toMatchObject({
      product_impressions: [{ products: [{ id: "A" }] }],
    });
    expect(eventOf(track("T"), rules({ transition: "application_background" }))).toMatchObject({
      application_transition_type: "application_background",
    });
    expect(eventOf(track("T"), rules({ eventType: "crash_report" }))).toMatchObject({ message: "T" });
    expect(eventOf(track("T"), rules({ eventType: "uninstall" }))).toEqual({ event_type: "uninstall" });
  });

  it("a custom event where its commerce gives nothing that mParticle takes", () => {
    const setup = rules({ event: "T", eventType: "commerce_event", commerce: "properties.nothing" });

    expect(eventOf(track("T"), setup)).toMatchObject({ custom_event_type: "transaction" });
    expect(noticed(track("T"), setup)).toEqual(["commerce_degraded properties"]);
  });

  it("what it is without the rule, where that says nothing of it", () => {
    const setup = rules({ event: "Order Completed", customAttributes: { source: { value: "shop" } } });

    expect(eventOf(track("Order Completed", { order_id: "o" }), setup)).toEqual({
      event_type: "commerce_event",
      product_action: { action: "purchase", transaction_id: "o" },
      custom_attributes: { source: "shop" },
    });
  });
});

describe("a rule beside what is native", () => {
  it("renames what it reads as another event", () => {
    const setup = rules({ event: "Registered", as: "Signed Up", name: "registered" });

    expect(eventOf(track("Registered"), setup)).toMatchObject({ event_name: "registered" });
  });

  it("lays its commerce over what is read of the event without it", () => {
    const setup = rules({ event: "Order Completed", commerce: { map: { screen_name: { value: "cart" } } } });

    expect(eventOf(track("Order Completed", { order_id: "o" }), setup)).toMatchObject({
      event_type: "commerce_event",
      screen_name: "cart",
      product_action: { action: "purchase", transaction_id: "o" },
    });
  });

  it.each([
    [{ name: "Page Viewed" }, "Page Viewed", { url: "/t", name: "Teas", category: "Shop" }],
    [{ as: "Signed Up" }, "sign_up", { url: "/t", name: "Teas", category: "Shop" }],
    [{}, "Teas", { url: "/t", category: "Shop" }],
    [{ customAttributes: { "*": null } }, "Teas", undefined],
  ])("makes of a page a custom event that knows the page's name, by %j", (rule, name, attributes) => {
    const page = { type: "page", messageId: "m", userId: "u", name: "Teas", category: "Shop" };
    const setup = rules({ type: "page", ...(!("as" in rule) && { eventType: "custom_event" }), ...rule });

    const made = eventOf({ ...page, properties: { url: "/t" } }, setup);

    expect(made["event_name"]).toBe(name);
    expect(made["custom_attributes"]).toEqual(attributes);
  });

  it("leaves a page the name that it has", () => {
    const page = { type: "page", messageId: "m", userId: "u", name: "Signed Up" };

    expect(
      eventOf(page, rules({ type: "page", event: "Signed Up", eventType: "custom_event" })),
    ).toMatchObject({
      event_name: "Signed Up",
    });
  });

  it("names the list of impressions that its commerce leaves without a name", () => {
    const commerce = { map: { product_impressions: { set: [{ map: { products: "properties.items" } }] } } };
    const event = track("T", { items: [{ id: "A" }] });

    expect(eventOf(event, rules({ event: "T", commerce }))).toMatchObject({
      product_impressions: [{ product_impression_list: "unknown", products: [{ id: "A" }] }],
    });
  });
});

describe("events that no rule names", () => {
  it("are rejected where the feed says so, with a reason", () => {
    const conversion = convert(track("T"), { mapping: { unmapped: "reject" } });

    expect(conversion).toMatchObject({ kind: "rejected", findings: [{ code: "event_unmapped" }] });
    expect(convert(track("Signed Up"), { mapping: { unmapped: "reject" } }).kind).toBe("contribution");
  });
});

describe("attributes of a rule", () => {
  it("are laid over those of the document, field by field", () => {
    const mapping = {
      customAttributes: { a: { value: "document" }, b: { value: "document" } },
      rules: [{ event: "T", customAttributes: { b: { value: "rule" }, c: "properties.x" } }],
    };

    expect(attributesOf(track("T", { x: 1 }), { mapping })).toEqual({
      a: "document",
      b: "rule",
      c: "1",
      x: "1",
    });
    expect(attributesOf(track("U"), { mapping })).toEqual({ a: "document", b: "document" });
  });
});
