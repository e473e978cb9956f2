/**
 * mParticle's inbound batch, version 2: what is known about one user, and their events.
 *
 * Accepts what mParticle's published JSON Schema accepts with formats asserted, except for one omission: that schema lists
 * the fields of most objects without asking for an object, so that text, numbers and lists pass in their place. Here only
 * null does, and not for the batch itself, an event's `data` or the entries of a list.
 *
 * Limits, and rules that mParticle states in prose only, are ensured where batches are converted and assembled.
 *
 * @see https://docs.mparticle.com/developers/apis/json-reference/
 */
import * as z from "zod";
import { ApplicationInfoSchema, DeviceInfoSchema, LocationSchema } from "./batch/device.schema.ts";
import { BatchEventSchema } from "./batch/events.schema.ts";
import { ConsentStateSchema, PartnerIdentitiesSchema, UserIdentitiesSchema } from "./batch/user.schema.ts";
import { Flag, Integer, optionalFields, Text, TextMap, TextOrList, Uuid } from "./batch/values.schema.ts";
import { IP_ADDRESS } from "./ip-address.ts";

const ContextSchema = z.object({
  data_plan: z.strictObject({ plan_id: z.string(), plan_version: Integer.optional() }).nullish(),
  location: LocationSchema.nullish(),
});

/** What mParticle notes about the origin of a batch. */
const SourceInfoSchema = z.strictObject({
  channel: z.enum(["native", "javascript", "pixel", "desktop", "partner", "server_to_server"]),
  ...optionalFields(["partner", "replay_request_id", "replay_job_id"], Text),
  is_historical: Flag.optional(),
});

const AttributionInfoSchema = z.strictObject({ service_provider: Text, publisher: Text, campaign: Text });

export const BatchSchema = z.strictObject({
  /** Absent, mParticle takes it for `production`. */
  environment: z.enum(["production", "development"]).optional(),
  source_request_id: Text.optional(),
  user_identities: UserIdentitiesSchema.nullish(),
  partner_identities: PartnerIdentitiesSchema.nullish(),
  user_attributes: z.record(z.string(), TextOrList).nullish(),
  deleted_user_attributes: z.array(z.string()).nullish(),
  device_info: DeviceInfoSchema.nullish(),
  application_info: ApplicationInfoSchema.nullish(),
  /** Absent if unknown: null always fails. */
  ip: z.stringFormat("ip-address", IP_ADDRESS).optional(),
  consent_state: ConsentStateSchema.nullish(),
  context: ContextSchema.nullish(),
  events: z.array(BatchEventSchema).nullish(),
  mpid: Integer.optional(),
  /** By id of the integration. */
  integration_attributes: z.record(z.string(), TextMap).nullish(),
  attribution_info: AttributionInfoSchema.nullish(),
  source_info: SourceInfoSchema.nullish(),
  mp_deviceid: Uuid.optional(),
  ...optionalFields(["timestamp_unixtime_ms", "batch_id", "origin_mpid"], Integer),
  ...optionalFields(["partner_identity", "api_key", "sdk_version", "job_id"], Text),
  api_keys: z.array(z.string()).nullish(),
});

export type Batch = z.infer<typeof BatchSchema>;
export type UserAttributes = NonNullable<Batch["user_attributes"]>;
export type Context = z.infer<typeof ContextSchema>;

export type * from "./batch/app-events.schema.ts";
export type * from "./batch/commerce.schema.ts";
export type * from "./batch/device.schema.ts";
export type * from "./batch/events.schema.ts";
export type * from "./batch/user.schema.ts";
