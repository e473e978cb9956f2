import { describe, expect, it } from "vitest";
import { checkBody } from "../../../functions/onboarding-api/check-body.ts";
import { FeedSettingsSchema } from "../../../shared/api/feed.schema.ts";
import { ConfigError } from "../../../shared/core/config-error.ts";
import { parseFeed } from "../../../shared/core/validators.ts";
import { action, WRONG, WRONG_COMMERCE, WRONG_VALUES } from "./wrong-documents.ts";

/** Place and sentence of all that the API says of a feed's mapping. */
function errorsOf(mapping: unknown): (readonly [string | undefined, string])[] {
  const checked = checkBody(FeedSettingsSchema, { mapping });
  return "errors" in checked ? checked.errors.map(({ pointer, message }) => [pointer, message] as const) : [];
}

describe("a wrong mapping document", () => {
  it.each(WRONG)("with %s gets one error that names the place", (_, mapping, place, message) => {
    expect(errorsOf(mapping)).toEqual([[`/mapping${place}`, message]]);
  });

  it.each(WRONG_VALUES)("that gives %s gets one error that names the place", (_, mapping, place, message) => {
    expect(errorsOf(mapping)).toEqual([[`/mapping${place}`, message]]);
  });

  it.each(WRONG_VALUES)("that gives %s is delivered by where it is stored already", (_, mapping) => {
    expect(() => parseFeed({ feedId: "a", mapping })).not.toThrow();
  });

  it.each(WRONG_COMMERCE)("with %s gets one error that names the place", (_, commerce, place, message) => {
    const mapping = { rules: [{}, { event: "A", commerce }] };

    expect(errorsOf(mapping)).toEqual([[`/mapping/rules/1/commerce${place}`, message]]);
  });

  it("with two mistakes gets an error for each", () => {
    expect(errorsOf({ unmapped: "keep", rules: [{ evnt: "A" }] })).toEqual([
      ["/mapping/unmapped", "must be one of custom_event, drop, reject"],
      ["/mapping/rules/0/evnt", "is not documented: did you mean event?"],
    ]);
  });

  it.each(WRONG.filter(([, mapping]) => !("denyUserAttributes" in (mapping as object))))(
    "with %s is refused by the functions too",
    (_, mapping) => {
      expect(() => parseFeed({ feedId: "a", mapping })).toThrow(ConfigError);
    },
  );

  it.each([
    ["a place for want of another", { userIdentities: { other: ["anonymousId", "context.device.id"] } }],
    ["a list as text", { userIdentities: { other: { set: ["a", "b"], convert: { join: "-" } } } }],
    ["a constant for some events", { rules: [{ event: "A", userIdentities: { other: { value: "a" } } }] }],
    ["a constant for want of what events say", { userIdentities: { other: { key: "a", value: "b" } } }],
    ["one address for all", { ip: { value: "203.0.113.7" } }],
  ])("may give %s", (_, mapping) => {
    expect(errorsOf(mapping)).toEqual([]);
  });

  it.each([
    ["a place", { map: action({ action: "properties.action", products: "properties.items" }) }],
    ["a conversion", { map: action({ action: { value: "PURCHASE", convert: "lower" } }) }],
    ["nothing", { map: action({ action: { value: null }, total_amount: { value: "" } }) }],
    ["what senders write otherwise", { map: action({ action: { value: "remove_from_wishlist" } }) }],
  ])("is not one whose commerce comes from %s", (_, commerce) => {
    expect(errorsOf({ rules: [{ event: "A", commerce }] })).toEqual([]);
  });
});
