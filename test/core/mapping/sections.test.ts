import { describe, expect, it } from "vitest";
import { attributesOf, contributionOf, convert, identify, noticed, track } from "../convert/support.ts";

const envelopeOf = (event: Record<string, unknown>, mapping: Record<string, unknown>) =>
  contributionOf(event, { mapping }).envelope;
const userOf = (event: Record<string, unknown>, mapping: Record<string, unknown>) =>
  contributionOf(event, { mapping }).userAttributes;

describe("user identities", () => {
  const event = track("T", {}, { user: { id: 7, mail: " Jo@X.example ", tel: "+49 (30) 123-4567" } });

  it("come from where the document says, the others from where the spec has them", () => {
    expect(envelopeOf(event, { userIdentities: { other_id_2: "user.id" } })).toEqual({
      userIdentities: { customer_id: "u-1", other_id_2: "7" },
    });
  });

  it("come from nowhere else where the document says so", () => {
    const mapping = {
      lowerCaseEmail: true,
      userIdentities: { "*": null, email: "user.mail", mobile_number: "user.tel", customer_id: "user.none" },
    };

    expect(envelopeOf({ ...event, traits: { email: "other@x.example" } }, mapping)).toEqual({
      userIdentities: { email: "jo@x.example", mobile_number: "+49301234567" },
    });
  });

  it("come from the next place where one is blank", () => {
    const mapping = { userIdentities: { customer_id: ["traits.memberNumber", "userId"] } };

    expect(envelopeOf(identify({ memberNumber: "" }), mapping)).toEqual({
      userIdentities: { customer_id: "u-1" },
    });
  });

  it("are left out one by one", () => {
    const mapping = { userIdentities: { customer_id: null, email: "user.mail" } };

    expect(envelopeOf(event, mapping).userIdentities).toEqual({ email: "Jo@X.example" });
  });

  it("are refused like others where they are too long", () => {
    const long = track("T", {}, { user: { id: "x".repeat(300) } });

    expect(convert(long, { mapping: { userIdentities: { other: "user.id" } } })).toMatchObject({
      kind: "rejected",
      findings: [{ code: "identity_too_long", path: "userIdentities.other" }],
    });
  });
});

describe("an e-mail address", () => {
  const event = identify({ email: " Jo@X.example" });

  it("is sent as it is", () => {
    expect(envelopeOf(event, {})).toEqual({ userIdentities: { customer_id: "u-1", email: "Jo@X.example" } });
  });

  it("is sent as an attribute with its hash", () => {
    const { envelope, userAttributes } = contributionOf(event, { mapping: { email: "hashed" } });

    expect({ envelope, userAttributes }).toEqual({
      envelope: { userIdentities: { customer_id: "u-1" } },
      userAttributes: { email_sha256: "405c3f6c9f87f66f172bf04889d142509e9d731d16bb1b03116d8ce814664ae4" },
    });
  });

  it.each(["omitted", "hashed"])("names nobody where it is %s, which the finding tells", (email) => {
    const message = `The user is named by an e-mail address alone, which the feed does not send as an identity (mapping.email is ${email}).`;
    const batch = { type: "batch", batch: { user_identities: { email: "jo@x.example" } } };

    for (const [given, path] of [
      [{ ...event, userId: null }, ""],
      [batch, "batch"],
    ] as const)
      expect(convert(given, { mapping: { email } })).toMatchObject({
        kind: "rejected",
        findings: [{ code: "identity_missing", path, message }],
      });
  });

  it.each([{ "*": null, email: "user.mail" }, { email: null }])(
    "names nobody where %j does not read it, which the finding tells",
    (identities) => {
      const [found] = convert(
        { ...event, userId: null },
        { mapping: { userIdentities: identities } },
      ).findings;

      expect(found).toMatchObject({
        code: "identity_missing",
        message: "The event names nobody in the places that the feed's mapping.userIdentities reads.",
      });
    },
  );

  it("is no reason to tell of the feed where the event has none", () => {
    const [found] = convert(identify({}, { userId: null }), { mapping: { email: "omitted" } }).findings;

    expect(found?.message).toMatch("The event names nobody");
  });
});

describe("user attributes", () => {
  const traits = { plan: "gold", firstName: "Jo", visits: 3, secret: "s" };

  it("come from where the document says, before any trait of the same name", () => {
    const mapping = {
      attributePrefix: "x_",
      userAttributes: { plan: "context.plan", $city: { value: "Bonn" } },
    };

    expect(userOf(identify(traits, { context: { plan: "new" } }), mapping)).toEqual({
      x_plan: "new",
      $city: "Bonn",
      $firstname: "Jo",
      x_visits: "3",
      x_secret: "s",
    });
  });

  it("come from an object, or from nowhere", () => {
    expect(userOf(identify(traits), { userAttributes: { "*": "context.profile" } })).toBeUndefined();
    expect(
      userOf(identify(traits, { context: { profile: { a: [1, 2] } } }), {
        userAttributes: { "*": "context.profile" },
      }),
    ).toEqual({ a: ["1", "2"] });
    expect(userOf(identify(traits), { userAttributes: { "*": null, plan: "traits.plan" } })).toEqual({
      plan: "gold",
    });
  });

  it("are sent by the names that are allowed and not denied", () => {
    expect(userOf(identify(traits), { attributePrefix: "x_", allowUserAttributes: ["plan", "$*"] })).toEqual({
      x_plan: "gold",
      $firstname: "Jo",
    });
    expect(userOf(identify(traits), { denyUserAttributes: ["sec*", "$firstname"] })).toEqual({
      plan: "gold",
      visits: "3",
    });
  });
});

describe("custom attributes", () => {
  const event = track("T", { a: 1, b: "x" }, { context: { page: { title: "Home" } }, data: { c: true } });

  it("come from where the document says, before any property of the same name", () => {
    expect(attributesOf(event, { mapping: { customAttributes: { a: "data.c" } } })).toEqual({
      a: "true",
      b: "x",
      page_title: "Home",
    });
  });

  it("come from another object, without those of the context", () => {
    expect(attributesOf(event, { mapping: { customAttributes: { "*": "data" } } })).toEqual({ c: "true" });
  });

  it("are left out one by one, or all", () => {
    expect(attributesOf(event, { mapping: { customAttributes: { a: null, page_title: null } } })).toEqual({
      b: "x",
    });
    expect(attributesOf(event, { mapping: { customAttributes: { "*": null } } })).toBeUndefined();
  });

  it("are sent by the names that are allowed and not denied", () => {
    expect(attributesOf(event, { mapping: { allowCustomAttributes: ["a", "page_*"] } })).toEqual({
      a: "1",
      page_title: "Home",
    });
    expect(attributesOf(event, { mapping: { denyCustomAttributes: ["b"] } })).toEqual({
      a: "1",
      page_title: "Home",
    });
  });
});

describe("device, application and address", () => {
  const event = track(
    "T",
    {},
    {
      context: { os: { name: "iOS", version: "18" }, app: { name: "Shop" }, ip: "203.0.113.9" },
      ua: "Mozilla/5.0",
      idfa: "6D92078A-8246-4BA4-AE5B-76104861E7DC",
      width: "390",
      client: "198.51.100.7",
    },
  );

  it("come from where the document says, each as mParticle takes it", () => {
    const mapping = {
      deviceInfo: {
        http_header_user_agent: "ua",
        ios_advertising_id: "idfa",
        screen_width: "width",
        os_version: null,
      },
      applicationInfo: { application_version: { value: 2 } },
      ip: "client",
    };

    expect(envelopeOf(event, mapping)).toEqual({
      userIdentities: { customer_id: "u-1" },
      deviceInfo: {
        platform: "iOS",
        http_header_user_agent: "Mozilla/5.0",
        ios_advertising_id: "6D92078A-8246-4BA4-AE5B-76104861E7DC",
        screen_width: 390,
      },
      applicationInfo: { application_name: "Shop", application_version: "2" },
      ip: "198.51.100.7",
    });
  });

  it("are told of by what they must be and by the type that was found", () => {
    const read = { fields: ["a"], text: "x", number: 7, flag: "maybe" };
    const mapping = {
      deviceInfo: {
        brand: "data.fields",
        ios_idfv: "data.text",
        platform: "data.text",
        att_authorization_status: "data.text",
        screen_width: "data.text",
        is_tablet: "data.flag",
        android_uuid: "data.long",
      },
      applicationInfo: { os: "data.number" },
      ip: "data.text",
    };
    const event = { ...track("T"), data: { ...read, long: "x".repeat(257) } };
    const { findings } = convert(event, { mapping });

    expect(findings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "deviceInfo.brand: This must be text and is a list: it was left out.",
      "deviceInfo.ios_idfv: This must be a UUID, or mParticle would refuse the whole batch, and is text: it was left out.",
      "deviceInfo.platform: This must be one of mParticle's platforms and is text: it was left out.",
      "deviceInfo.att_authorization_status: This must be one of authorized, denied, not_determined, restricted and is text: it was left out.",
      "deviceInfo.screen_width: This must be a number and is text: it was left out.",
      "deviceInfo.is_tablet: This must be true or false and is text: it was left out.",
      "deviceInfo.android_uuid: This is longer than 256 characters: it was left out.",
      expect.stringMatching(
        /^applicationInfo\.os: This must be one of IOS, .* and is a number: it was left out\.$/,
      ),
      "ip: This must be an IP address and is text: it was left out.",
    ]);
  });

  it("are left out, and what mParticle would refuse is too, with a finding", () => {
    const mapping = {
      deviceInfo: { "*": null, ios_idfv: "ua", is_tablet: "ua" },
      applicationInfo: { "*": null },
      ip: null,
    };

    expect(envelopeOf(event, mapping)).toEqual({ userIdentities: { customer_id: "u-1" } });
    expect(noticed(event, { mapping })).toEqual([
      "field_invalid deviceInfo.ios_idfv",
      "field_invalid deviceInfo.is_tablet",
    ]);
  });
});

describe("a mapping", () => {
  it("tells the place in the document of what it cannot convert, and sends the rest", () => {
    const mapping = { userAttributes: { age: { key: "traits.age", convert: "number" } } };

    expect(noticed(identify({ age: "old", plan: "gold" }), { mapping })).toEqual([
      "mapping_value_unusable userAttributes.age",
    ]);
  });

  it("ends the one event that costs too much as rejected", () => {
    const loop = {
      loop: ["properties.list", { loop: ["$.properties.list", { loop: ["$.properties.list", "this"] }] }],
    };
    const event = track("T", { list: Array.from({ length: 200 }, (_, i) => i) });

    expect(convert(event, { mapping: { customAttributes: { a: loop } } })).toMatchObject({
      kind: "rejected",
      findings: expect.arrayContaining([expect.objectContaining({ code: "mapping_too_costly" })]),
    });
  });

  it.each([
    [
      "copies of a long text",
      {
        customAttributes: {
          a: { loop: ["properties.list", { key: "$.properties.text", convert: "lower" }] },
        },
      },
    ],
    [
      "a large object in many places",
      {
        customAttributes: Object.fromEntries(
          Array.from({ length: 99 }, (_, i) => [
            `a${i}`,
            { set: Array.from({ length: 60 }, () => "$.properties") },
          ]),
        ),
      },
    ],
    [
      "many looks through a long list",
      {
        rules: [
          { when: Array.from({ length: 50 }, () => ({ not: { key: "properties.list", contains: "x" } })) },
        ],
      },
    ],
    [
      "many patterns on a long name",
      {
        rules: Array.from({ length: 400 }, (_, i) => ({
          event: { pattern: `${"*a".repeat(100)}${i}b` },
          ignore: true,
        })),
      },
    ],
  ])("ends the event that would cost %s as rejected", (_, mapping) => {
    const event = track("a".repeat(500), {
      list: Array.from({ length: 1_000 }, String),
      text: "x".repeat(100_000),
    });

    expect(convert(event, { mapping }).findings.map(({ code }) => code)).toContain("mapping_too_costly");
    expect(convert(event, { mapping }).kind).toBe("rejected");
  });
});
