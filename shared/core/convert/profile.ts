import { type FieldPlan, mappedValues } from "../mapping/sections.ts";
import type { SegmentEvent } from "../message.schema.ts";
import type { Call } from "./call.ts";
import { type Fields, fieldsOf } from "./reader.ts";
import { addGroupTraits, addTraits } from "./traits.ts";
import { addEmailHash, newUserAttributes, setCustom, type UserAttributes } from "./user-attributes.ts";

/** A call's traits with their place: the user's, wherever the call carries them. */
export interface Traits {
  readonly traits: Fields | undefined;
  readonly contextTraits: Fields | undefined;
}

/** What a call says about its user; undefined when it says nothing. */
export function userAttributesOf(
  event: SegmentEvent,
  call: Call,
  { traits, contextTraits }: Traits,
  emailHash: string | undefined,
): UserAttributes | undefined {
  const { context, mapping, findings } = call;
  const plan = call.sections.userAttributes;
  const groupId = context?.values["groupId"];
  const isGroup = event.type === "group";
  const isSilent = !traits && !contextTraits && !isGroup && (groupId === undefined || groupId === null);
  if (isSilent && !plan && emailHash === undefined) return undefined;

  const user = newUserAttributes(mapping.attributePrefix, mapping.nullTraits, mapping.userAttributes);
  if (emailHash !== undefined) addEmailHash(user, emailHash, findings);
  const rest = plan ? addMapped(user, plan, call) : "standard";
  if (rest !== "standard") {
    const others = rest === "nothing" ? undefined : fieldsOf(rest(call.scope), "userAttributes.*", findings);
    if (others) for (const key of Object.keys(others.values)) setCustom(user, key, others, key);
    return user;
  }
  if (isGroup) {
    const group: Fields = { values: { group_id: event.groupId }, path: "", findings };
    setCustom(user, "group_id", group, "group_id");
    const groupTraits = fieldsOf(event.traits, "traits", findings);
    if (groupTraits) addGroupTraits(user, groupTraits);
  }
  if (traits) addTraits(user, traits);
  if (contextTraits) addTraits(user, contextTraits, traits?.values);
  if (context && !isGroup) setCustom(user, "group_id", context, "groupId");
  return user;
}

/** Adds what the feed's mapping names; nothing else says anything of these. @returns where others come from. */
function addMapped(
  user: UserAttributes,
  { fields, rest }: FieldPlan,
  { scope, findings, mapping }: Call,
): FieldPlan["rest"] {
  const values: Fields = { values: mappedValues(fields, scope), path: "userAttributes", findings };
  for (const name of Object.keys(values.values)) setCustom(user, name, values, name);
  user.allows = (name) => !fields.has(name) && mapping.userAttributes?.(name) !== false;
  return rest;
}
