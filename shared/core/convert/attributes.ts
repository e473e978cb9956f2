import { MAX_EVENT_ATTRIBUTES, MAX_NAME_LENGTH } from "../limits.ts";
import type { NameFilter } from "../mapping/name-filter.ts";
import { fieldPath, note } from "./findings.ts";
import { type Fields, fitText, repairText } from "./reader.ts";
import { cutText, jsonText, scalarText } from "./text.ts";

/** An event's `custom_attributes` while they are collected. Text only: all readings of mParticle's format take it. */
export interface Attributes {
  readonly values: Record<string, string>;
  count: number;
  /** Whether a name differs from its key, so that two may have become equal. */
  renamed: boolean;
  full: boolean;
  /** Whether an attribute of this name is added; undefined: all are. */
  allows: NameFilter | undefined;
}

export function newAttributes(allows?: NameFilter): Attributes {
  return { values: {}, count: 0, renamed: false, full: false, allows };
}

/**
 * Adds every field in the order given.
 *
 * @param taken - Fields to leave out.
 * @param prefix - Put before every name.
 */
export function addFields(
  attributes: Attributes,
  fields: Fields,
  taken: readonly string[] = [],
  prefix = "",
): void {
  const { values } = fields;
  // Parsed JSON inherits nothing that a loop would see.
  for (const key in values) {
    if (taken.length > 0 && taken.includes(key)) continue;
    const value = values[key];
    if (value !== undefined && value !== null) addValue(attributes, prefix, value, fields, key);
  }
}

/** Adds one field under a usable name of ours, unless the event itself gave an attribute of that name. */
export function addField(attributes: Attributes, name: string, fields: Fields, key: string): void {
  const value = fields.values[key];
  if (value === undefined || value === null || Object.hasOwn(attributes.values, name)) return;
  addNamed(attributes, name, value, fields, key);
}

/** The attributes, or undefined when there are none. */
export function attributeValues({ values, count }: Attributes): Record<string, string> | undefined {
  return count === 0 ? undefined : values;
}

/** Of names that are equal after cutting, the first keeps its value. */
function addValue(attributes: Attributes, prefix: string, value: unknown, fields: Fields, key: string): void {
  if (attributes.full) return;
  const name = attributeName(prefix + key, fields, key);
  if (name === undefined) return;
  if (name !== key) attributes.renamed = true;
  if (attributes.renamed && Object.hasOwn(attributes.values, name)) {
    note(fields.findings, "attribute_name_taken", fieldPath(fields.path, key));
    return;
  }
  addNamed(attributes, name, value, fields, key);
}

/** The first {@link MAX_EVENT_ATTRIBUTES} stay. */
function addNamed(attributes: Attributes, name: string, value: unknown, fields: Fields, key: string): void {
  if (attributes.full || attributes.allows?.(name) === false) return;
  const text = attributeText(value, fields, key);
  if (text === undefined) return;
  if (attributes.count === MAX_EVENT_ATTRIBUTES) {
    attributes.full = true;
    note(fields.findings, "attributes_over_limit", fields.path);
    return;
  }
  attributes.values[name] = text;
  attributes.count++;
}

/** A usable name of at most {@link MAX_NAME_LENGTH} units. */
export function attributeName(name: string, fields: Fields, key: string): string | undefined {
  if (!isUsableName(name, fields, key)) return undefined;
  if (name.length <= MAX_NAME_LENGTH && name.isWellFormed()) return name;
  const repaired = repairText(name, fields, key);
  if (repaired.length <= MAX_NAME_LENGTH) return repaired;
  note(fields.findings, "attribute_name_cut", fieldPath(fields.path, key));
  return cutText(repaired, MAX_NAME_LENGTH);
}

/** Whether a name is not blank and can be written: `__proto__` would set the prototype of what it is written to. */
export function isUsableName(name: string, fields: Fields, key: string): boolean {
  if (name !== "__proto__" && !isBlank(name)) return true;
  note(fields.findings, "attribute_name_invalid", fieldPath(fields.path, key));
  return false;
}

/** The text of an attribute: of a scalar as it is, of a list or object as JSON. */
export function attributeText(value: unknown, fields: Fields, key: string): string | undefined {
  const text =
    scalarText(value) ?? (typeof value === "object" && value !== null ? jsonText(value) : undefined);
  if (text !== undefined) return fitText(text, fields, key);
  note(fields.findings, "attribute_value_invalid", fieldPath(fields.path, key));
  return undefined;
}

function isBlank(name: string): boolean {
  const first = name.charCodeAt(0);
  // A first letter spares trimming; an empty name has no first unit.
  return !(first > 32 && first < 128) && name.trim() === "";
}
