import { describe, expect, it } from "vitest";
import { contributionOf, convert, identify, MOMENT, noticed, type Setup, track } from "./support.ts";

const UUID = "6D92078A-8246-4BA4-AE5B-76104861E7DC";

function userIdentities(event: Record<string, unknown>, setup?: Setup): unknown {
  return contributionOf(event, setup).envelope.userIdentities;
}

describe("user identities", () => {
  it.each([
    [
      { userId: " u-1 ", anonymousId: "a-1" },
      { customer_id: "u-1", other: "a-1" },
    ],
    [
      { userId: 17, anonymousId: 1.5 },
      { customer_id: "17", other: "1.5" },
    ],
    [{ userId: null, anonymousId: "a-1" }, { other: "a-1" }],
    [{ userId: "", anonymousId: "a-1" }, { other: "a-1" }],
    [
      { userId: "u-1", traits: { email: " Jo@x.example " } },
      { customer_id: "u-1", email: "Jo@x.example" },
    ],
    [
      { traits: { email: "a@x.example" }, context: { traits: { email: "b@x.example" } } },
      { email: "a@x.example" },
    ],
    [
      { context: { traits: { email: "b@x.example" } }, properties: { email: "c@x.example" } },
      { email: "b@x.example" },
    ],
    [{ properties: { email: "c@x.example" } }, { email: "c@x.example" }],
    [{ traits: { email: ["a"] }, properties: { email: "c@x.example" } }, { email: "c@x.example" }],
    [{ traits: { email: "a@x.example", phone: "+4799999999" } }, { email: "a@x.example" }],
  ])("of %j are %j", (event, expected) => {
    expect(userIdentities({ type: "track", event: "T", timestamp: MOMENT, ...event })).toEqual(expected);
  });

  it.each([
    [{ userId: 2 ** 60 }, "userId"],
    [{ userId: "u\ud800" }, "userId"],
    [{ traits: { email: true } }, "traits.email"],
    [{ context: { traits: { email: {} } } }, "context.traits.email"],
    [{ properties: { email: [] } }, "properties.email"],
  ])("leave out what is no identity in %j", (event, path) => {
    const { findings, ...conversion } = convert({
      ...track("T"),
      userId: undefined,
      anonymousId: "a-1",
      ...event,
    });

    expect(findings).toMatchObject([{ code: "identity_invalid", path }]);
    expect(conversion).toMatchObject({ contribution: { envelope: { userIdentities: { other: "a-1" } } } });
  });

  it.each([
    [{ userId: "" }],
    [{ userId: " " }],
    [{ userId: null }],
    [{ traits: { email: "" } }],
    [{ partnerUserId: "" }],
  ])("are absent where they are blank, as in %j", (event) => {
    const given = { ...track("T"), userId: undefined, anonymousId: "a-1", ...event };

    expect(noticed(given)).toEqual([]);
    expect(userIdentities(given)).toEqual({ other: "a-1" });
  });

  it.each([
    ["é".repeat(128), "contribution"],
    [`${"é".repeat(128)}e`, "rejected"],
    ["e".repeat(256), "contribution"],
    ["e".repeat(257), "rejected"],
  ])("of up to 256 bytes are taken: %#", (userId, kind) => {
    const conversion = convert({ ...track("T"), userId });

    expect(conversion.kind).toBe(kind);
    if (kind === "rejected")
      expect(conversion.findings).toMatchObject([{ code: "identity_too_long", path: "userId" }]);
  });

  it.each([
    ["+47 999-99 (999)", "+4799999999"],
    ["999 99 999", "999 99 999"],
    ["+47", "+47"],
  ])("have the phone number %j as %j where the feed says so", (phone, mobile_number) => {
    expect(userIdentities(identify({ phone }), { mapping: { phoneAsIdentity: true } })).toEqual({
      customer_id: "u-1",
      mobile_number,
    });
  });

  it("have e-mail addresses in lower case where the feed says so", () => {
    expect(
      userIdentities(identify({ email: "Jo@X.example" }), { mapping: { lowerCaseEmail: true } }),
    ).toMatchObject({
      email: "jo@x.example",
    });
  });
});

describe("an event that names nobody", () => {
  const nobody = { type: "track", event: "T", timestamp: MOMENT };

  it.each([
    [{}],
    [{ userId: "" }],
    [{ partnerUserId: "p-1" }],
    [{ context: { device: { type: "ios", id: "no-uuid" } } }],
    [
      {
        context: {
          device: { type: "android", token: "t-1", advertisingId: "00000000-0000-0000-0000-000000000000" },
        },
      },
    ],
  ])("like %j is rejected", (event) => {
    const setup = { partnerIdentity: "Acme_Id" };

    expect(convert({ ...nobody, ...event }, setup)).toMatchObject({ kind: "rejected" });
    expect(convert({ ...nobody, ...event }, setup).findings[0]).toMatchObject({ code: "identity_missing" });
  });

  it.each([
    [{ device: { type: "ios", id: UUID } }],
    [{ device: { type: "android", id: "9774d56d682e549c" } }],
    [{ device: { type: "roku", advertisingId: UUID } }],
  ])("but a device, like %j, is taken", (context) => {
    const { envelope } = contributionOf({ ...nobody, context });

    expect(envelope).not.toHaveProperty("userIdentities");
    expect(envelope).toHaveProperty("deviceInfo");
  });
});

describe("the partner identity", () => {
  const event = track("T", {}, { partnerUserId: 17 });

  it("is sent under its registered name", () => {
    expect(contributionOf(event, { partnerIdentity: "Acme_Id" }).envelope.partnerIdentities).toEqual({
      Acme_Id: "17",
    });
  });

  it.each<[string, Setup]>([
    ["no name is registered", {}],
    ["the feed is a custom one", { partnerIdentity: "Acme_Id", feed: { kind: "custom" } }],
  ])("is not sent where %s", (_when, setup) => {
    expect(contributionOf(event, setup).envelope).not.toHaveProperty("partnerIdentities");
    expect(noticed(event, setup)).toEqual([]);
  });
});
