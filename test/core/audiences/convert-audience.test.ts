import { describe, expect, it, test } from "vitest";
import { contributionOf, convert, MOMENT, noticed, type Setup } from "../convert/support.ts";

type Fields = Record<string, unknown>;

const told = (over: Fields): Fields => ({
  type: "audience",
  messageId: "m-1",
  timestamp: MOMENT,
  userId: "u-1",
  ...over,
});
const mirror = (audiences: string[], over: Fields = {}) => told({ action: "mirror", audiences, ...over });
const setup = (audiences: Fields, rest: Setup = {}): Setup => ({ ...rest, feed: { audiences } });

function said(event: Fields, given?: Setup) {
  const { userAttributes, deletedUserAttributes, events } = contributionOf(event, given);
  expect(events).toEqual([]);
  return { set: userAttributes, deleted: deletedUserAttributes };
}

describe("without the consent that the feed requires", () => {
  const given: Setup = { feed: { consent: { required: ["ads"] } } };
  const traits = { email: "ada@example.com", plan: "plus", old: null };
  const context = {
    ip: "203.0.113.7",
    device: { type: "ios", advertisingId: "6D92078A-8246-4BA4-AE5B-76104861E7DC", model: "iPhone16,2" },
    app: { name: "Shop" },
  };
  const removal = told({ action: "remove", audience: "VIP", traits, context });

  it.each([
    told({ action: "add", audience: "VIP" }),
    told({ action: "upsert", audience: "VIP" }),
    mirror([]),
  ])("%o is filtered", (event) => {
    expect(convert(event, given)).toMatchObject({ kind: "filtered", rule: "consent:ads" });
  });

  it("who leaves an audience does so, and nothing else is told of them", () => {
    const { envelope, userAttributes, deletedUserAttributes } = contributionOf(removal, given);

    expect({ envelope, userAttributes, deletedUserAttributes }).toEqual({
      envelope: { userIdentities: { customer_id: "u-1", email: "ada@example.com" } },
      deletedUserAttributes: ["audience_VIP"],
    });
  });

  it("a device that nobody is known by names who leaves", () => {
    const { envelope } = contributionOf({ ...removal, userId: null, traits: null }, given);

    expect(envelope).toEqual({
      deviceInfo: { platform: "iOS", ios_advertising_id: "6D92078A-8246-4BA4-AE5B-76104861E7DC" },
    });
  });

  it("with it, all is told", () => {
    const consented = { ...context, consent: { categoryPreferences: { ads: true } } };
    const { envelope, userAttributes } = contributionOf({ ...removal, context: consented }, given);

    expect(userAttributes).toMatchObject({ plan: "plus" });
    expect(envelope).toMatchObject({ ip: "203.0.113.7", applicationInfo: {}, deviceInfo: {} });
  });
});

describe("an attribute for each audience", () => {
  test.each(["add", "upsert"])("%s sets it", (action) => {
    expect(said(told({ action, audience: "VIP" }))).toEqual({ set: { audience_VIP: "true" } });
  });

  it("remove really removes it", () => {
    expect(said(told({ action: "remove", audience: "VIP" }))).toEqual({ deleted: ["audience_VIP"] });
  });

  it("has the name and value that the feed says", () => {
    const given = setup({ prefix: "seg.", value: "member" }, { mapping: { attributePrefix: "acme_" } });

    expect(said(told({ action: "add", audience: "VIP" }), given)).toEqual({
      set: { "acme_seg.VIP": "member" },
    });
    expect(said(told({ action: "remove", audience: "VIP" }), given)).toEqual({ deleted: ["acme_seg.VIP"] });
  });

  it("loses the sign of mParticle's own names from its prefix, as the mapping's prefix does", () => {
    const given = setup({ prefix: "$a_" }, { mapping: { attributePrefix: "$acme_" } });

    expect(said(told({ action: "add", audience: "VIP" }), given)).toEqual({ set: { acme_a_VIP: "true" } });
    expect(convert(told({ action: "add", audience: "VIP" }), given).findings).toEqual([]);
  });

  it("mirror sets those that are named, and removes the other known ones", () => {
    const given = setup({ known: ["a", "b", "c"] });

    expect(said(mirror(["b"]), given)).toEqual({
      set: { audience_b: "true" },
      deleted: ["audience_a", "audience_c"],
    });
    expect(said(mirror([]), given)).toEqual({ deleted: ["audience_a", "audience_b", "audience_c"] });
  });

  it("mirror tells of an audience that no later mirror takes away", () => {
    const given = setup({ known: ["a"] });

    expect(said(mirror(["a", "new"]), given)).toEqual({ set: { audience_a: "true", audience_new: "true" } });
    expect(noticed(mirror(["a", "new"]), given)).toEqual(["audience_not_known audiences[1]"]);
  });

  it("mirror is rejected where no audience is known: it could take nothing away", () => {
    expect(noticed(mirror(["a"]))).toEqual([
      "audience_known_missing audiences",
      "audience_not_known audiences[0]",
    ]);
    expect(convert(mirror(["a"])).kind).toBe("rejected");
  });
});

describe("audiences whose names are no names of attributes keep attributes of their own", () => {
  const long = "a".repeat(255);
  const attributeOf = (audience: string, given?: Setup, action = "add") => {
    const { set = {}, deleted = [] } = said(told({ action, audience }), given);
    const [name, ...others] = action === "add" ? Object.keys(set) : deleted;
    expect(others).toEqual([]);
    return name ?? "";
  };

  test.each<[string, string, string, Setup?]>([
    ["too long", `${long}1`, "attribute_name_cut"],
    [
      "too long with the feed's prefix",
      "a".repeat(200),
      "attribute_name_cut",
      { mapping: { attributePrefix: "p".repeat(64) } },
    ],
    ["mParticle's own", "$age", "attribute_name_reserved", setup({ prefix: "" })],
    ["of broken Unicode", "a\ud800", "text_repaired"],
  ])("%s", (_, audience, code, given) => {
    const other = `${audience.slice(0, -1)}2`;
    const name = attributeOf(audience, given);

    expect(name.length).toBeLessThanOrEqual(256);
    expect(name).toMatch(/_[0-9a-f]{12}$/);
    expect(attributeOf(audience, given, "remove")).toBe(name);
    expect(attributeOf(other, given)).not.toBe(name);
    expect(noticed(told({ action: "add", audience }), given)).toEqual([`${code} audience`]);
  });

  it("when they are mirrored too", () => {
    const names = [`${long}1`, `${long}2`, `${long}3`];
    const { set, deleted } = said(mirror(names.slice(0, 2)), setup({ known: names }));

    expect(Object.keys(set ?? {})).toEqual(names.slice(0, 2).map((name) => attributeOf(name)));
    expect(deleted).toEqual([attributeOf(`${long}3`)]);
  });

  it("beside those that have the fitted name", () => {
    const given = setup({ prefix: "" });

    expect(attributeOf("$VIP", given)).toMatch(/^VIP_[0-9a-f]{12}$/);
    expect(attributeOf("VIP", given)).toBe("VIP");
  });

  it("and names that fit stay as they are", () => {
    const fits = "a".repeat(256 - "audience_".length);

    expect(attributeOf(fits)).toBe(`audience_${fits}`);
    expect(attributeOf("VIP $ Ünïcode.")).toBe("audience_VIP $ Ünïcode.");
  });
});

describe("one list attribute", () => {
  const list = setup({ as: "list", attribute: "groups" });

  it("is set as a whole by mirror", () => {
    expect(said(mirror(["b", "a", "b"]), list)).toEqual({ set: { groups: ["b", "a"] } });
    expect(said(mirror([]), list)).toEqual({ set: { groups: [] } });
  });

  test.each(["add", "upsert", "remove"])("cannot be changed by %s", (action) => {
    const conversion = convert(told({ action, audience: "VIP" }), list);

    expect(conversion.kind).toBe("rejected");
    expect(conversion.findings[0]).toMatchObject({ code: "audience_list_needs_mirror", path: "action" });
  });
});

it("names and describes its user as identify does", () => {
  const event = told({ action: "add", audience: "VIP", traits: { email: "ada@example.com", plan: "plus" } });
  const { envelope, userAttributes } = contributionOf(event);

  expect(envelope.userIdentities).toEqual({ customer_id: "u-1", email: "ada@example.com" });
  expect(userAttributes).toEqual({ plan: "plus", audience_VIP: "true" });
});

it("takes an e-mail address alone, and the phone where the feed takes it as an identity", () => {
  const event = told({ userId: null, action: "add", audience: "a", traits: { phone: "+44 20 7946 0102" } });

  expect(noticed(event)).toEqual(["identity_missing"]);
  expect(contributionOf(event, { mapping: { phoneAsIdentity: true } }).envelope.userIdentities).toEqual({
    mobile_number: "+442079460102",
  });
});

it("says membership whatever names of attributes the feed allows or denies", () => {
  const event = (over: Fields) => told({ audience: "VIP", traits: { plan: "a", tier: 1 }, ...over });
  const allowing = { mapping: { allowUserAttributes: ["plan"] } };
  const denying = { mapping: { denyUserAttributes: ["tier", "audience_*"] } };

  for (const given of [allowing, denying]) {
    expect(said(event({ action: "add" }), given)).toEqual({ set: { plan: "a", audience_VIP: "true" } });
    expect(said(event({ action: "remove" }), given)).toEqual({
      set: { plan: "a" },
      deleted: ["audience_VIP"],
    });
  }
});

it("counts before a trait of the same name", () => {
  const event = told({ action: "remove", audience: "VIP", traits: { audience_VIP: "true" } });

  expect(said(event)).toEqual({ deleted: ["audience_VIP"], set: undefined });
});

it("has an id of its time where it gives none: who comes back is no repetition", () => {
  const id = (timestamp: string) =>
    contributionOf(told({ messageId: null, timestamp, action: "add", audience: "a" })).messageId;

  expect(id(MOMENT)).toBe(id(MOMENT));
  expect(id(MOMENT)).not.toBe(id("2024-01-29T14:53:21.000Z"));
});
