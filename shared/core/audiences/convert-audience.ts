/** What a message says of a user's audiences, as user attributes. */
import { contentHash } from "../canonical.ts";
import type { Contribution, Conversion } from "../contribution.ts";
import { callOf, readProfile } from "../convert/convert-call.ts";
import type { ConvertContext } from "../convert/convert-context.ts";
import { type Findings, newFindings, note, noted, refuse, rejection } from "../convert/findings.ts";
import { givenId } from "../convert/message-id.ts";
import { noteCost } from "../convert/note-cost.ts";
import {
  newUserAttributes,
  profileParts,
  setCustom,
  type UserAttributes,
} from "../convert/user-attributes.ts";
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
  const { envelope, user = newUserAttributes(attributePrefix, nullTraits) } = readProfile(
    identify,
    call,
    context,
  );
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

function addMembership(
  membership: UserAttributes,
  event: AudienceEvent,
  settings: AudienceSettings,
  findings: Findings,
): void {
  const { as, attribute, prefix, value, known } = settings;
  if (as === "list") {
    if (event.action !== "mirror") refuse(findings, "audience_list_needs_mirror", "action");
    else {
      const fields = { values: { audiences: [...new Set(event.audiences)] }, path: "", findings };
      setCustom(membership, attribute, fields, "audiences");
    }
    return;
  }
  const put = (audience: string, given: string | null, path: string) =>
    setCustom(membership, prefix + audience, { values: { [path]: given }, path: "", findings }, path);
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

/** What a message says of audiences counts before what its traits say. */
function layOver(user: UserAttributes, { values, deleted }: UserAttributes): void {
  for (const name of deleted) {
    delete user.values[name];
    user.deleted.add(name);
  }
  Object.assign(user.values, values);
}
