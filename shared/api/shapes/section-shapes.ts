/** What the sections of a mapping and the fields of its rules may give. A test holds these to what events are read by. */
import {
  APPLICATION_SYSTEMS,
  APPLICATION_TEXTS,
  DEVICE_FLAGS,
  DEVICE_IDS,
  DEVICE_TEXTS,
  DEVICE_UUIDS,
  IDENTITY_TYPES,
  TRACKING_STATES,
} from "../../core/batch/names.ts";
import { deviceId, deviceUuid } from "../../core/convert/device.ts";
import { identityIn } from "../../core/convert/identities.ts";
import { publicIp } from "../../core/convert/ip.ts";
import { platformIn } from "../../core/convert/platform.ts";
import type { FIELD_SECTIONS } from "../../core/mapping/sections.ts";
import { PlatformSchema } from "../../core/tenant.schema.ts";
import { COMMERCE_SHAPE, PROMOTION_SHAPE } from "./commerce-shape.ts";
import {
  each,
  flags,
  integers,
  oneOf,
  type Scalar,
  type Shapes,
  scalar,
  TEXT,
  texts,
} from "./value-shape.ts";

/** Of a user. The preset `walkeros` takes booleans as well. */
export const IDENTITY = scalar(
  "must be one value, text or a number",
  (fields, key) => {
    const value = fields.values[key];
    return typeof value === "boolean" ? value : identityIn(fields, key);
  },
  { tells: "user" },
);

const PLATFORMS = PlatformSchema.options;

const UUIDS: ReadonlySet<string> = new Set(DEVICE_UUIDS);

const uuid = (rest: Partial<Scalar> = {}) => scalar("must be a UUID", deviceUuid, rest);

const DEVICE: Shapes = {
  ...texts(...DEVICE_TEXTS),
  ...each(DEVICE_IDS, scalar("must be the id of a device", deviceId, { tells: "device" })),
  ...each(
    DEVICE_IDS.filter((id) => UUIDS.has(id)),
    uuid({ tells: "device" }),
  ),
  roku_publisher_id: uuid(),
  microsoft_publisher_id: scalar("must be the id of a publisher", deviceId),
  ...integers("timezone_offset", "screen_height", "screen_width", "screen_dpi", "att_timestamp_unixtime_ms"),
  ...flags(...DEVICE_FLAGS),
  platform: oneOf(PLATFORMS, platformIn),
  att_authorization_status: oneOf(TRACKING_STATES),
};

const APPLICATION: Shapes = { ...texts(...APPLICATION_TEXTS), os: oneOf(APPLICATION_SYSTEMS) };

/** Where further attributes come from. */
const attributes = (called: string): Shapes => ({ "*": { kind: "fields", called } });

/** By section. Fields that are not named take anything. */
export const SECTIONS: Readonly<Record<(typeof FIELD_SECTIONS)[number], Shapes>> = {
  userIdentities: each(IDENTITY_TYPES, IDENTITY),
  userAttributes: attributes("a user's attributes"),
  customAttributes: attributes("an event's attributes"),
  deviceInfo: DEVICE,
  applicationInfo: APPLICATION,
};

/** Values beside the sections, of the document and of its rules. */
export const SINGLE = {
  ip: scalar("must be a public IP address", publicIp, { tells: "address" }),
  sourceRequestId: { ...TEXT, tells: "batch" },
} as const;

/** Values of rules only. */
export const ofRule = ({ promotion }: { readonly promotion?: string | undefined }): Shapes => ({
  name: TEXT,
  activityType: TEXT,
  commerce: promotion === undefined ? COMMERCE_SHAPE : PROMOTION_SHAPE,
});
