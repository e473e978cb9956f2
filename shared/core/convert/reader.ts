/**
 * Lenient readers for an event's fields, which may be of any type. A reader returns undefined for what is absent, and
 * for what it cannot use, which it reports; it never throws.
 */
import { MAX_VALUE_LENGTH } from "../limits.ts";
import { type Findings, fieldPath, note, noteInvalid } from "./findings.ts";
import { cutText, decimal, scalarText, trimmed } from "./text.ts";

export type Values = Readonly<Record<string, unknown>>;

/** An object of the event with its place in it. */
export interface Fields {
  readonly values: Values;
  /** Dotted, from the event. */
  readonly path: string;
  readonly findings: Findings;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with its place; undefined when it is absent or something else. An empty list is PHP's empty object. */
export function fieldsOf(value: unknown, path: string, findings: Findings): Fields | undefined {
  if (value === undefined || value === null) return undefined;
  if (isObject(value)) return { values: value, path, findings };
  if (Array.isArray(value) && value.length === 0) {
    note(findings, "empty_list_read", path);
    return { values: {}, path, findings };
  }
  return noteInvalid(findings, path, "an object", value);
}

/** The object in a field of another one. @param key - A name of ours. */
export function section(parent: Fields | undefined, key: string): Fields | undefined {
  const value = parent?.values[key];
  if (parent === undefined || value === undefined || value === null) return undefined;
  return fieldsOf(value, `${parent.path}.${key}`, parent.findings);
}

/** @param wanted - What the field must be, with its article. */
export function reportInvalid(fields: Fields, key: string, wanted: string): undefined {
  return noteInvalid(fields.findings, fieldPath(fields.path, key), wanted, fields.values[key]);
}

/** Text of a scalar, trimmed, repaired and cut to {@link MAX_VALUE_LENGTH}. Blank text is absent. */
export function text(fields: Fields | undefined, key: string): string | undefined {
  const value = fields?.values[key];
  if (fields === undefined || value === undefined || value === null) return undefined;
  const scalar = scalarText(value);
  if (scalar === undefined) return reportInvalid(fields, key, "text");
  const bare = trimmed(scalar);
  return bare === "" ? undefined : fitText(bare, fields, key);
}

/** Text with broken Unicode repaired and cut to {@link MAX_VALUE_LENGTH}; says so. */
export function fitText(value: string, fields: Fields, key: string): string {
  if (value.length <= MAX_VALUE_LENGTH && value.isWellFormed()) return value;
  const repaired = repairText(value, fields, key);
  if (repaired.length <= MAX_VALUE_LENGTH) return repaired;
  note(fields.findings, "attribute_value_cut", fieldPath(fields.path, key));
  return cutText(repaired, MAX_VALUE_LENGTH);
}

/** Text with broken Unicode repaired; says so. */
export function repairText(value: string, fields: Fields, key: string): string {
  if (value.isWellFormed()) return value;
  note(fields.findings, "text_repaired", fieldPath(fields.path, key));
  return value.toWellFormed();
}

/** A finite number, also from decimal text. */
export function number(fields: Fields | undefined, key: string): number | undefined {
  const value = fields?.values[key];
  if (fields === undefined || value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "string") {
    const parsed = decimal(value);
    if (Number.isFinite(parsed)) return parsed;
    if (value.trim() === "") return undefined;
  }
  return reportInvalid(fields, key, "a number");
}

/** A whole number, also from text. */
export function integer(fields: Fields | undefined, key: string): number | undefined {
  const value = number(fields, key);
  if (fields === undefined || value === undefined || Number.isSafeInteger(value)) return value;
  return reportInvalid(fields, key, "a whole number");
}

/** A boolean, also from the text `true` or `false`. */
export function flag(fields: Fields | undefined, key: string): boolean | undefined {
  const value = fields?.values[key];
  if (fields === undefined || value === undefined || value === null) return undefined;
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  return reportInvalid(fields, key, "true or false");
}

/** Whether text is a UUID of any version and case, which mParticle demands of some ids. */
export function isUuid(value: string): boolean {
  return value.length === 36 && UUID.test(value);
}

/** Sets an optional field, unless there is nothing to set. */
export function put<Target, Key extends keyof Target>(
  target: Target,
  key: Key,
  value: Target[Key] | undefined,
): void {
  if (value !== undefined) target[key] = value as Target[Key];
}

/** The object, or undefined when nothing was put into it. */
export function unlessEmpty<Target extends object>(target: Target): Target | undefined {
  for (const _ in target) return target;
  return undefined;
}
