import type { AttributeValue, Contribution } from "../contribution.ts";
import { MAX_LIST_ENTRIES, MAX_LIST_ENTRY_LENGTH } from "../limits.ts";
import type { NameFilter } from "../mapping/name-filter.ts";
import { attributeName, attributeText, isUsableName } from "./attributes.ts";
import { type Findings, fieldPath, note } from "./findings.ts";
import { type Fields, isObject, repairText } from "./reader.ts";
import { scalarText } from "./text.ts";

/** What an event says about its user, while it is collected. */
export interface UserAttributes {
  readonly values: Record<string, AttributeValue>;
  readonly deleted: Set<string>;
  /** Put before every custom name. */
  readonly prefix: string;
  readonly nulls: "ignore" | "delete";
  /** Whether an attribute of this name, without the prefix, is set or deleted; undefined: all are. */
  allows: NameFilter | undefined;
}

/** mParticle's own attributes; all other names are custom. */
const RESERVED: ReadonlySet<string> = new Set([
  "$age",
  "$gender",
  "$country",
  "$zip",
  "$city",
  "$state",
  "$address",
  "$firstname",
  "$lastname",
  "$mobile",
]);

/** The attribute of a user whose e-mail address is sent as its hash. */
export const EMAIL_HASH = "email_sha256";

/** Levels of objects that become dotted names; what lies deeper is JSON text. */
const MAX_DEPTH = 5;

/** Bytes of a list as JSON: about half of what a whole batch may have. */
const MAX_LIST_BYTES = 60_000;

export function newUserAttributes(
  prefix: string,
  nulls: "ignore" | "delete",
  allows?: NameFilter,
): UserAttributes {
  return { values: {}, deleted: new Set(), prefix: withoutDollar(prefix), nulls, allows };
}

/** The collected attributes as a contribution holds them; what is set is not deleted. */
export function profileParts({
  values,
  deleted,
}: UserAttributes): Pick<Contribution, "userAttributes" | "deletedUserAttributes"> {
  const names = [...deleted].filter((name) => !Object.hasOwn(values, name));
  return {
    ...(Object.keys(values).length > 0 && { userAttributes: values }),
    ...(names.length > 0 && { deletedUserAttributes: names }),
  };
}

/**
 * Sets one of mParticle's reserved attributes. They hold text only.
 *
 * @param read - Changes the text, such as a gender to its letter.
 */
export function setReserved(
  user: UserAttributes,
  name: string,
  fields: Fields,
  key: string,
  read?: (text: string) => string,
): void {
  const value = fields.values[key];
  if (value === undefined) return;
  if (value === null) {
    forget(user, name);
    return;
  }
  if (typeof value === "object") {
    note(fields.findings, "attribute_value_invalid", fieldPath(fields.path, key));
    return;
  }
  const text = attributeText(value, fields, key);
  if (text !== undefined) set(user, name, read ? read(text) : text, fields, key);
}

/** Sets a custom attribute: a scalar as text, a list of scalars as a list, an object as dotted names. */
export function setCustom(user: UserAttributes, rawName: string, fields: Fields, key: string): void {
  setAny(user, rawName, fields, key, 1);
}

function setAny(user: UserAttributes, rawName: string, fields: Fields, key: string, depth: number): void {
  const value = fields.values[key];
  if (value === undefined || !isUsableName(key, fields, key)) return;
  if (isObject(value) && depth < MAX_DEPTH) {
    const inner: Fields = { values: value, path: fieldPath(fields.path, key), findings: fields.findings };
    for (const innerKey of Object.keys(value)) {
      setAny(user, `${rawName}.${innerKey}`, inner, innerKey, depth + 1);
    }
    return;
  }
  const name = customName(user, rawName, fields, key);
  if (name === undefined) return;
  if (value === null) {
    forget(user, name);
    return;
  }
  const read = Array.isArray(value) ? listOrText(value, fields, key) : attributeText(value, fields, key);
  if (read !== undefined) set(user, name, read, fields, key);
}

/** A name under `$` is one of mParticle's ten, in their lower case, or loses the sign. */
function customName(user: UserAttributes, rawName: string, fields: Fields, key: string): string | undefined {
  if (rawName[0] !== "$") return attributeName(user.prefix + rawName, fields, key);
  const lower = rawName.toLowerCase();
  if (RESERVED.has(lower)) {
    if (lower !== rawName) note(fields.findings, "attribute_name_recased", fieldPath(fields.path, key));
    return lower;
  }
  note(fields.findings, "attribute_name_reserved", fieldPath(fields.path, key));
  const bare = withoutDollar(rawName);
  return attributeName(bare && user.prefix + bare, fields, key);
}

/** Of names that are equal in the end, the first keeps its value. */
function set(user: UserAttributes, name: string, value: AttributeValue, fields: Fields, key: string): void {
  if (!isAllowed(user, name)) return;
  if (!Object.hasOwn(user.values, name)) user.values[name] = value;
  else if (user.values[name] !== value) {
    note(fields.findings, "attribute_name_taken", fieldPath(fields.path, key));
  }
}

/** Adds the hash of an e-mail address that is not sent as it is. */
export function addEmailHash(user: UserAttributes, hash: string, findings: Findings): void {
  setCustom(user, EMAIL_HASH, { values: { [EMAIL_HASH]: hash }, path: "", findings }, EMAIL_HASH);
}

/** A trait that is null: forgets its attribute where the feed says so. */
export function forget(user: UserAttributes, name: string): void {
  if (user.nulls === "delete" && isAllowed(user, name)) user.deleted.add(name);
}

function isAllowed({ allows, prefix }: UserAttributes, name: string): boolean {
  return allows === undefined || allows(withoutPrefix(name, prefix));
}

/** A name as lists of names have it. */
export function withoutPrefix(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** A list attribute; a list that holds nothing but lists and objects as JSON text. */
function listOrText(list: readonly unknown[], fields: Fields, key: string): AttributeValue | undefined {
  const hasScalar = list.length === 0 || list.some((entry) => scalarText(entry) !== undefined);
  return hasScalar ? listAttribute(list, fields, key) : attributeText(list, fields, key);
}

/** The scalars of a list as text, within the limits of a list attribute. */
function listAttribute(list: readonly unknown[], fields: Fields, key: string): string[] {
  const entries: string[] = [];
  let bytes = 2;
  let hasDropped = false;
  for (const entry of list) {
    const text = scalarText(entry);
    if (text === undefined || text.length > MAX_LIST_ENTRY_LENGTH) {
      hasDropped = true;
      continue;
    }
    const repaired = repairText(text, fields, key);
    bytes += Buffer.byteLength(JSON.stringify(repaired)) + 1;
    if (entries.length === MAX_LIST_ENTRIES || bytes > MAX_LIST_BYTES) {
      note(fields.findings, "list_cut", fieldPath(fields.path, key));
      break;
    }
    entries.push(repaired);
  }
  if (hasDropped) note(fields.findings, "list_entry_dropped", fieldPath(fields.path, key));
  return entries;
}

export function withoutDollar(name: string): string {
  let start = 0;
  while (name[start] === "$") start++;
  return name.slice(start);
}
