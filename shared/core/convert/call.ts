import type { CustomEvent, CustomEventType, DeviceCurrentState, Location } from "../batch.schema.ts";
import { MAX_NAME_LENGTH } from "../limits.ts";
import type { ValueScope } from "../mapping/compile-value.ts";
import type { MappingSettings } from "../mapping/plan.ts";
import type { MappingRule } from "../mapping/rule.ts";
import { type FieldPlan, mappedValues, type Sections } from "../mapping/sections.ts";
import { type Attributes, addField, addFields, newAttributes } from "./attributes.ts";
import { NO_CIRCUMSTANCES, readCircumstances } from "./event-context.ts";
import { type Findings, note } from "./findings.ts";
import { type Fields, fieldsOf } from "./reader.ts";
import { cutText, scalarText } from "./text.ts";

/** A Segment-spec call while it is converted: what all parts of its conversion share. */
export interface Call {
  readonly messageId: string;
  readonly occurredAtMs: number;
  readonly context: Fields | undefined;
  /** Undefined for calls that have none, and where they are absent. */
  readonly properties: Fields | undefined;
  readonly mapping: MappingSettings;
  /** Of the feed's mapping; undefined: none names the event. */
  readonly rule: MappingRule | undefined;
  /** What the mapping says beside the spec, the rule's included, and what it is read from. */
  readonly sections: Sections;
  readonly scope: ValueScope;
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
  // A feed that says where attributes come from gets no others.
  const isStandard = (call.sections.customAttributes?.rest ?? "standard") === "standard";
  const { sessionUuid, location, currentState } = isStandard
    ? readCircumstances(call.context, attributes)
    : NO_CIRCUMSTANCES;
  const data: CommonData = { timestamp_unixtime_ms: call.occurredAtMs, source_message_id: call.messageId };
  // Fields without a value would slow down checking and serialising.
  if (attributes.count > 0) data.custom_attributes = attributes.values;
  if (sessionUuid !== undefined) data.session_uuid = sessionUuid;
  if (location) data.location = location;
  if (currentState) data.device_current_state = currentState;
  return data;
}

/**
 * The call's properties as attributes, as far as the feed's mapping does not say otherwise.
 *
 * @param taken - Properties that stand elsewhere in the event.
 * @param addOwn - Adds them in another way.
 */
export function propertyAttributes(
  call: Call,
  taken?: readonly string[],
  addOwn?: (attributes: Attributes, call: Call) => void,
): Attributes {
  const { customAttributes: plan } = call.sections;
  const attributes = newAttributes(call.mapping.customAttributes);
  const rest = plan ? mappedAttributes(attributes, plan, call) : "standard";
  if (rest === "standard") {
    if (addOwn) addOwn(attributes, call);
    else if (call.properties) addFields(attributes, call.properties, taken);
  } else if (rest !== "nothing") {
    const others = fieldsOf(rest(call.scope), "customAttributes.*", call.findings);
    if (others) addFields(attributes, others);
  }
  return attributes;
}

/** Adds what the feed's mapping names; nothing else gives attributes of these names. @returns where others come from. */
function mappedAttributes(
  attributes: Attributes,
  { fields, rest }: FieldPlan,
  { scope, findings, mapping }: Call,
): FieldPlan["rest"] {
  addFields(attributes, { values: mappedValues(fields, scope), path: "customAttributes", findings });
  attributes.allows = (name) => !fields.has(name) && mapping.customAttributes?.(name) !== false;
  return rest;
}

/** The name that the feed's mapping gives the event or screen; undefined: its own. */
export function mappedName({ rule, scope }: Call): string | undefined {
  const name = rule?.name && scalarText(rule.name(scope));
  return name === undefined || name.trim() === "" ? undefined : name;
}

/**
 * A custom event with all of the call's properties as attributes.
 *
 * @param path - Of the name in the event.
 * @param page - The call itself, where it is one of a page or screen.
 */
export function customEvent(
  name: string,
  path: string,
  type: CustomEventType,
  call: Call,
  page?: Fields,
): CustomEvent {
  const attributes = propertyAttributes(call);
  const called = mappedName(call) ?? name;
  if (page) addPageNames(attributes, page, called === page.values["name"] ? ["name"] : [], call);
  return {
    event_type: "custom_event",
    data: {
      ...commonData(call, attributes),
      event_name: eventName(called, path, call.findings),
      custom_event_type: type,
    },
  };
}

/** Adds what a page or screen is called. @param says - What its event's name says already. */
export function addPageNames(
  attributes: Attributes,
  page: Fields,
  says: readonly string[],
  { sections }: Call,
): void {
  if (sections.customAttributes !== undefined) return;
  for (const key of ["name", "category"]) if (!says.includes(key)) addField(attributes, key, page, key);
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
