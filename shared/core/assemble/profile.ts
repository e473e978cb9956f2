import type { AttributeValue } from "../contribution.ts";
import { MAX_USER_ATTRIBUTES } from "../limits.ts";
import type { Part } from "./assemble.ts";
import { fits } from "./fits.ts";

/** User attributes that fit one batch. */
export interface ProfileChunk {
  /** The batch's members `user_attributes` and `deleted_user_attributes` as JSON text; empty: nothing to set. */
  readonly text: string;
}

export interface Profile {
  readonly attributes: Record<string, AttributeValue>;
  readonly deleted: readonly string[];
}

/** What a group says about its user. Parts come in time order: a later one wins, whether it sets or deletes. */
export function mergeProfiles(parts: readonly Part[]): Profile {
  const [only] = parts;
  if (only && parts.length === 1) {
    const { userAttributes = {}, deletedUserAttributes = [] } = only.contribution;
    return { attributes: userAttributes, deleted: deletedUserAttributes };
  }
  const attributes: Record<string, AttributeValue> = {};
  const deleted = new Set<string>();
  for (const { contribution } of parts) {
    for (const name of contribution.deletedUserAttributes ?? []) {
      deleted.add(name);
      delete attributes[name];
    }
    for (const name in contribution.userAttributes) {
      const value = contribution.userAttributes[name];
      if (value === undefined) continue;
      deleted.delete(name);
      attributes[name] = value;
    }
  }
  return { attributes, deleted: [...deleted] };
}

/**
 * Cuts a profile into pieces of at most {@link MAX_USER_ATTRIBUTES} attributes and `maxBytes`. One piece nearly always.
 *
 * @returns undefined when a single attribute is larger than `maxBytes`.
 */
export function chunkProfile({ attributes, deleted }: Profile, maxBytes: number): ProfileChunk[] | undefined {
  const names = Object.keys(attributes);
  if (names.length === 0 && deleted.length === 0) return [];
  const whole = chunk(
    names.length > 0 ? JSON.stringify(attributes) : "",
    deleted.length > 0 ? JSON.stringify(deleted) : "",
  );
  if (names.length <= MAX_USER_ATTRIBUTES && fits(whole.text, maxBytes)) return [whole];

  const chunks: ProfileChunk[] = [];
  const overhead = Buffer.byteLength('"user_attributes":{},"deleted_user_attributes":[]');
  let sets: string[] = [];
  let deletes: string[] = [];
  let bytes = overhead;
  const close = () => {
    if (sets.length + deletes.length === 0) return;
    chunks.push(chunk(sets.length > 0 ? `{${sets}}` : "", deletes.length > 0 ? `[${deletes}]` : ""));
    sets = [];
    deletes = [];
    bytes = overhead;
  };
  const add = (list: () => string[], text: string): boolean => {
    const size = Buffer.byteLength(text) + 1;
    if (overhead + size > maxBytes) return false;
    if (bytes + size > maxBytes || (list() === sets && sets.length === MAX_USER_ATTRIBUTES)) close();
    list().push(text);
    bytes += size;
    return true;
  };
  for (const name of names) {
    if (!add(() => sets, `${JSON.stringify(name)}:${JSON.stringify(attributes[name])}`)) return undefined;
  }
  for (const name of deleted) if (!add(() => deletes, JSON.stringify(name))) return undefined;
  close();
  return chunks;
}

function chunk(sets: string, deletes: string): ProfileChunk {
  const members = [sets && `"user_attributes":${sets}`, deletes && `"deleted_user_attributes":${deletes}`];
  return { text: members.filter((member) => member !== "").join(",") };
}
