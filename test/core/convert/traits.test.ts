import { describe, expect, it } from "vitest";
import { contributionOf, identify, MOMENT, noticed, type Setup, track } from "./support.ts";

function userAttributes(event: Record<string, unknown>, setup?: Setup): unknown {
  return contributionOf(event, setup).userAttributes;
}

describe("a trait", () => {
  it.each([
    [{ email: "a@b.example" }, undefined],
    [{ phone: "+47 999" }, { $mobile: "+47 999" }],
    [{ firstName: "Jo" }, { $firstname: "Jo" }],
    [{ first_name: "Jo" }, { $firstname: "Jo" }],
    [{ firstname: "Jo" }, { $firstname: "Jo" }],
    [{ lastName: "Do" }, { $lastname: "Do" }],
    [{ last_name: "Do" }, { $lastname: "Do" }],
    [{ lastname: "Do" }, { $lastname: "Do" }],
    [{ name: "Jo Do" }, { name: "Jo Do" }],
    [{ age: 33 }, { $age: "33" }],
    [{ gender: "female" }, { $gender: "F" }],
    [{ gender: "m" }, { $gender: "M" }],
    [{ gender: "non-binary" }, { $gender: "non-binary" }],
    [{ address: "1 Main St" }, { $address: "1 Main St" }],
    [
      {
        address: {
          street: "1 Main St",
          city: "Oslo",
          state: "03",
          country: "NO",
          postalCode: "0150",
          floor: 2,
        },
      },
      {
        $address: "1 Main St",
        $city: "Oslo",
        $state: "03",
        $country: "NO",
        $zip: "0150",
        "address.floor": "2",
      },
    ],
    [{ address: { postal_code: "0150" } }, { $zip: "0150" }],
    [{ address: { zip: "0150" } }, { $zip: "0150" }],
    [{ postal_code: "0150" }, { $zip: "0150" }],
    [{ zip: 150 }, { $zip: "150" }],
    [
      {
        birthday: "1990-01-02",
        createdAt: "2020-01-01T00:00:00Z",
        title: "Dr",
        username: "jo",
        website: "x.example",
      },
      {
        birthday: "1990-01-02",
        createdAt: "2020-01-01T00:00:00Z",
        title: "Dr",
        username: "jo",
        website: "x.example",
      },
    ],
    [
      { avatar: "a.png", description: "d", id: 7 },
      { avatar: "a.png", description: "d", id: "7" },
    ],
    [
      { company: { name: "Acme", id: 1, industry: "Tea", employee_count: 12, plan: "pro", vat: "x" } },
      {
        company_name: "Acme",
        company_id: "1",
        company_industry: "Tea",
        company_employee_count: "12",
        company_plan: "pro",
        "company.vat": "x",
      },
    ],
    [{ company: "Acme" }, { company: "Acme" }],
    [
      { vip: true, score: 1.5, note: "" },
      { vip: "true", score: "1.5", note: "" },
    ],
    [{ tags: ["a", 2, true] }, { tags: ["a", "2", "true"] }],
    [{ tags: [] }, { tags: [] }],
    [{ children: [{ name: "Al" }] }, { children: '[{"name":"Al"}]' }],
    [{ prefs: { mail: { weekly: true }, lang: "no" } }, { "prefs.mail.weekly": "true", "prefs.lang": "no" }],
    [{ a: { b: { c: { d: { e: { f: 1 } } } } } }, { "a.b.c.d.e": '{"f":1}' }],
    [{ $city: "Oslo" }, { $city: "Oslo" }],
    [{ $Age: 33 }, { $age: "33" }],
    [{ plan: null }, undefined],
  ])("%j is %j", (traits, expected) => {
    expect(userAttributes(identify(traits))).toEqual(expected);
  });

  it.each([
    [{ firstName: { a: 1 } }, "attribute_value_invalid traits.firstName", undefined],
    [{ $plan: "gold" }, "attribute_name_reserved traits.$plan", { plan: "gold" }],
    [{ $$plan: "gold" }, "attribute_name_reserved traits.$$plan", { plan: "gold" }],
    [{ "": 1 }, "attribute_name_invalid traits.", undefined],
    [JSON.parse('{"__proto__":{"a":1}}'), "attribute_name_invalid traits.__proto__", undefined],
    [{ firstName: "Jo", first_name: "Al" }, "attribute_name_taken traits.first_name", { $firstname: "Jo" }],
    [{ tags: ["a", {}, "b".repeat(513)] }, "list_entry_dropped traits.tags", { tags: ["a"] }],
    [{ bio: "b".repeat(4097) }, "attribute_value_cut traits.bio", { bio: "b".repeat(4096) }],
    [{ bio: "x\ud800" }, "text_repaired traits.bio", { bio: "x\ufffd" }],
    [{ score: Number.POSITIVE_INFINITY }, "attribute_value_invalid traits.score", undefined],
  ])("%j is reported as %s", (traits, code, expected) => {
    const event = identify(traits);

    expect(noticed(event)).toContain(code);
    expect(userAttributes(event)).toEqual(expected);
  });

  it("named like something of JavaScript's is an attribute like any other", () => {
    expect(userAttributes(identify({ constructor: "a", toString: "b", hasOwnProperty: "c" }))).toEqual({
      constructor: "a",
      toString: "b",
      hasOwnProperty: "c",
    });
  });

  it("that is a list keeps 1000 entries and 60 000 bytes", () => {
    const many = identify({ tags: Array.from({ length: 1001 }, (_, i) => i) });
    const large = identify({ tags: Array.from({ length: 200 }, () => "ø".repeat(512)) });

    expect(noticed(many)).toEqual(["list_cut traits.tags"]);
    expect(contributionOf(many).userAttributes?.["tags"]).toHaveLength(1000);
    expect(noticed(large)).toEqual(["list_cut traits.tags"]);
    expect(JSON.stringify(contributionOf(large).userAttributes?.["tags"]).length).toBeGreaterThan(29_000);
    expect(Buffer.byteLength(JSON.stringify(contributionOf(large).userAttributes?.["tags"]))).toBeLessThan(
      60_001,
    );
  });

  it("over 100 in number is kept, since a user's attributes may spread over batches", () => {
    const traits = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`t${i}`, i]));

    expect(Object.keys(contributionOf(identify(traits)).userAttributes ?? {})).toHaveLength(150);
  });
});

describe("a null trait", () => {
  const mapping = { nullTraits: "delete", attributePrefix: "acme_" };

  it.each([
    [{ plan: null }, ["acme_plan"]],
    [{ firstName: null }, ["$firstname"]],
    [{ prefs: { mail: null } }, ["acme_prefs.mail"]],
    [{ address: null }, ["$address", "$city", "$state", "$country", "$zip"]],
    [{ email: null }, undefined],
    [{ firstName: "Jo", first_name: null }, undefined],
  ])("%j is deleted where the feed says so", (traits, expected) => {
    expect(contributionOf(identify(traits), { mapping }).deletedUserAttributes).toEqual(expected);
  });
});

describe("the attribute prefix", () => {
  it("stands before custom names only", () => {
    const traits = { plan: "gold", firstName: "Jo", $city: "Oslo", $tier: "1", company: { name: "Acme" } };

    expect(userAttributes(identify(traits), { mapping: { attributePrefix: "acme_" } })).toEqual({
      acme_plan: "gold",
      $firstname: "Jo",
      $city: "Oslo",
      acme_tier: "1",
      acme_company_name: "Acme",
    });
  });

  it("cannot make a name one of mParticle's own", () => {
    expect(userAttributes(identify({ city: "Oslo" }), { mapping: { attributePrefix: "$" } })).toEqual({
      city: "Oslo",
    });
  });
});

describe("traits", () => {
  it("come from the context of any call, those of the call itself being stronger", () => {
    const context = { traits: { plan: "free", score: 1, email: "c@d.example" } };

    expect(userAttributes(track("Tea Brewed", {}, { context, traits: { plan: "gold" } }))).toEqual({
      plan: "gold",
      score: "1",
    });
  });

  it("of a group are attributes of their own", () => {
    const group = {
      type: "group",
      messageId: "m-1",
      timestamp: MOMENT,
      userId: "u-1",
      groupId: 12,
      traits: { name: "Acme", email: "info@acme.example", address: { city: "Oslo" } },
      context: { traits: { plan: "gold" } },
    };

    expect(contributionOf(group)).toMatchObject({
      envelope: { userIdentities: { customer_id: "u-1" } },
      userAttributes: {
        group_id: "12",
        group_name: "Acme",
        group_email: "info@acme.example",
        "group_address.city": "Oslo",
        plan: "gold",
      },
      events: [],
    });
    expect(contributionOf(group).envelope.userIdentities).toEqual({ customer_id: "u-1" });
  });

  it("of the context's group are one attribute", () => {
    expect(userAttributes(track("Tea Brewed", {}, { context: { groupId: "g-1" } }))).toEqual({
      group_id: "g-1",
    });
  });
});
