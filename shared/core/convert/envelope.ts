import type { Envelope } from "../contribution.ts";
import type { SegmentEvent } from "../message.schema.ts";
import type { Call } from "./call.ts";
import type { ConvertContext } from "./convert-context.ts";
import { applicationInfo, DEVICE_IDS, deviceInfo } from "./device.ts";
import { type IdentitySources, partnerIdentities, userIdentities } from "./identities.ts";
import { publicIp } from "./ip.ts";

type MutableEnvelope = { -readonly [Key in keyof Envelope]: Envelope[Key] };

/** Whom a call is about and from which device it came. */
export function envelopeOf(
  event: SegmentEvent,
  { context, occurredAtMs, mapping, findings }: Call,
  sources: IdentitySources,
  convertContext: ConvertContext,
): Envelope {
  const envelope: MutableEnvelope = {};
  const identities = userIdentities(event, sources, mapping, findings);
  if (identities) envelope.userIdentities = identities;
  const partners = partnerIdentities(event.partnerUserId, convertContext, findings);
  if (partners) envelope.partnerIdentities = partners;
  if (!context) return envelope;
  const device = deviceInfo(context, occurredAtMs);
  if (device) envelope.deviceInfo = device;
  const application = applicationInfo(context);
  if (application) envelope.applicationInfo = application;
  const ip = publicIp(context, "ip");
  if (ip !== undefined) envelope.ip = ip;
  return envelope;
}

/** Whether mParticle has somebody to attach a batch to. A partner identity alone is not resolved to anybody. */
export function namesSomebody({ userIdentities, deviceInfo }: Envelope): boolean {
  if (userIdentities !== undefined) return true;
  return deviceInfo !== undefined && DEVICE_IDS.some((id) => deviceInfo[id] != null);
}
