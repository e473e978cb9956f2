import { contentHash } from "../canonical.ts";
import { trimmed } from "./text.ts";

/** UTF-16 units of an id that is passed on as it is. */
const MAX_MESSAGE_ID_LENGTH = 256;

/**
 * The event's own id, else a hash of its content, so that a redelivery has the same id. An id that is too long or broken
 * is replaced by its hash, which keeps different ids different.
 */
export function messageIdOf(event: { readonly messageId?: unknown }): string {
  return givenId(event.messageId) ?? contentHash(event);
}

/** A sender's id as text; undefined when there is none to rely on. */
export function givenId(id: unknown): string | undefined {
  // Past the safe integers two ids may have become the same number.
  if (typeof id === "number") return Number.isSafeInteger(id) ? String(id) : undefined;
  if (typeof id !== "string") return undefined;
  const bare = trimmed(id);
  if (bare === "") return undefined;
  const isUsable = bare.length <= MAX_MESSAGE_ID_LENGTH && bare.isWellFormed();
  return isUsable ? bare : contentHash(bare);
}
