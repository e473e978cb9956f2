import type { CustomEvent, CustomEventType, DeviceCurrentState, Location } from "../batch.schema.ts";
import { MAX_NAME_LENGTH } from "../limits.ts";
import type { Mapping } from "../tenant.schema.ts";
import { type Attributes, addFields, newAttributes } from "./attributes.ts";
import { readCircumstances } from "./event-context.ts";
import { type Findings, note } from "./findings.ts";
import type { Fields } from "./reader.ts";
import { cutText } from "./text.ts";

/** A Segment-spec call while it is converted: what all parts of its conversion share. */
export interface Call {
  readonly messageId: string;
  readonly occurredAtMs: number;
  readonly context: Fields | undefined;
  /** Undefined for calls that have none, and where they are absent. */
  readonly properties: Fields | undefined;
  readonly mapping: Mapping;
  readonly findings: Findings;
}

/** The `data` fields of the events of a Segment-spec call, whatever their type; absent where the call has nothing. */
export interface CommonData {
  timestamp_unixtime_ms: number;
  source_message_id: string;
  custom_attributes?: Record<string, string>;
  session_uuid?: string;
  location?: Location;
  device_current_state?: DeviceCurrentState;
}

/** What all types of event say alike. @param attributes - Gets those that the context gives, after its own. */
export function commonData(call: Call, attributes: Attributes): CommonData {
  const { sessionUuid, location, currentState } = readCircumstances(call.context, attributes);
  const data: CommonData = { timestamp_unixtime_ms: call.occurredAtMs, source_message_id: call.messageId };
  // Fields without a value would slow down checking and serialising.
  if (attributes.count > 0) data.custom_attributes = attributes.values;
  if (sessionUuid !== undefined) data.session_uuid = sessionUuid;
  if (location) data.location = location;
  if (currentState) data.device_current_state = currentState;
  return data;
}

/** The call's properties as attributes. @param taken - Properties that stand elsewhere in the event. */
export function propertyAttributes(call: Call, taken?: readonly string[]): Attributes {
  const attributes = newAttributes();
  if (call.properties) addFields(attributes, call.properties, taken);
  return attributes;
}

/** A custom event with all of the call's properties as attributes. @param path - Of the name in the event. */
export function customEvent(name: string, path: string, type: CustomEventType, call: Call): CustomEvent {
  return {
    event_type: "custom_event",
    data: {
      ...commonData(call, propertyAttributes(call)),
      event_name: eventName(name, path, call.findings),
      custom_event_type: type,
    },
  };
}

/** An event's or screen's name: trimmed, repaired and cut to {@link MAX_NAME_LENGTH}. */
export function eventName(name: string, path: string, findings: Findings): string {
  let fitting = name.trim();
  if (!fitting.isWellFormed()) {
    note(findings, "text_repaired", path);
    fitting = fitting.toWellFormed();
  }
  if (fitting.length <= MAX_NAME_LENGTH) return fitting;
  note(findings, "name_cut", path);
  return cutText(fitting, MAX_NAME_LENGTH);
}
