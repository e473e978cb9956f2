/** Device and application as a feed's mapping gives them. */
import type { ApplicationInfo, DeviceInfo } from "../batch.schema.ts";
import type { Call } from "./call.ts";
import { DEVICE_IDS, DEVICE_UUIDS, deviceId, deviceUuid } from "./device.ts";
import { choice, each, flags, integers, texts, withMapped } from "./mapped-fields.ts";
import { platformIn } from "./platform.ts";

const DEVICE = {
  ...texts(
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
  ),
  ...each([...DEVICE_IDS, "microsoft_publisher_id"], deviceId),
  ...each(DEVICE_UUIDS, deviceUuid),
  ...integers("timezone_offset", "screen_height", "screen_width", "screen_dpi", "att_timestamp_unixtime_ms"),
  ...flags(
    "is_tablet",
    "is_dst",
    "limit_ad_tracking",
    "push_notification_sound_enabled",
    "push_notification_vibrate_enabled",
    "supports_telephony",
    "has_nfc",
    "bluetooth_enabled",
  ),
  platform: platformIn,
  att_authorization_status: choice(["authorized", "denied", "not_determined", "restricted"]),
};

const APPLICATION = {
  ...texts(
    "application_name",
    "application_version",
    "application_build_number",
    "install_referrer",
    "package",
  ),
  os: choice([
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
  ]),
};

/** @param read - As the Segment spec has it. */
export function mappedDevice(read: DeviceInfo | undefined, call: Call): DeviceInfo | undefined {
  const plan = call.sections.deviceInfo;
  return plan ? withMapped(read, plan, "deviceInfo", DEVICE, call) : read;
}

/** @param read - As the Segment spec has it. */
export function mappedApplication(
  read: ApplicationInfo | undefined,
  call: Call,
): ApplicationInfo | undefined {
  const plan = call.sections.applicationInfo;
  return plan ? withMapped(read, plan, "applicationInfo", APPLICATION, call) : read;
}
