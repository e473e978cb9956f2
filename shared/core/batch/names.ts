/** Names of mParticle's format that code reads beside the schemas: schemas are not on a function's import path. */

/** The kinds of user identity; the IDSync spellings (`customerid`, `other2`) are refused. */
export const IDENTITY_TYPES = [
  "customer_id",
  "email",
  "other",
  "other_id_2",
  "other_id_3",
  "other_id_4",
  "other_id_5",
  "other_id_6",
  "other_id_7",
  "other_id_8",
  "other_id_9",
  "other_id_10",
  "mobile_number",
  "phone_number_2",
  "phone_number_3",
  "facebook",
  "twitter",
  "google",
  "microsoft",
  "yahoo",
  "alias",
  "facebook_custom_audience_id",
] as const;

export const CUSTOM_EVENT_TYPES = [
  "navigation",
  "location",
  "search",
  "transaction",
  "user_content",
  "user_preference",
  "social",
  "other",
  "media",
] as const;

/** Product actions that are types of a commerce event too, by the same name. */
export const EQUALLY_NAMED_ACTIONS = [
  "add_to_cart",
  "remove_from_cart",
  "checkout",
  "checkout_option",
  "click",
  "view_detail",
  "purchase",
  "refund",
  "add_to_wishlist",
] as const;

/** The last is spelt `remove_from_wishlist` as a type. */
export const PRODUCT_ACTIONS = [...EQUALLY_NAMED_ACTIONS, "remove_from_wish_list"] as const;

/** The fields that tell one device from another, any of which says whom an event is about. */
export const DEVICE_IDS = [
  "ios_idfv",
  "ios_advertising_id",
  "android_uuid",
  "android_advertising_id",
  "roku_advertising_id",
  "fire_advertising_id",
  "microsoft_advertising_id",
  "amp_id",
] as const;

/** Ids that mParticle takes as a UUID only. */
export const DEVICE_UUIDS = [
  "ios_idfv",
  "ios_advertising_id",
  "android_advertising_id",
  "roku_advertising_id",
  "roku_publisher_id",
  "fire_advertising_id",
] as const;

/** Fields of a device that hold text of any kind; its ids are told apart in `convert/device.ts`. */
export const DEVICE_TEXTS = [
  "brand",
  "product",
  "device",
  "device_manufacturer",
  "device_model",
  "device_country",
  "os_version",
  "build_identifier",
  "build_version_release",
  "cpu_architecture",
  "http_header_user_agent",
  "locale_language",
  "locale_country",
  "network_country",
  "network_carrier",
  "network_code",
  "network_mobile_country_code",
  "radio_access_technology",
  "bluetooth_version",
  "push_token",
] as const;

export const DEVICE_FLAGS = [
  "is_tablet",
  "is_dst",
  "limit_ad_tracking",
  "push_notification_sound_enabled",
  "push_notification_vibrate_enabled",
  "supports_telephony",
  "has_nfc",
  "bluetooth_enabled",
] as const;

/** Of `att_authorization_status`. */
export const TRACKING_STATES = ["authorized", "denied", "not_determined", "restricted"] as const;

export const APPLICATION_TEXTS = [
  "application_name",
  "application_version",
  "application_build_number",
  "install_referrer",
  "package",
] as const;

/** Of an application's `os`; spelt unlike the `platform` of a device. */
export const APPLICATION_SYSTEMS = [
  "IOS",
  "Android",
  "WindowsPhone",
  "MobileWeb",
  "UnityIOS",
  "UnityAndroid",
  "Desktop",
  "TVOS",
  "Roku",
  "OutOfBand",
  "Alexa",
  "SmartTV",
  "FireTV",
  "Xbox",
] as const;
