import type {
  ApplicationStateTransitionEvent,
  BatchEvent,
  CrashReportEvent,
  CustomEvent,
  UninstallEvent,
} from "../batch.schema.ts";
import type { Platform } from "../tenant.schema.ts";
import { type Attributes, addField, addFields, attributeText } from "./attributes.ts";
import { type Call, commonData, customEvent, eventName, propertyAttributes } from "./call.ts";
import type { TransitionRule } from "./event-table.ts";
import { note } from "./findings.ts";
import { contextPlatform } from "./platform.ts";
import { type Fields, flag, section, text, unlessEmpty } from "./reader.ts";
import { cutText } from "./text.ts";

/** UTF-16 units of `push_message.action_identifier`. */
const MAX_ACTION_LENGTH = 100;

const NO_ATTRIBUTES = "mParticle's uninstall event has no attributes: the properties were left out.";

/** The app was started, came to the foreground or left it. */
export function transitionEvent(
  { transition, firstRun = false, upgrade = false }: TransitionRule,
  call: Call,
): ApplicationStateTransitionEvent {
  const start =
    transition === "application_initialized" ? { is_first_run: firstRun, is_upgrade: upgrade } : {};
  return {
    event_type: "application_state_transition",
    data: {
      ...commonData(call, propertyAttributes(call)),
      application_transition_type: transition,
      ...start,
    },
  };
}

/** An app that comes back from the background was running already. */
export function applicationOpened(call: Call): ApplicationStateTransitionEvent {
  const isBack = flag(call.properties, "from_background") === true;
  const url = text(call.properties, "url");
  const taken = url === undefined ? ["from_background"] : ["from_background", "url"];
  return {
    event_type: "application_state_transition",
    data: {
      ...commonData(call, propertyAttributes(call, taken)),
      application_transition_type: isBack ? "application_foreground" : "application_initialized",
      ...(!isBack && { is_first_run: false, is_upgrade: false }),
      launch_referral: url,
    },
  };
}

/** mParticle allows it no further fields. */
export function uninstallEvent({ occurredAtMs, messageId, properties, findings }: Call): UninstallEvent {
  if (properties && unlessEmpty(properties.values))
    note(findings, "field_invalid", properties.path, NO_ATTRIBUTES);
  return {
    event_type: "uninstall",
    data: { timestamp_unixtime_ms: occurredAtMs, source_message_id: messageId },
  };
}

export function crashReport(name: string, call: Call): CrashReportEvent {
  const message = text(call.properties, "message");
  return {
    event_type: "crash_report",
    data: {
      ...commonData(call, propertyAttributes(call, message === undefined ? [] : ["message"])),
      severity: "fatal",
      message: message ?? eventName(name, "event", call.findings),
    },
  };
}

/** An install's credit, in the form that mParticle reads attribution from, but for the type, which its schema refuses. */
export function installAttributed(call: Call): CustomEvent {
  const attributes = propertyAttributes(call, [], addAttribution);
  return {
    event_type: "custom_event",
    data: { ...commonData(call, attributes), event_name: "attribution", custom_event_type: "other" },
  };
}

function addAttribution(attributes: Attributes, { properties, context }: Call): void {
  const campaign = section(properties, "campaign") ?? section(context, "campaign");
  if (campaign) {
    addField(attributes, "publisher", campaign, "source");
    addField(attributes, "campaign", campaign, "name");
    addFields(attributes, campaign, ["source", "name"], "campaign_");
  }
  const taken = ["campaign", ...Object.keys(attributes.values)];
  if (properties) addFields(attributes, properties, taken);
}

/** mParticle's push message needs the device's token and the payload; without them it is a custom event. */
export function pushMessage(type: "received" | "action", name: string, call: Call): BatchEvent {
  const { properties, context } = call;
  const token = text(section(context, "device"), "token");
  const payload = properties && payloadText(properties);
  if (token === undefined || payload === undefined) return customEvent(name, "event", "other", call);
  const action = text(properties, "action");
  return {
    event_type: "push_message",
    data: {
      ...commonData(call, propertyAttributes(call, ["payload", "message", "action"])),
      push_message_token: token,
      push_message_type: type,
      push_notification_payload: payload,
      network: pushNetwork(contextPlatform(context?.values)),
      message: text(properties, "message"),
      action_identifier: action && cutText(action, MAX_ACTION_LENGTH),
    },
  };
}

function pushNetwork(platform: Platform | undefined): "apn" | "gcm" | undefined {
  if (platform === "iOS") return "apn";
  return platform === "Android" ? "gcm" : undefined;
}

/** What was pushed, as JSON text where it came as an object. */
function payloadText(properties: Fields): string | undefined {
  const { payload } = properties.values;
  if (payload === undefined || payload === null || payload === "") return undefined;
  return attributeText(payload, properties, "payload");
}
