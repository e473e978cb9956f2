import { type Findings, fieldPath, note, refuse } from "./findings.ts";
import { isObject } from "./reader.ts";

/** An object of ours, free to be changed. */
export type MutableObject = Record<string, unknown>;

/** mParticle's format nests half as deep. */
const MAX_DEPTH = 20;

/** A deep copy of an object that keeps what mParticle's format can hold: text is repaired, dangerous keys are left out. */
export function copyObject(
  source: Readonly<Record<string, unknown>>,
  path: string,
  findings: Findings,
): MutableObject {
  return copyFields(source, path, findings, 0);
}

function copyFields(
  source: Readonly<Record<string, unknown>>,
  path: string,
  findings: Findings,
  depth: number,
): MutableObject {
  const copy: MutableObject = {};
  for (const key of Object.keys(source)) {
    const place = fieldPath(path, key);
    // Writing it would set the copy's prototype.
    if (key === "__proto__") note(findings, "attribute_name_invalid", place);
    else copy[repaired(key, place, findings)] = copyValue(source[key], place, findings, depth + 1);
  }
  return copy;
}

function copyValue(value: unknown, path: string, findings: Findings, depth: number): unknown {
  if (typeof value === "string") return repaired(value, path, findings);
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) {
    refuse(findings, "batch_invalid", path, "The batch nests deeper than mParticle's format.");
    return undefined;
  }
  if (Array.isArray(value)) {
    return value.map((entry, i) => copyValue(entry, `${path}[${i}]`, findings, depth + 1) ?? null);
  }
  return isObject(value) ? copyFields(value, path, findings, depth) : undefined;
}

function repaired(text: string, path: string, findings: Findings): string {
  if (text.isWellFormed()) return text;
  note(findings, "text_repaired", path);
  return text.toWellFormed();
}

/** An object inside a copy. */
export function mutable(value: unknown): MutableObject | undefined {
  return isObject(value) ? value : undefined;
}

/** Removes a field. @returns whether it held anything. */
export function removed(object: MutableObject, key: string): boolean {
  const value = object[key];
  delete object[key];
  return value !== undefined && value !== null;
}
