import type { ApplicationInfo, DeviceInfo } from "../batch.schema.ts";
import type { Platform } from "../tenant.schema.ts";
import { fieldPath, note } from "./findings.ts";
import { localeOf } from "./locale.ts";
import { contextPlatform } from "./platform.ts";
import {
  type Fields,
  flag,
  integer,
  isUuid,
  put,
  reportInvalid,
  section,
  text,
  unlessEmpty,
} from "./reader.ts";
import { zoneClock } from "./timezone.ts";

/** Where a platform's advertising id goes. */
const ADVERTISING_IDS = {
  iOS: "ios_advertising_id",
  tvOS: "ios_advertising_id",
  Android: "android_advertising_id",
  roku: "roku_advertising_id",
  fire_tv: "fire_advertising_id",
} as const satisfies Partial<Record<Platform, keyof DeviceInfo>>;

/** UTF-16 units of a device id that is free text. */
const MAX_DEVICE_ID_LENGTH = 256;

/** mParticle's `application_info` of a Segment-spec context. */
export function applicationInfo(context: Fields): ApplicationInfo | undefined {
  const app = section(context, "app");
  if (!app) return undefined;
  const info: ApplicationInfo = {};
  put(info, "application_name", text(app, "name"));
  put(info, "application_version", text(app, "version"));
  put(info, "application_build_number", text(app, "build"));
  put(info, "package", text(app, "namespace"));
  return unlessEmpty(info);
}

/** mParticle's `device_info` of a Segment-spec context. @param occurredAtMs - Decides between standard and summer time. */
export function deviceInfo(context: Fields, occurredAtMs: number): DeviceInfo | undefined {
  const info: DeviceInfo = {};
  const platform = contextPlatform(context.values);
  put(info, "platform", platform);
  const device = section(context, "device");
  if (device) addDevice(info, device, platform);
  put(info, "os_version", text(section(context, "os"), "version"));
  put(info, "http_header_user_agent", text(context, "userAgent"));
  addLocale(info, text(context, "locale"));
  addTimezone(info, context, occurredAtMs);
  const network = section(context, "network");
  if (network) {
    put(info, "network_carrier", text(network, "carrier"));
    put(info, "bluetooth_enabled", flag(network, "bluetooth"));
  }
  const screen = section(context, "screen");
  if (screen) {
    put(info, "screen_width", integer(screen, "width"));
    put(info, "screen_height", integer(screen, "height"));
  }
  return unlessEmpty(info);
}

function addDevice(info: DeviceInfo, device: Fields, platform: Platform | undefined): void {
  if (platform === undefined) noteUnknown(device);
  const manufacturer = text(device, "manufacturer");
  put(info, "device_manufacturer", manufacturer);
  if (platform === "Android") put(info, "brand", manufacturer);
  put(info, "device_model", text(device, "model"));
  put(info, "device", text(device, "name"));
  put(info, "push_token", text(device, "token"));
  if (platform === "iOS") put(info, "ios_idfv", deviceUuid(device, "id"));
  if (platform === "Android") put(info, "android_uuid", deviceId(device, "id"));
  if (platform !== undefined && platform in ADVERTISING_IDS) {
    put(info, ADVERTISING_IDS[platform as keyof typeof ADVERTISING_IDS], deviceUuid(device, "advertisingId"));
  }
  const mayTrack = flag(device, "adTrackingEnabled");
  if (mayTrack !== undefined) info.limit_ad_tracking = !mayTrack;
}

/** Of a device whose type says nothing, only ids get lost. */
function noteUnknown(device: Fields): void {
  const { type, id, advertisingId } = device.values;
  if (typeof type === "string" && type.trim() !== "")
    note(device.findings, "platform_unknown", fieldPath(device.path, "type"));
  else if (id || advertisingId) note(device.findings, "platform_unknown", device.path);
}

/** An id that mParticle takes as a UUID only: another value would fail the whole batch. */
export function deviceUuid(fields: Fields, key: string): string | undefined {
  const id = deviceId(fields, key);
  return id === undefined || isUuid(id)
    ? id
    : reportInvalid(fields, key, "a UUID, or mParticle would refuse the whole batch,");
}

/** An id of a device. All zeros are what devices that refuse tracking send: the same for everyone, so no id. */
export function deviceId(fields: Fields, key: string): string | undefined {
  const id = text(fields, key);
  if (id === undefined) return undefined;
  if (/^[0-]+$/.test(id)) {
    note(fields.findings, "advertising_id_zero", fieldPath(fields.path, key));
    return undefined;
  }
  if (id.length <= MAX_DEVICE_ID_LENGTH) return id;
  note(
    fields.findings,
    "field_invalid",
    fieldPath(fields.path, key),
    `This is longer than ${MAX_DEVICE_ID_LENGTH} characters: it was left out.`,
  );
  return undefined;
}

function addLocale(info: DeviceInfo, locale: string | undefined): void {
  if (locale === undefined) return;
  const { language, country } = localeOf(locale);
  put(info, "locale_language", language);
  put(info, "locale_country", country);
}

/** mParticle takes whole hours only; of other zones nothing but the daylight saving is sent. */
function addTimezone(info: DeviceInfo, context: Fields, occurredAtMs: number): void {
  const name = text(context, "timezone");
  if (name === undefined) return;
  const clock = zoneClock(name, occurredAtMs);
  if (!clock) {
    reportInvalid(context, "timezone", "the name of a time zone");
    return;
  }
  if (clock.offsetMinutes % 60 === 0) info.timezone_offset = clock.offsetMinutes / 60;
  info.is_dst = clock.isDst;
}
