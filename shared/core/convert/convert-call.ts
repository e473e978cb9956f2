import type { BatchEvent } from "../batch.schema.ts";
import type { Contribution, Conversion } from "../contribution.ts";
import type { SegmentEvent } from "../message.schema.ts";
import { type Call, customEvent } from "./call.ts";
import type { ConvertContext } from "./convert-context.ts";
import { envelopeOf, namesSomebody } from "./envelope.ts";
import type { TrackRule } from "./event-table.ts";
import { newFindings, noted, refuse, rejection } from "./findings.ts";
import type { IdentitySources } from "./identities.ts";
import { messageIdOf } from "./message-id.ts";
import { userAttributesOf } from "./profile.ts";
import { fieldsOf, section } from "./reader.ts";
import { screenView } from "./screen-view.ts";
import { readTime } from "./time.ts";
import { trackEvent } from "./track.ts";
import { profileParts } from "./user-attributes.ts";

/** Converts one of the six calls of the Segment spec. @param rule - The event table's, for a track event that it names. */
export function convertCall(
  event: SegmentEvent,
  rule: TrackRule | undefined,
  context: ConvertContext,
): Conversion {
  const findings = newFindings();
  const call: Call = {
    messageId: messageIdOf(event),
    occurredAtMs: readTime(event, context.sentAtMs, findings),
    context: fieldsOf(event.context, "context", findings),
    properties: "properties" in event ? fieldsOf(event.properties, "properties", findings) : undefined,
    mapping: context.feed.mapping,
    findings,
  };
  const sources: IdentitySources = {
    // A group's traits describe the group, its e-mail address included.
    traits:
      "traits" in event && event.type !== "group" ? fieldsOf(event.traits, "traits", findings) : undefined,
    contextTraits: section(call.context, "traits"),
    properties: call.properties,
  };
  const envelope = envelopeOf(event, call, sources, context);
  if (!namesSomebody(envelope)) refuse(findings, "identity_missing", "");
  const user = userAttributesOf(event, call, sources);
  const batchEvent = batchEventOf(event, rule, call);
  if (findings.reason) return rejection(findings.reason, findings);

  const { messageId, occurredAtMs } = call;
  const events = batchEvent ? [batchEvent] : [];
  const contribution: Contribution = user
    ? { messageId, occurredAtMs, envelope, events, ...profileParts(user) }
    : { messageId, occurredAtMs, envelope, events };
  return { kind: "contribution", contribution, findings: noted(findings) };
}

/** Undefined for the calls that only say who a user is. */
function batchEventOf(event: SegmentEvent, rule: TrackRule | undefined, call: Call): BatchEvent | undefined {
  switch (event.type) {
    case "track":
      if (event.event.trim() === "")
        refuse(call.findings, "event_invalid", "event", "The event has a blank name.");
      return trackEvent(event.event, rule, call);
    case "page":
    case "screen":
      return screenView(event, call);
    case "identify": {
      const { identifyEventName } = call.mapping;
      return identifyEventName === undefined ? undefined : customEvent(identifyEventName, "", "other", call);
    }
    case "group":
    case "alias":
      return undefined;
  }
}
