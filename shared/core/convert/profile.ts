import type { SegmentEvent } from "../message.schema.ts";
import type { Call } from "./call.ts";
import { type Fields, fieldsOf } from "./reader.ts";
import { addGroupTraits, addTraits } from "./traits.ts";
import { newUserAttributes, setCustom, type UserAttributes } from "./user-attributes.ts";

/** A call's traits with their place: the user's, wherever the call carries them. */
export interface Traits {
  readonly traits: Fields | undefined;
  readonly contextTraits: Fields | undefined;
}

/** What a call says about its user; undefined when it says nothing. */
export function userAttributesOf(
  event: SegmentEvent,
  { context, mapping, findings }: Call,
  { traits, contextTraits }: Traits,
): UserAttributes | undefined {
  const groupId = context?.values["groupId"];
  const isGroup = event.type === "group";
  if (!traits && !contextTraits && !isGroup && (groupId === undefined || groupId === null)) return undefined;

  const user = newUserAttributes(mapping.attributePrefix, mapping.nullTraits);
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
