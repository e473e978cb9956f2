import { hash } from "node:crypto";
import { DEVICE_IDS } from "../batch/names.ts";
import { consentPlanOf } from "../consent/consent-plan.ts";
import { consentStateOf } from "../consent/consent-state.ts";
import type { Envelope } from "../contribution.ts";
import { MAX_IDENTITY_BYTES } from "../limits.ts";
import type { ValueReader, ValueScope } from "../mapping/compile-value.ts";
import type { MappingSettings } from "../mapping/plan.ts";
import type { SegmentEvent } from "../message.schema.ts";
import type { Call } from "./call.ts";
import type { ConvertContext } from "./convert-context.ts";
import { applicationInfo, deviceInfo } from "./device.ts";
import { type Findings, note } from "./findings.ts";
import { type IdentitySources, identityText, partnerIdentities, userIdentities } from "./identities.ts";
import { publicIp } from "./ip.ts";
import { mappedApplication, mappedDevice } from "./mapped-device.ts";
import type { Fields, Values } from "./reader.ts";
import { isBlank } from "./text.ts";

export type MutableEnvelope = { -readonly [Key in keyof Envelope]: Envelope[Key] };

/** Whom a call is about and from which device it came. */
export function envelopeOf(
  event: SegmentEvent,
  call: Call,
  sources: IdentitySources,
  convertContext: ConvertContext,
): MutableEnvelope {
  const { context, occurredAtMs, findings } = call;
  const envelope: MutableEnvelope = {};
  const identities = userIdentities(event, sources, call);
  if (identities) envelope.userIdentities = identities;
  const partners = partnerIdentities(event.partnerUserId, convertContext, findings);
  if (partners) envelope.partnerIdentities = partners;
  const device = mappedDevice(context && deviceInfo(context, occurredAtMs), call);
  if (device) envelope.deviceInfo = device;
  const application = mappedApplication(context && applicationInfo(context), call);
  if (application) envelope.applicationInfo = application;
  const { ip: ipSource, sourceRequestId } = call.sections;
  const ip =
    ipSource === undefined ? context && publicIp(context, "ip") : mappedText("ip", ipSource, publicIp, call);
  if (ip !== undefined) envelope.ip = ip;
  const id = sourceRequestId && requestIdOf(event, sourceRequestId, call);
  if (id !== undefined && id !== null) envelope.sourceRequestId = id;
  addConsent(envelope, call.scope, convertContext, findings);
  return envelope;
}

/**
 * As strict as with an identity: a mended id could be another event's, which mParticle would then take this one for. Where the
 * mapping gives none, walkerOS's preset takes the event's own.
 */
function requestIdOf(
  event: SegmentEvent,
  source: ValueReader,
  { mapping, scope, findings }: Call,
): string | undefined {
  const given = source(scope);
  const value = mapping.isWalkerOs && isBlank(given) ? (event as Values)["id"] : given;
  if (isBlank(value)) return undefined;
  const id = identityText(value);
  if (id !== undefined && Buffer.byteLength(id) <= MAX_IDENTITY_BYTES) return id;
  note(
    findings,
    "field_invalid",
    "mapping.sourceRequestId",
    `No text of up to ${MAX_IDENTITY_BYTES} bytes: the connector's id was sent.`,
  );
  return undefined;
}

/** What the feed's `consent.state` says; mParticle takes it from custom feeds only. */
export function addConsent(
  envelope: MutableEnvelope,
  scope: ValueScope,
  { feed, sentAtMs }: ConvertContext,
  findings: Findings,
): void {
  if (!feed.consent.state) return;
  if (feed.kind !== "custom") {
    note(findings, "consent_stripped", "consent.state");
    return;
  }
  const state = consentStateOf(consentPlanOf(feed.consent), scope, sentAtMs, findings);
  if (state) envelope.consentState = state;
}

function mappedText(
  name: string,
  source: ValueReader | null,
  read: (fields: Fields, key: string) => string | undefined,
  { scope, findings }: Call,
): string | undefined {
  return source === null ? undefined : read({ values: { [name]: source(scope) }, path: "", findings }, name);
}

/** An e-mail address that the feed does not send. */
export interface HiddenEmail {
  /** Its SHA-256 in hexadecimal, of the trimmed address in lower case, where the feed sends that. */
  readonly hash: string | undefined;
}

/** Takes the e-mail address out of the identities where the feed does not send it as one. Undefined: there was nothing to take. */
export function hideEmail(
  envelope: MutableEnvelope,
  { email: rule }: MappingSettings,
): HiddenEmail | undefined {
  const email = envelope.userIdentities?.email;
  if (rule === "raw" || email === undefined) return undefined;
  const { email: _, ...others } = envelope.userIdentities ?? {};
  delete envelope.userIdentities;
  if (Object.keys(others).length > 0) envelope.userIdentities = others;
  return {
    hash: rule === "hashed" ? hash("sha256", String(email).trim().toLowerCase(), "hex") : undefined,
  };
}

/**
 * The feed's part in it that an event names nobody; undefined: it has none.
 *
 * @param isMapped - The feed's mapping says where identities come from.
 */
export function whyNobody(
  hidden: HiddenEmail | undefined,
  { email }: MappingSettings,
  isMapped: boolean,
): string | undefined {
  if (hidden)
    return `The user is named by an e-mail address alone, which the feed does not send as an identity (mapping.email is ${email}).`;
  return isMapped
    ? "The event names nobody in the places that the feed's mapping.userIdentities reads."
    : undefined;
}

/** Whether mParticle has somebody to attach a batch to. A partner identity alone is not resolved to anybody. */
export function namesSomebody({ userIdentities, deviceInfo }: Envelope): boolean {
  if (userIdentities !== undefined) return true;
  return deviceInfo !== undefined && DEVICE_IDS.some((id) => deviceInfo[id] != null);
}
