/** The part of an event's `data` that is the same for all types. */
import * as z from "zod";
import { DeviceCurrentStateSchema, LocationSchema } from "./device.schema.ts";
import { Decimal, Flag, Integer, optionalFields, Text, TextMap, Uuid } from "./values.schema.ts";

/** What every event may carry beside its own fields. */
const commonFields = {
  timestamp_unixtime_ms: Integer.optional(),
  /** Text and never null, unlike the other ids. */
  source_message_id: z.string().optional(),
  session_uuid: Uuid.optional(),
  custom_attributes: TextMap.nullish(),
  location: LocationSchema.nullish(),
  device_current_state: DeviceCurrentStateSchema.nullish(),
  ...optionalFields(
    ["event_id", "event_num", "session_id", "session_start_unixtime_ms", "event_start_unixtime_ms"],
    Integer,
  ),
  lifetime_value_change: Decimal.optional(),
  ...optionalFields(["is_goal_defined", "is_main_thread"], Flag),
  ...optionalFields(
    ["lifetime_value_attribute_name", "data_connection_type", "view_controller", "canonical_name"],
    Text,
  ),
  event_system_notification_info: z.object({ type: z.literal("gdpr_change") }).nullish(),
};

/**
 * The `data` of one type of event. Open: unknown keys pass, as they do in every plain `z.object` of this format. They are
 * no part of the type, so that a misspelt field does not compile.
 */
export const data = <Shape extends z.ZodRawShape>(shape: Shape) => z.object({ ...commonFields, ...shape });
