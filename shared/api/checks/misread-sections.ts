/** Sections of attributes that are written as one value, as walkerOS has them: its words are names of attributes there. */
import type { z } from "zod";
import { PLAIN_CONVERSIONS } from "../../core/mapping/convert-value.ts";
import type { Mapping } from "../../core/mapping/mapping.schema.ts";
import { ValueObjectSchema } from "../../core/mapping/value.schema.ts";
import type { Path } from "../shapes/value-shape.ts";

/** A word of values that names an attribute. */
export interface MisreadWord {
  readonly path: Path;
  readonly word: string;
  /** Reads on from the word's place. */
  readonly message: string;
  /** No attribute can have been meant. */
  readonly isSure: boolean;
}

const WORDS: ReadonlySet<string> = new Set(Object.keys(ValueObjectSchema.shape));

const SECTIONS = ["userAttributes", "customAttributes"] as const;

const OBJECT_OF_EVENT = /^(?:\$\.)?(?:traits|properties|context(?:\.traits)?|user|data|globals|custom|this)$/;

const IN_REST = (word: string) => `for the fields of an object write {"*": {"${word}": …}}`;
const BELOW_NAME = (word: string) => `for one attribute write {"plan": {"${word}": …}}`;

/** Of a document of any shape: most of what is written so is of a wrong one. */
export function misreadSections(mapping: Partial<Mapping> | null): MisreadWord[] {
  const rules = Array.isArray(mapping?.rules) ? mapping.rules : [];
  return [...inSections(mapping, []), ...rules.flatMap((rule, i) => inSections(rule, ["rules", i]))];
}

/** Refuses those that cannot be meant, before their parts are each called wrong. */
export function refuseMisread({ value, issues }: z.core.ParsePayload<Mapping>): void {
  // The names of fields are gone from what a value's schema has refused.
  const maps = issues.flatMap(({ code, path = [] }): MisreadWord[] => {
    const [section = "", word] = path.slice(-2);
    return code === "unrecognized_keys" && word === "map" && SECTIONS.some((name) => name === section)
      ? [misread(path.slice(0, -1) as (string | number)[], word, { write: IN_REST, isSure: true })]
      : [];
  });
  for (const { isSure, path, word, message } of [...maps, ...misreadSections(value)])
    if (isSure) issues.push({ code: "custom", input: value, path: [...path, word], message });
}

function inSections(given: Partial<Mapping> | null, path: Path): MisreadWord[] {
  return SECTIONS.flatMap((name) => {
    const section = given?.[name];
    const isObject = typeof section === "object" && section !== null && !Array.isArray(section);
    return isObject ? wordsIn(section, [...path, name]) : [];
  });
}

function wordsIn(section: Readonly<Record<string, unknown>>, path: Path): MisreadWord[] {
  const names = Object.keys(section);
  if (!names.every((name) => WORDS.has(name))) return [];
  for (const word of names) {
    const said = saidOf(word, section[word]);
    if (said) return [misread(path, word, said)];
  }
  return [];
}

interface Said {
  readonly write: (word: string) => string;
  readonly isSure: boolean;
}

/** Undefined: an attribute may well have this name, and come from there. */
function saidOf(word: string, given: unknown): Said | undefined {
  switch (word) {
    case "key":
      return typeof given === "string" && !endsWith(given, word)
        ? { write: IN_REST, isSure: OBJECT_OF_EVENT.test(given) }
        : undefined;
    case "value":
      return typeof given === "string" && !given.includes(".") && given !== word
        ? { write: BELOW_NAME, isSure: false }
        : undefined;
    case "convert":
      return PLAIN_CONVERSIONS.some((one) => one === given)
        ? { write: BELOW_NAME, isSure: false }
        : undefined;
    // What is no place is refused by its shape.
    case "map":
      return undefined;
    default:
      return Array.isArray(given) && !given.some((one) => endsWith(one, word))
        ? { write: BELOW_NAME, isSure: given.some((one) => one === "this" || one?.map !== undefined) }
        : undefined;
  }
}

function misread(path: Path, word: string, { write, isSure }: Said): MisreadWord {
  return { path, word, message: `is read as an attribute of this name: ${write(word)}`, isSure };
}

function endsWith(place: unknown, word: string): boolean {
  return typeof place === "string" && (place === word || place.endsWith(`.${word}`));
}
