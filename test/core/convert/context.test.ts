import { describe, expect, it } from "vitest";
import { platformOf } from "../../../shared/core/convert/platform.ts";
import type { PartnerEvent } from "../../../shared/core/message.schema.ts";
import { attributesOf, contributionOf, eventOf, noticed, track } from "./support.ts";

const UUID = "6D92078A-8246-4BA4-AE5B-76104861E7DC";
const ZEROS = "00000000-0000-0000-0000-000000000000";

const withContext = (context: Record<string, unknown>) => track("Tea Brewed", {}, { context });
const envelopeOf = (context: Record<string, unknown>) => contributionOf(withContext(context)).envelope;

describe("device_info", () => {
  it.each([
    [{ device: { type: "ios", id: UUID } }, { platform: "iOS", ios_idfv: UUID }],
    [{ device: { type: "ios", id: "no-uuid" } }, { platform: "iOS" }],
    [
      { device: { type: "Android", id: "9774d56d682e549c" } },
      { platform: "Android", android_uuid: "9774d56d682e549c" },
    ],
    [{ device: { type: "web", id: UUID } }, { platform: "web" }],
    [{ device: { type: "desktop" }, page: { path: "/" } }, { platform: "web" }],
    [{ device: { type: "desktop", name: "Jo's" } }, { device: "Jo's" }],
    [{ os: { name: "iOS", version: "17.1" } }, { platform: "iOS", os_version: "17.1" }],
    [{ os: { name: "iPhone OS", version: "8.1.3" } }, { platform: "iOS", os_version: "8.1.3" }],
    [{ device: { type: "mobile" }, os: { name: "Android" } }, { platform: "Android" }],
    [{ device: { type: "toaster" }, os: { version: 17 } }, { os_version: "17" }],
    [{ device: { type: "ios", advertisingId: UUID } }, { platform: "iOS", ios_advertising_id: UUID }],
    [{ device: { type: "tvos", advertisingId: UUID } }, { platform: "tvOS", ios_advertising_id: UUID }],
    [
      { device: { type: "android", advertisingId: UUID } },
      { platform: "Android", android_advertising_id: UUID },
    ],
    [{ device: { type: "roku", advertisingId: UUID } }, { platform: "roku", roku_advertising_id: UUID }],
    [
      { device: { type: "fire_tv", advertisingId: UUID } },
      { platform: "fire_tv", fire_advertising_id: UUID },
    ],
    [{ device: { type: "android", advertisingId: ZEROS } }, { platform: "Android" }],
    [{ device: { type: "android", advertisingId: "abc" } }, { platform: "Android" }],
    [{ device: { advertisingId: UUID } }, undefined],
    [{ device: { adTrackingEnabled: false } }, { limit_ad_tracking: true }],
    [{ device: { adTrackingEnabled: "true" } }, { limit_ad_tracking: false }],
    [
      { device: { type: "android", manufacturer: "Acme", model: "A1", name: "Jo's", token: "t-1" } },
      {
        platform: "Android",
        brand: "Acme",
        device_manufacturer: "Acme",
        device_model: "A1",
        device: "Jo's",
        push_token: "t-1",
      },
    ],
    [{ device: { type: "ios", manufacturer: "Apple" } }, { platform: "iOS", device_manufacturer: "Apple" }],
    [{ userAgent: "Mozilla/5.0" }, { http_header_user_agent: "Mozilla/5.0" }],
    [{ locale: "en-US" }, { locale_language: "en", locale_country: "US" }],
    [{ locale: "zh-Hans-cn" }, { locale_language: "zh", locale_country: "CN" }],
    [{ locale: "nb" }, { locale_language: "nb" }],
    [{ locale: "?" }, undefined],
    [{ timezone: "Europe/Oslo" }, { timezone_offset: 1, is_dst: false }],
    [{ timezone: "America/Los_Angeles" }, { timezone_offset: -8, is_dst: false }],
    [{ timezone: "Australia/Sydney" }, { timezone_offset: 11, is_dst: true }],
    [{ timezone: "Asia/Kolkata" }, { is_dst: false }],
    [{ timezone: "UTC" }, { timezone_offset: 0, is_dst: false }],
    [{ timezone: "Mars/Olympus" }, undefined],
    [
      { network: { carrier: "Telia", bluetooth: true } },
      { network_carrier: "Telia", bluetooth_enabled: true },
    ],
    [{ screen: { width: 320, height: "568", density: 2 } }, { screen_width: 320, screen_height: 568 }],
    [{ screen: { width: 320.5 } }, undefined],
    [{ device: "phone", os: 3, network: [], screen: true, app: "x" }, undefined],
  ])("of %j is %j", (context, expected) => {
    expect(envelopeOf(context).deviceInfo).toEqual(expected);
  });

  it("has the zone's offset at the time of the event", () => {
    const summer = { ...withContext({ timezone: "Europe/Oslo" }), timestamp: "2023-07-01T12:00:00Z" };

    expect(contributionOf(summer).envelope.deviceInfo).toEqual({ timezone_offset: 2, is_dst: true });
  });
});

describe("application_info", () => {
  it("has the app's name, version, build and namespace", () => {
    expect(
      envelopeOf({ app: { name: "Tea", version: "1.2", build: 34, namespace: "com.tea" } }).applicationInfo,
    ).toEqual({
      application_name: "Tea",
      application_version: "1.2",
      application_build_number: "34",
      package: "com.tea",
    });
  });
});

describe("ip", () => {
  it.each(["203.0.113.50", "2001:db8::1", "::ffff:203.0.113.50", "172.32.0.1", "100.64.0.1"])(
    "%s is sent",
    (ip) => {
      expect(envelopeOf({ ip: ` ${ip} ` }).ip).toBe(ip);
    },
  );

  it.each([
    "0.0.0.0",
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.1.1",
    "255.255.255.255",
    "::",
    "::1",
    "fd00::1",
    "fe80::1",
    "::ffff:10.0.0.1",
  ])("%j is left out as private", (ip) => {
    const event = withContext({ ip });

    expect(contributionOf(event).envelope).not.toHaveProperty("ip");
    expect(noticed(event)).toEqual(["ip_private context.ip"]);
  });

  it.each(["203.0.113", "203.0.113.256", "203.0.113.50:80", "localhost", { v4: "203.0.113.50" }])(
    "%j is left out",
    (ip) => {
      const event = withContext({ ip });

      expect(contributionOf(event).envelope).not.toHaveProperty("ip");
      expect(noticed(event)).toEqual(["field_invalid context.ip"]);
    },
  );

  it("is absent where it is null", () => {
    expect(envelopeOf({ ip: null })).toEqual({ userIdentities: { customer_id: "u-1" } });
  });
});

describe("an event", () => {
  const at = { latitude: 59.9, longitude: 10.7 };

  it.each([
    [{ sessionId: UUID }, { session_uuid: UUID }],
    [{ sessionId: 1706540000 }, { custom_attributes: { session_id: "1706540000" } }],
    [{ timezone: "Europe/Oslo" }, { custom_attributes: { timezone: "Europe/Oslo" } }],
    [{ screen: { density: 2 } }, { custom_attributes: { screen_density: "2" } }],
    [{ network: { wifi: true, cellular: true } }, { device_current_state: { data_connection_type: "wifi" } }],
    [
      { network: { wifi: false, cellular: true } },
      { device_current_state: { data_connection_type: "mobile" } },
    ],
    [
      { network: { wifi: false, cellular: false } },
      { device_current_state: { data_connection_type: "offline" } },
    ],
    [{ network: { wifi: false } }, {}],
    [{ location: at }, { location: at }],
    [
      { location: { ...at, city: "Oslo", region: "03", country: "no" } },
      { location: { ...at, city_name: "Oslo", region_code: "03", country_code: "NO" } },
    ],
    [
      { location: { ...at, country: "Norway" } },
      { location: at, custom_attributes: { location_country: "Norway" } },
    ],
    [
      { location: { latitude: 59.9, city: "Oslo", region: "03", country: "NO" } },
      { custom_attributes: { location_city: "Oslo", location_region: "03", location_country: "NO" } },
    ],
    [{ location: { latitude: 90.1, longitude: 10.7 } }, {}],
    [{ location: { latitude: 59.9, longitude: -180.1 } }, {}],
    [{ location: { latitude: "59.9", longitude: "10.7" } }, { location: at }],
    [
      { campaign: { name: "n", source: "s", medium: "m", term: "t", content: "c", id: "i" } },
      {
        custom_attributes: {
          utm_campaign: "n",
          utm_source: "s",
          utm_medium: "m",
          utm_term: "t",
          utm_content: "c",
          utm_id: "i",
        },
      },
    ],
    [
      { campaign: { utm_id: "i", creative_format: ["video"], term: null } },
      { custom_attributes: { utm_id: "i", utm_creative_format: '["video"]' } },
    ],
    [
      { campaign: JSON.parse('{"__proto__":{"id":1}}') },
      { custom_attributes: { utm___proto__: '{"id":1}' } },
    ],
    [
      { page: { path: "/p", referrer: "r", search: "?q", title: "T", url: "u", keywords: [] } },
      {
        custom_attributes: {
          page_path: "/p",
          page_referrer: "r",
          page_search: "?q",
          page_title: "T",
          page_url: "u",
        },
      },
    ],
    [{ referrer: { type: "ad", id: 3 } }, { custom_attributes: { referrer_type: "ad", referrer_id: "3" } }],
    [{ referrer: "https://x.example" }, { custom_attributes: { referrer_url: "https://x.example" } }],
    [{ library: { name: "analytics.js" }, groupId: "g" }, {}],
  ])("with the context %j", (context, expected) => {
    expect(eventOf(withContext(context))).toEqual({
      event_type: "custom_event",
      event_name: "Tea Brewed",
      custom_event_type: "other",
      ...expected,
    });
  });

  it("keeps its own attribute where the context has one of that name", () => {
    const event = track("Tea Brewed", { page_url: "own" }, { context: { page: { url: "u", path: "/p" } } });

    expect(attributesOf(event)).toEqual({ page_url: "own", page_path: "/p" });
  });
});

describe("platformOf", () => {
  it.each([
    [{ device: { type: "ios" } }, "iOS"],
    [{ device: { type: "iPadOS" } }, "iOS"],
    [{ device: { type: "ANDROID" } }, "Android"],
    [{ device: { type: "tvos" } }, "tvOS"],
    [{ device: { type: "browser" } }, "web"],
    [{ device: { type: "Smart TV" } }, "smart_tv"],
    [{ device: { type: "fire-tv" } }, "fire_tv"],
    [{ device: { type: "alexa" } }, "alexa"],
    [{ device: { type: "xbox" } }, "xbox"],
    [{ os: { name: "iOS" } }, "iOS"],
    [{ device: { type: "desktop" }, page: { path: "/" } }, "web"],
    [{ device: { type: "Desktop" }, os: { name: "Windows" }, userAgent: "Mozilla/5.0 (Windows NT)" }, "web"],
    [{ device: { type: "desktop" }, os: { name: "Windows" }, userAgent: "AcmeSync/3.1" }, undefined],
    [{ device: { type: "desktop" } }, undefined],
    [{ device: { type: "tablet" }, page: { path: "/" } }, undefined],
    [{ device: { type: 5 }, os: "iOS" }, undefined],
    [{}, undefined],
    [null, undefined],
  ])("of the context %j is %s", (context, expected) => {
    expect(platformOf({ ...track("Tea Brewed"), context } as PartnerEvent)).toBe(expected);
  });

  it("of a batch is its device's", () => {
    expect(platformOf({ type: "batch", batch: { device_info: { platform: "Android" } } })).toBe("Android");
    expect(platformOf({ type: "batch", batch: { device_info: "Android" } })).toBeUndefined();
  });
});
