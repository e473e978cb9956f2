/**
 * What a feed keeps to itself, of batches in mParticle's own format: its lists of attributes and its rule for e-mail addresses
 * hold in any format. Names are the sender's own there, so they may have the feed's prefix or not.
 */
import type { MappingSettings } from "../mapping/plan.ts";
import { type HiddenEmail, hideEmail, type MutableEnvelope } from "./envelope.ts";
import { type MutableObject, mutable } from "./json-copy.ts";
import { isObject } from "./reader.ts";
import { withoutPrefix } from "./user-attributes.ts";

/** Whether the feed's lists let a user attribute pass. */
export function allowsOwnName({ userAttributes, attributePrefix }: MappingSettings, name: string): boolean {
  return userAttributes?.(withoutPrefix(name, attributePrefix)) !== false;
}

/** Takes the e-mail address out of a batch's identities where the feed does not send it as one. */
export function hideOwnEmail(batch: MutableObject, settings: MappingSettings): HiddenEmail | undefined {
  const given = batch["user_identities"];
  if (!isObject(given)) return undefined;
  const envelope: MutableEnvelope = { userIdentities: given };
  const hidden = hideEmail(envelope, settings);
  if (envelope.userIdentities) batch["user_identities"] = envelope.userIdentities;
  else delete batch["user_identities"];
  return hidden;
}

/** Whether an event of a batch says how something changed that the feed does not send. */
export function isHeldBack(event: MutableObject, settings: MappingSettings): boolean {
  const data = mutable(event["data"]);
  switch (event["event_type"]) {
    case "user_attribute_change": {
      const name = data?.["user_attribute_name"];
      return typeof name === "string" && !allowsOwnName(settings, name);
    }
    case "user_identity_change":
      return (
        settings.email !== "raw" &&
        [data?.["new"], data?.["old"]].some((one) => mutable(one)?.["identity_type"] === "email")
      );
    default:
      return false;
  }
}
