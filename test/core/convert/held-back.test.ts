/** What a feed keeps to itself, whatever the format. */
import { describe, expect, it } from "vitest";
import {
  attributesOf,
  batchOf,
  contributionOf,
  convert,
  identify,
  noticed,
  type Setup,
  track,
} from "./support.ts";

const SHA256 = "405c3f6c9f87f66f172bf04889d142509e9d731d16bb1b03116d8ce814664ae4";

/** A batch in mParticle's own format, as it is sent. */
function sent(batch: Record<string, unknown>, mapping: Record<string, unknown>): Record<string, unknown> {
  const event = { type: "batch", messageId: "b", batch: { user_identities: { customer_id: "u" }, ...batch } };
  return batchOf(contributionOf(event, { mapping }));
}
const custom = (custom_attributes: Record<string, unknown>) => ({
  event_type: "custom_event",
  data: { event_name: "T", custom_event_type: "other", custom_attributes },
});
const change = (user_attribute_name: string) => ({
  event_type: "user_attribute_change",
  data: { user_attribute_name, new: "b", old: "a", deleted: false, is_new_attribute: false },
});
const identityChange = (identity_type: string) => ({
  event_type: "user_identity_change",
  data: {
    old: null,
    new: { identity_type, identity: "x", timestamp_unixtime_ms: null, created_this_batch: true },
  },
});
const attributesIn = (batch: Record<string, unknown>) =>
  (batch["events"] as { data: Record<string, unknown> }[]).map(({ data }) => data["custom_attributes"]);

describe("the lists of attributes hold for batches in mParticle's own format", () => {
  const user_attributes = {
    plan: "a",
    acme_plan: "b",
    internal_score: 1,
    acme_internal_score: 2,
    $city: "Oslo",
  };

  it.each([
    [{ denyUserAttributes: ["internal_*"] }, { plan: "a", acme_plan: "b", $city: "Oslo" }],
    [{ allowUserAttributes: ["plan"] }, { plan: "a", acme_plan: "b" }],
    [{ allowUserAttributes: ["nothing"] }, undefined],
  ])("as %j, with the feed's prefix and without", (lists, expected) => {
    expect(sent({ user_attributes }, { attributePrefix: "acme_", ...lists })["user_attributes"]).toEqual(
      expected,
    );
  });

  it("for what is deleted", () => {
    const batch = { deleted_user_attributes: ["plan", "internal_score"] };

    expect(sent(batch, { denyUserAttributes: ["internal_*"] })["deleted_user_attributes"]).toEqual(["plan"]);
  });

  it("for the attributes of events, not of products", () => {
    const products = [{ id: "p", custom_attributes: { secret: "1" } }];
    const commerce = {
      event_type: "commerce_event",
      data: { product_action: { action: "click", products }, custom_attributes: { secret: "1" } },
    };
    const batch = sent(
      { events: [custom({ cups: 2, secret: "1" }), commerce] },
      { denyCustomAttributes: ["secret"] },
    );

    expect(attributesIn(batch)).toEqual([{ cups: "2" }, undefined]);
    expect(batch).toMatchObject({ events: [{}, { data: { product_action: { products } } }] });
  });

  it("for events that tell how an attribute changed", () => {
    const batch = { events: [change("internal_score"), change("plan")] };

    expect(sent(batch, { denyUserAttributes: ["internal_*"] })["events"]).toMatchObject([
      { data: { user_attribute_name: "plan" } },
    ]);
  });
});

describe("the rule for e-mail addresses holds for batches in mParticle's own format", () => {
  const batch = {
    user_identities: { customer_id: "u", email: " Jo@X.example" },
    events: [identityChange("email"), identityChange("other")],
  };

  it.each([
    ["raw", { customer_id: "u", email: "Jo@X.example" }, ["email", "other"], undefined],
    ["omitted", { customer_id: "u" }, ["other"], undefined],
    ["hashed", { customer_id: "u" }, ["other"], { acme_email_sha256: SHA256 }],
  ])("%s", (email, user_identities, types, user_attributes) => {
    const { events, ...rest } = sent(batch, { email, attributePrefix: "acme_" });

    expect(rest).toMatchObject({ user_identities });
    expect(rest["user_attributes"]).toEqual(user_attributes);
    expect(
      (events as { data: { new: { identity_type: string } } }[]).map(({ data }) => data.new.identity_type),
    ).toEqual(types);
  });

  it("under a prefix without the sign of mParticle's own names", () => {
    const held = { email: "hashed", attributePrefix: "$acme_", denyUserAttributes: ["secret"] };

    expect(sent({ ...batch, user_attributes: { acme_secret: "s" } }, held)["user_attributes"]).toEqual({
      acme_email_sha256: SHA256,
    });
  });

  it("under a prefix that the hash's own name begins with, and a list that names it", () => {
    const mapping = { email: "hashed", attributePrefix: "email_", allowUserAttributes: ["email_sha256"] };

    expect(sent(batch, mapping)["user_attributes"]).toEqual({ email_email_sha256: SHA256 });
  });

  it("beside the attributes of the batch, of which one may have the hash's name", () => {
    const given = { ...batch, user_attributes: { plan: "a", email_sha256: "theirs" } };

    expect(sent(given, { email: "hashed" })["user_attributes"]).toEqual({ plan: "a", email_sha256: SHA256 });
  });
});

it("changes nothing of a batch where the feed keeps nothing to itself", () => {
  const events = [change("plan"), identityChange("email")];

  expect(sent({ events }, {})["events"]).toMatchObject(events);
});

describe("the attributes of an install's credit", () => {
  const event = track("Install Attributed", {
    campaign: { source: "Net", name: "C", secret: "s" },
    secret: "s",
    a: 1,
  });

  it.each<[Setup["mapping"] & object, unknown]>([
    [{ denyCustomAttributes: ["secret", "campaign_*"] }, { publisher: "Net", campaign: "C", a: "1" }],
    [
      { customAttributes: { a: null, b: "properties.a" } },
      { b: "1", publisher: "Net", campaign: "C", campaign_secret: "s", secret: "s" },
    ],
    [{ customAttributes: { "*": null, publisher: "properties.campaign.source" } }, { publisher: "Net" }],
  ])("are those that %j leaves", (mapping, expected) => {
    expect(attributesOf(event, { mapping })).toEqual(expected);
  });
});

it("tells which events of a batch are held back", () => {
  const event = {
    type: "batch",
    messageId: "m",
    batch: { user_identities: { customer_id: "u" }, events: [change("internal_score"), change("plan")] },
  } as const;

  expect(noticed(event, { mapping: { denyUserAttributes: ["internal_*"] } })).toEqual([
    "event_held_back batch.events[0]",
  ]);
});

it("rejects nothing for what is held back", () => {
  expect(
    convert(identify({ secret: "s" }), { mapping: { denyUserAttributes: ["secret"] } }).findings,
  ).toEqual([]);
});
