/** Device and application as a feed's mapping gives them. */
import {
  APPLICATION_SYSTEMS,
  APPLICATION_TEXTS,
  DEVICE_FLAGS,
  DEVICE_IDS,
  DEVICE_TEXTS,
  DEVICE_UUIDS,
  TRACKING_STATES,
} from "../batch/names.ts";
import type { ApplicationInfo, DeviceInfo } from "../batch.schema.ts";
import type { Call } from "./call.ts";
import { deviceId, deviceUuid } from "./device.ts";
import { choice, each, flags, integers, texts, withMapped } from "./mapped-fields.ts";
import { platformIn } from "./platform.ts";

const DEVICE = {
  ...texts(...DEVICE_TEXTS),
  ...each([...DEVICE_IDS, "microsoft_publisher_id"], deviceId),
  ...each(DEVICE_UUIDS, deviceUuid),
  ...integers("timezone_offset", "screen_height", "screen_width", "screen_dpi", "att_timestamp_unixtime_ms"),
  ...flags(...DEVICE_FLAGS),
  platform: platformIn,
  att_authorization_status: choice(TRACKING_STATES),
};

const APPLICATION = { ...texts(...APPLICATION_TEXTS), os: choice(APPLICATION_SYSTEMS) };

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
