/** Batches in mParticle's format for the tests of the schema. */

/** The least data that each type of event needs. */
export const LEAST_DATA = {
  custom_event: { event_name: "Plan Changed", custom_event_type: "other" },
  commerce_event: {},
  screen_view: { screen_name: "Home" },
  application_state_transition: { application_transition_type: "application_foreground" },
  session_start: {},
  session_end: { session_duration_ms: null },
  first_run: {},
  uninstall: {},
  opt_out: { is_opted_out: true },
  push_registration: { register: true, registration_token: "t" },
  push_message: { push_message_token: "t", push_message_type: "sent", push_notification_payload: "{}" },
  breadcrumb: { label: "here" },
  crash_report: { severity: "error", message: null },
  network_performance: { url: "https://example.com", response_code: 200 },
  profile: { previous_mpid: 1, current_mpid: 2, profile_event_type: "login" },
  user_attribute_change: { user_attribute_name: "plan", new: ["a", 1], old: null },
  user_identity_change: {
    new: { identity_type: "email", identity: "a@example.com", timestamp_unixtime_ms: 1 },
    old: null,
  },
} as const;

/** Data that every type of event may carry, in every kind of value. */
export const COMMON_DATA = {
  timestamp_unixtime_ms: 1_790_000_000_000,
  source_message_id: "m-1",
  session_uuid: "5f3c2a10-0000-0000-0000-0000000000AB",
  custom_attributes: { text: "a", number: 1.5, flag: true, nothing: null },
  location: { latitude: 59.9, longitude: 10.7, accuracy: 30, country_code: "NO" },
  device_current_state: {
    battery_level: 0.5,
    cpu: "arm",
    gps_state: false,
    device_orientation: "LandscapeLeft",
  },
  event_num: 3,
  an_unknown_field: { of: ["any", "kind"] },
};

const PRODUCT = {
  id: "p1",
  name: "Mug",
  price: 99.5,
  quantity: 2,
  custom_attributes: { sku: "M-1" },
  size: ["XL"],
};

/** One batch with nearly every kind of field. */
export const FULL_BATCH = {
  environment: "development",
  source_request_id: "r-1",
  ip: "198.51.100.7",
  user_identities: { customer_id: "u-77", email: "a@example.com", other_id_10: 12 },
  partner_identities: { Acme_UserId: "77" },
  user_attributes: { $city: "Oslo", tags: ["a", 1, null], score: 2, nothing: null },
  deleted_user_attributes: ["old"],
  device_info: { platform: "web", http_header_user_agent: "UA", timezone_offset: -3, is_dst: false },
  application_info: {
    application_name: "Shop",
    os: "Desktop",
    apple_search_ads_attributes: { a: { b: "c" } },
  },
  consent_state: {
    gdpr: { analytics: { consented: true, timestamp_unixtime_ms: 1_790_000_000_000, document: "v1" } },
    ccpa: { data_sale_opt_out: { consented: false, timestamp_unixtime_ms: 1_790_000_000_000 } },
  },
  context: { data_plan: { plan_id: "plan", plan_version: 2 }, location: { latitude: null, longitude: null } },
  integration_attributes: { "128": { amp: "x" } },
  source_info: { channel: "server_to_server", is_historical: false },
  mp_deviceid: "5f3c2a10-0000-0000-0000-0000000000ab",
  // Beyond the safe integers, as mParticle's own ids are.
  mpid: 7_346_244_611_012_969_000,
  events: [
    {
      event_type: "commerce_event",
      data: {
        ...COMMON_DATA,
        currency_code: "NOK",
        product_action: {
          action: "purchase",
          transaction_id: "o1",
          total_amount: 199,
          products: [PRODUCT, PRODUCT],
        },
        custom_flags: { source: "shop" },
      },
    },
    { event_type: "custom_event", data: { ...COMMON_DATA, ...LEAST_DATA.custom_event } },
    {
      event_type: "commerce_event",
      data: { product_impressions: [{ product_impression_list: "search", products: [PRODUCT] }] },
    },
    {
      event_type: "commerce_event",
      data: {
        promotion_action: { action: "view", promotions: [{ id: "1" }] },
        shopping_cart: { products: [] },
      },
    },
  ],
};
