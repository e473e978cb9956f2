/** Fields that a feed's mapping gives, held to what mParticle takes in them. */
import type { FieldPlan } from "../mapping/sections.ts";
import { mappedValues } from "../mapping/sections.ts";
import type { Call } from "./call.ts";
import { fieldPath, note } from "./findings.ts";
import { type Fields, flag, integer, number, put, reportInvalid, text } from "./reader.ts";

const UNKNOWN = "mParticle has no field of this name here: it was left out.";

export type FieldReader = (fields: Fields, key: string) => unknown;

/** Readers by field, one for all that is text. */
export type FieldReaders = Readonly<Record<string, FieldReader>>;

/** The same reader for several fields. */
export function each(names: readonly string[], reader: FieldReader): FieldReaders {
  return Object.fromEntries(names.map((name) => [name, reader]));
}

export const texts = (...names: string[]) => each(names, text);
export const numbers = (...names: string[]) => each(names, number);
export const integers = (...names: string[]) => each(names, integer);
export const flags = (...names: string[]) => each(names, flag);

/** One of several texts. */
export function choice(values: readonly string[]): FieldReader {
  return (fields, key) => {
    const given = text(fields, key);
    return given === undefined || values.includes(given)
      ? given
      : reportInvalid(fields, key, `one of ${values.join(", ")}`);
  };
}

/** The fields that readers know; another one is reported. */
export function readFields(fields: Fields, readers: FieldReaders): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const key of Object.keys(fields.values)) {
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (reader) put(read, key, reader(fields, key));
    else note(fields.findings, "field_invalid", fieldPath(fields.path, key), UNKNOWN);
  }
  return read;
}

/** A part of a batch with the fields that the feed's mapping names instead of the spec's. @param read - Of the spec. */
export function withMapped<Part extends object>(
  read: Part | undefined,
  plan: FieldPlan,
  place: string,
  readers: FieldReaders,
  { scope, findings }: Call,
): Part | undefined {
  const part: Record<string, unknown> = { ...(plan.rest === "standard" ? read : undefined) };
  for (const name of plan.fields.keys()) delete part[name];
  Object.assign(
    part,
    readFields({ values: mappedValues(plan.fields, scope), path: place, findings }, readers),
  );
  return Object.keys(part).length > 0 ? (part as Part) : undefined;
}
