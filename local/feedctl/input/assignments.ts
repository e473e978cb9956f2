import * as z from "zod";
import { UsageError } from "../../start/usage-error.ts";
import { HELP_WIDTH, wrap } from "../terminal/wrap.ts";
import { fieldAt, formOf, settableFields } from "./fields.ts";
import { readFile } from "./read-file.ts";
import { readJson } from "./read-json.ts";

type Json = Record<string, unknown>;

/**
 * Settings with the fields that `FIELD=VALUE` names changed. The API checks the whole: here a value only gets the type of its field.
 *
 * @param schema - Of the settings, which tells what `VALUE` is to be: text, a number, a list with commas between, ….
 * @param settings - Left as they are.
 * @throws {UsageError}
 */
export function assign(schema: z.ZodObject, settings: Json, assignments: readonly string[]): Json {
  const changed = structuredClone(settings);
  for (const assignment of assignments) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError("settings are given as FIELD=VALUE; --help lists the fields");
    const field = fieldAt(schema, name);
    put(changed, field.path, value === "" ? undefined : parsedValue(name, value, field.schema));
  }
  return changed;
}

/** Undefined: the field is taken away, and has its default. */
function put(target: Json, path: readonly string[], value: unknown): void {
  const [last = "", ...before] = path.toReversed();
  let at = target;
  for (const step of before.reverse()) {
    at[step] ??= {};
    at = at[step] as Json;
  }
  if (value === undefined) delete at[last];
  else Object.defineProperty(at, last, { value, enumerable: true, configurable: true, writable: true });
}

function parsedValue(name: string, text: string, schema: z.core.$ZodType): unknown {
  if (text.startsWith("@"))
    return readJson(readFile(text.slice(1)), name, `${name}: ${text.slice(1)} must hold JSON`);
  if (schema instanceof z.ZodBoolean) {
    if (text === "true" || text === "false") return text === "true";
    throw new UsageError(`${name} must be true or false`);
  }
  if (schema instanceof z.ZodNumber) {
    if (Number.isFinite(Number(text)) && text.trim() !== "") return Number(text);
    throw new UsageError(`${name} must be a number`);
  }
  // Another is told by the API, with what would be right.
  if (schema instanceof z.ZodLiteral)
    return [...schema.values].find((value) => String(value) === text) ?? text;
  if (schema instanceof z.ZodArray)
    return text.startsWith("[") || formOf(schema) === "JSON"
      ? readJson(text, name, `${name} must be JSON`)
      : text.split(",").map((entry) => entry.trim());
  // A place in the event, or a value of the mapping language.
  if (schema instanceof z.ZodLazy)
    return /^[[{]|^null$/.test(text) ? readJson(text, name, `${name} must be JSON`) : text;
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord)
    return readJson(text, name, `${name} must be JSON`);
  return text;
}

/** For the end of a command's help. */
export function fieldsHelp(schema: z.ZodObject): string {
  const indent = " ".repeat(6);
  const lines = settableFields(schema).flatMap(({ path, form, description }) => [
    ...wrap(`${path}=${form}`, HELP_WIDTH - 2).map((line) => `  ${line}`),
    ...(description === undefined ? [] : wrap(description, HELP_WIDTH - indent.length)).map(
      (line) => indent + line,
    ),
  ]);
  return `
Fields:
${lines.join("\n")}

FIELD= without a value takes the default. FIELD=@FILE takes JSON from a file,
for example mapping=@mapping.json. A list may be JSON too, should an entry hold
a comma.`;
}
