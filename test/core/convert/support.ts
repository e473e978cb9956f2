import type { Contribution, Conversion } from "../../../shared/core/contribution.ts";
import { type ConvertContext, convertEvent } from "../../../shared/core/convert/convert-event.ts";
import type { PartnerEvent } from "../../../shared/core/message.schema.ts";
import { checkEvent, parseFeed, parseTenant } from "../../../shared/core/validators.ts";

/** When the queue took the messages of these tests. */
export const SENT_AT_MS = Date.parse("2024-01-29T15:00:00.000Z");

export const MOMENT = "2024-01-29T14:53:20.000Z";
export const MOMENT_MS = Date.parse(MOMENT);

export interface Setup {
  readonly mapping?: Record<string, unknown>;
  readonly feed?: Record<string, unknown>;
  readonly tenant?: Record<string, unknown>;
  readonly partnerIdentity?: string;
}

export function convertContext({ mapping, feed, tenant, partnerIdentity }: Setup = {}): ConvertContext {
  return {
    tenant: parseTenant({ tenantId: "acme", ...tenant }),
    feed: parseFeed({ feedId: "default", environment: "production", ...feed, mapping: { ...mapping } }),
    sentAtMs: SENT_AT_MS,
    ...(partnerIdentity !== undefined && { partnerIdentity }),
  };
}

/** Converts an event as it comes from JSON, once it passed the message contract. */
export function convert(event: Record<string, unknown>, setup: Setup = {}): Conversion {
  const problem = checkEvent(event);
  if (problem) throw new Error(`no event of the contract: ${problem.path} ${problem.problem}`);
  return convertEvent(event as PartnerEvent, convertContext(setup));
}

/** A track event of a known user at {@link MOMENT}. */
export function track(
  event: string,
  properties: Record<string, unknown> = {},
  rest: Record<string, unknown> = {},
) {
  return { type: "track", messageId: "m-1", timestamp: MOMENT, userId: "u-1", event, properties, ...rest };
}

export function identify(traits: Record<string, unknown>, rest: Record<string, unknown> = {}) {
  return { type: "identify", messageId: "m-1", timestamp: MOMENT, userId: "u-1", traits, ...rest };
}

/** What an event is expected to become a part of a batch. */
export function contributionOf(event: Record<string, unknown>, setup?: Setup): Contribution {
  const conversion = convert(event, setup);
  if (conversion.kind !== "contribution") throw new Error(`ended as ${conversion.kind}`);
  return conversion.contribution;
}

/** The type of a call's event, and its data without the fields that all events have. */
export function eventOf(event: Record<string, unknown>, setup?: Setup): Record<string, unknown> {
  const [converted] = contributionOf(event, setup).events;
  if (!converted) throw new Error("no event");
  const { timestamp_unixtime_ms, source_message_id, ...data } = converted.data;
  return { event_type: converted.event_type, ...JSON.parse(JSON.stringify(data)) };
}

export function attributesOf(event: Record<string, unknown>, setup?: Setup): unknown {
  return eventOf(event, setup)["custom_attributes"];
}

/** Codes and places of what a conversion noticed. */
export function noticed(event: Record<string, unknown>, setup?: Setup): string[] {
  return convert(event, setup).findings.map(({ code, path }) => `${code} ${path}`.trim());
}

/** A contribution alone in a batch, as it is sent. */
export function batchOf({ envelope, ...contribution }: Contribution): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify({
      ...contribution.own,
      environment: "production",
      user_identities: envelope.userIdentities,
      partner_identities: envelope.partnerIdentities,
      device_info: envelope.deviceInfo,
      application_info: envelope.applicationInfo,
      ip: envelope.ip,
      user_attributes: contribution.userAttributes,
      deleted_user_attributes: contribution.deletedUserAttributes,
      events: contribution.events,
    }),
  );
}
