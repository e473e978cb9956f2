/** Where a batch and its events came from: device, application, place. */
import * as z from "zod";
import {
  APPLICATION_SYSTEMS,
  APPLICATION_TEXTS,
  DEVICE_FLAGS,
  DEVICE_TEXTS,
  DEVICE_UUIDS,
  TRACKING_STATES,
} from "./names.ts";
import { Decimal, Flag, Integer, optionalFields, Text, TextMap, Uuid } from "./values.schema.ts";

export const DEVICE_PLATFORMS = [
  "iOS",
  "Android",
  "web",
  "tvOS",
  "roku",
  "out_of_band",
  "alexa",
  "smart_tv",
  "fire_tv",
  "xbox",
] as const;

export const DeviceInfoSchema = z.strictObject({
  platform: z.enum(DEVICE_PLATFORMS).optional(),
  ...optionalFields(
    [...DEVICE_TEXTS, "android_uuid", "amp_id", "microsoft_advertising_id", "microsoft_publisher_id"],
    Text,
  ),
  ...optionalFields(DEVICE_UUIDS, Uuid),
  /** Whole hours from UTC. */
  timezone_offset: Integer.optional(),
  ...optionalFields(["screen_height", "screen_width", "screen_dpi"], Integer),
  ...optionalFields(DEVICE_FLAGS, Flag),
  att_authorization_status: z.enum(TRACKING_STATES).optional(),
  att_timestamp_unixtime_ms: Integer.optional(),
});

const OrientationSchema = z.enum([
  "portrait",
  "portrait_upside_down",
  "landscape",
  "LandscapeLeft",
  "LandscapeRight",
  "FaceUp",
  "FaceDown",
  "Square",
]);

export const DeviceCurrentStateSchema = z.strictObject({
  ...optionalFields(
    [
      "time_since_start_ms",
      "total_system_memory_usage_bytes",
      "disk_space_free_bytes",
      "external_disk_space_free_bytes",
    ],
    Integer,
  ),
  ...optionalFields(
    [
      "battery_level",
      "system_memory_available_bytes",
      "system_memory_threshold_bytes",
      "application_memory_available_bytes",
      "application_memory_max_bytes",
      "application_memory_total_bytes",
    ],
    Decimal,
  ),
  ...optionalFields(["gps_state", "system_memory_low"], Flag),
  ...optionalFields(["cpu", "data_connection_type", "data_connection_type_detail"], Text),
  ...optionalFields(["device_orientation", "status_bar_orientation"], OrientationSchema),
});

export const ApplicationInfoSchema = z.strictObject({
  ...optionalFields(APPLICATION_TEXTS, Text),
  os: z.enum(APPLICATION_SYSTEMS).optional(),
  apple_search_ads_attributes: z.record(z.string(), TextMap).nullish(),
});

/** Both coordinates or nothing: a place without them fails. */
export const LocationSchema = z.strictObject({
  latitude: Decimal,
  longitude: Decimal,
  /** Metres. */
  accuracy: Decimal.optional(),
  dma_code: Integer.optional(),
  ...optionalFields(["country_code", "region_code", "postal_code", "city_name", "location_source"], Text),
});

export type DevicePlatform = (typeof DEVICE_PLATFORMS)[number];
export type DeviceInfo = z.infer<typeof DeviceInfoSchema>;
export type DeviceCurrentState = z.infer<typeof DeviceCurrentStateSchema>;
export type ApplicationInfo = z.infer<typeof ApplicationInfoSchema>;
export type Location = z.infer<typeof LocationSchema>;
