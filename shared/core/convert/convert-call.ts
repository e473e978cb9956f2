import type { BatchEvent } from "../batch.schema.ts";
import type { Contribution, Conversion, Envelope } from "../contribution.ts";
import type { ValueScope } from "../mapping/compile-value.ts";
import type { MappingPlan } from "../mapping/plan.ts";
import type { MappingRule } from "../mapping/rule.ts";
import type { SegmentEvent } from "../message.schema.ts";
import { type Call, customEvent } from "./call.ts";
import type { ConvertContext } from "./convert-context.ts";
import { envelopeOf, hideEmail, namesSomebody, whyNobody } from "./envelope.ts";
import { type Findings, newFindings, noted, refuse, rejection } from "./findings.ts";
import type { IdentitySources } from "./identities.ts";
import { messageIdOf } from "./message-id.ts";
import { noteCost } from "./note-cost.ts";
import { userAttributesOf } from "./profile.ts";
import { fieldsOf, section } from "./reader.ts";
import { screenView } from "./screen-view.ts";
import { readTime } from "./time.ts";
import { targetEvent } from "./track.ts";
import { profileParts, type UserAttributes } from "./user-attributes.ts";

/** A call with the rule of its feed's mapping that names it. */
export interface MappedCall {
  readonly event: SegmentEvent;
  readonly rule: MappingRule | undefined;
  readonly scope: ValueScope;
}

/** Converts one of the six calls of the Segment spec as its feed's mapping says. */
export function convertCall(
  { event, rule, scope }: MappedCall,
  plan: MappingPlan,
  context: ConvertContext,
): Conversion {
  const findings = newFindings();
  if (!rule && plan.settings.unmapped === "reject")
    return rejection(refuse(findings, "event_unmapped", "type"), findings);
  const call = callOf({ event, rule, scope }, plan, context, findings);
  const { envelope, user } = readProfile(event, call, context);
  const batchEvent = batchEventOf(event, call);
  noteCost(call.scope, findings);
  if (findings.reason) return rejection(findings.reason, findings);

  const { messageId, occurredAtMs } = call;
  const events = batchEvent ? [batchEvent] : [];
  const contribution: Contribution = user
    ? { messageId, occurredAtMs, envelope, events, ...profileParts(user) }
    : { messageId, occurredAtMs, envelope, events };
  return { kind: "contribution", contribution, findings: noted(findings) };
}

/** What all parts of a call's conversion share. */
export function callOf(
  { event, rule, scope }: MappedCall,
  plan: MappingPlan,
  context: ConvertContext,
  findings: Findings,
): Call {
  return {
    messageId: messageIdOf(event),
    occurredAtMs: readTime(event, context.sentAtMs, findings),
    context: fieldsOf(event.context, "context", findings),
    properties: "properties" in event ? fieldsOf(event.properties, "properties", findings) : undefined,
    mapping: plan.settings,
    rule,
    sections: rule?.sections ?? plan.sections,
    scope,
    findings,
  };
}

/** Whom a call is about, and what it says of them. One that names nobody is refused. */
export function readProfile(
  event: SegmentEvent,
  call: Call,
  context: ConvertContext,
): { readonly envelope: Envelope; readonly user: UserAttributes | undefined } {
  const { findings } = call;
  const sources: IdentitySources = {
    // A group's traits describe the group, its e-mail address included.
    traits:
      "traits" in event && event.type !== "group" ? fieldsOf(event.traits, "traits", findings) : undefined,
    contextTraits: section(call.context, "traits"),
    properties: call.properties,
  };
  const envelope = envelopeOf(event, call, sources, context);
  const hidden = hideEmail(envelope, call.mapping);
  if (!namesSomebody(envelope)) {
    const isMapped = call.sections.userIdentities !== undefined;
    refuse(findings, "identity_missing", "", whyNobody(hidden, call.mapping, isMapped));
  }
  return { envelope, user: userAttributesOf(event, call, sources, hidden?.hash) };
}

/** Undefined for the calls that only say who a user is. */
function batchEventOf(event: SegmentEvent, call: Call): BatchEvent | undefined {
  const target = call.rule?.target;
  if (target?.kind === "profile") return undefined;
  if (target && event.type !== "track") return targetEvent(target, nameOf(event), event, call);
  switch (event.type) {
    case "track":
      if (event.event.trim() === "")
        refuse(call.findings, "event_invalid", "event", "The event has a blank name.");
      return target
        ? targetEvent(target, event.event, event, call)
        : customEvent(event.event, "event", "other", call);
    case "page":
    case "screen":
      return screenView(event, call);
    case "identify":
    case "group":
    case "alias":
      return undefined;
  }
}

/** For an event that a rule makes of a call other than track. */
function nameOf(event: SegmentEvent): string {
  return "name" in event && typeof event.name === "string" ? event.name : event.type;
}
