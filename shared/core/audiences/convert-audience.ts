/** What a message says of a user's audiences, as user attributes. */
import { hash } from "node:crypto";
import { DEVICE_IDS } from "../batch/names.ts";
import { canonicalJson, contentHash } from "../canonical.ts";
import { consentPlanOf } from "../consent/consent-plan.ts";
import { missingCategory } from "../consent/missing-category.ts";
import type { Contribution, Conversion, Envelope } from "../contribution.ts";
import { callOf, readProfile } from "../convert/convert-call.ts";
import type { ConvertContext } from "../convert/convert-context.ts";
import { type Findings, newFindings, note, noted, refuse, rejection } from "../convert/findings.ts";
import { givenId } from "../convert/message-id.ts";
import { noteCost } from "../convert/note-cost.ts";
import { cutText } from "../convert/text.ts";
import {
  newUserAttributes,
  profileParts,
  setCustom,
  type UserAttributes,
  withoutDollar,
} from "../convert/user-attributes.ts";
import { MAX_NAME_LENGTH } from "../limits.ts";
import { scopeOf } from "../mapping/compile-value.ts";
import type { MappingPlan } from "../mapping/plan.ts";
import type { AudienceEvent, IdentifyEvent } from "../message.schema.ts";
import type { AudienceSettings } from "./audience-settings.schema.ts";

/** Converts an audience message. It names its user, and may describe them, as an identify call does. */
export function convertAudience(
  event: AudienceEvent,
  plan: MappingPlan,
  context: ConvertContext,
): Conversion {
  const findings = newFindings();
  const identify: IdentifyEvent = { ...event, type: "identify" };
  const scope = scopeOf(event);
  const call = callOf({ event: identify, rule: undefined, scope }, plan, context, findings);
  const { attributePrefix, nullTraits } = plan.settings;
  const profile = readProfile(identify, call, context);
  // Only a removal gets here without the consent that its feed requires.
  const isAgreed = missingCategory(event, consentPlanOf(context.feed.consent)) === undefined;
  const envelope = isAgreed ? profile.envelope : whoOf(profile.envelope);
  const user = (isAgreed && profile.user) || newUserAttributes(attributePrefix, nullTraits);
  // No list of names holds these back: the feed's audience settings name them on purpose.
  const membership = newUserAttributes(attributePrefix, "delete");
  addMembership(membership, event, context.feed.audiences, findings);
  layOver(user, membership);
  noteCost(scope, findings);
  if (findings.reason) return rejection(findings.reason, findings);

  const { occurredAtMs } = call;
  // With its time: who comes back is no repetition, though mParticle remembers ids for weeks.
  const messageId = givenId(event.messageId) ?? contentHash({ ...event, occurredAtMs });
  const contribution: Contribution = { messageId, occurredAtMs, envelope, events: [], ...profileParts(user) };
  return { kind: "contribution", contribution, findings: noted(findings) };
}

/** What names a user, and nothing else that is told of them. */
function whoOf({ ip: _, applicationInfo: __, deviceInfo, ...who }: Envelope): Envelope {
  if (who.userIdentities || !deviceInfo) return who;
  const ids = DEVICE_IDS.flatMap((id) => (deviceInfo[id] === undefined ? [] : [[id, deviceInfo[id]]]));
  return { ...who, deviceInfo: { platform: deviceInfo.platform, ...Object.fromEntries(ids) } };
}

function addMembership(
  membership: UserAttributes,
  event: AudienceEvent,
  settings: AudienceSettings,
  findings: Findings,
): void {
  const { as, attribute, value, known } = settings;
  // As the mapping's attributePrefix: the sign marks mParticle's own names.
  const prefix = withoutDollar(settings.prefix);
  if (as === "list") {
    if (event.action !== "mirror") refuse(findings, "audience_list_needs_mirror", "action");
    else {
      const fields = { values: { audiences: [...new Set(event.audiences)] }, path: "", findings };
      setCustom(membership, attribute, fields, "audiences");
    }
    return;
  }
  const room = MAX_NAME_LENGTH - membership.prefix.length;
  const put = (audience: string, given: string | null, path: string) => {
    const name = attributeOf(prefix + audience, room, path, findings);
    setCustom(membership, name, { values: { [path]: given }, path: "", findings }, path);
  };
  if (event.action !== "mirror") {
    put(event.audience, event.action === "remove" ? null : value, "audience");
    return;
  }
  if (known.length === 0) refuse(findings, "audience_known_missing", "audiences");
  const named = new Set(event.audiences);
  for (const audience of known) if (!named.has(audience)) put(audience, null, "audiences");
  const places = new Map(event.audiences.map((audience, i) => [audience, `audiences[${i}]`]));
  for (const [audience, path] of places) {
    if (!known.includes(audience)) note(findings, "audience_not_known", path);
    put(audience, value, path);
  }
}

/** Hexadecimal digits of a hash: 48 bits. */
const HASH_DIGITS = 12;

/**
 * The attribute of an audience. A name that mParticle does not take as it is, or keeps for itself, is changed and gets a hash of
 * what it was: two audiences that became one would put people where they are not.
 */
function attributeOf(name: string, room: number, path: string, findings: Findings): string {
  const isOwn = name.startsWith("$");
  if (!isOwn && name.length <= room && name.isWellFormed()) return name;
  const code =
    name.length > room ? "attribute_name_cut" : isOwn ? "attribute_name_reserved" : "text_repaired";
  note(
    findings,
    code,
    path,
    "The audience's name is no name of an attribute: it was fitted, and got a hash to keep it apart.",
  );
  const fitted = cutText(withoutDollar(name).toWellFormed(), room - HASH_DIGITS - 1);
  return `${fitted}_${hash("sha256", canonicalJson(name), "hex").slice(0, HASH_DIGITS)}`;
}

/** What a message says of audiences counts before what its traits say. */
function layOver(user: UserAttributes, { values, deleted }: UserAttributes): void {
  for (const name of deleted) {
    delete user.values[name];
    user.deleted.add(name);
  }
  Object.assign(user.values, values);
}
