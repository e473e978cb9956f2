/** The closed set of conversions that a mapping document may name. Each gives undefined for what it cannot convert. */
import { hash } from "node:crypto";
import { decimal, jsonText, scalarText, trimmed } from "../convert/text.ts";
import { instantOf } from "../convert/time.ts";
import { MAX_VALUE_LENGTH } from "../limits.ts";
import { MappingError } from "./mapping-error.ts";

/** Conversions that take no setting. */
export const PLAIN_CONVERSIONS = [
  "string",
  "number",
  "integer",
  "boolean",
  "lower",
  "trim",
  "epoch_ms",
  "sha256",
] as const;

type Convert = (value: unknown) => unknown;

/** Entries of a list that `join` takes: what is beyond the limit of a text is cut anyway. */
const MAX_JOINED = MAX_VALUE_LENGTH;

const TRUE: ReadonlySet<string> = new Set(["true", "t", "yes", "y", "1", "on"]);
const FALSE: ReadonlySet<string> = new Set(["false", "f", "no", "n", "0", "off"]);

const CONVERSIONS: Readonly<Record<(typeof PLAIN_CONVERSIONS)[number], Convert>> = {
  string: textOf,
  number: numberOf,
  integer: (value) => {
    const number = numberOf(value);
    const whole = number === undefined ? undefined : Math.trunc(number);
    return Number.isSafeInteger(whole) ? whole : undefined;
  },
  boolean: booleanOf,
  lower: (value) => scalarText(value)?.toLowerCase(),
  trim: (value) => scalarText(value)?.trim(),
  epoch_ms: (value) => {
    const ms = instantOf(value);
    return Number.isNaN(ms) ? undefined : Math.floor(ms);
  },
  sha256: (value) => {
    const text = scalarText(value);
    // That of nothing is the same for all.
    return text === undefined || trimmed(text) === "" ? undefined : hash("sha256", text, "hex");
  },
};

/** The conversion that a document names. @throws {MappingError} */
export function conversionOf(given: unknown, place: string): Convert {
  if (Array.isArray(given)) {
    if (given.length === 0 || given.length > 8) throw new MappingError(place, "must have 1 to 8 entries");
    const steps = given.map((step, i) => conversionOf(step, `${place}[${i}]`));
    return (value) =>
      steps.reduce((before, step) => (before === undefined ? undefined : step(before)), value);
  }
  if (typeof given === "string" && Object.hasOwn(CONVERSIONS, given))
    return CONVERSIONS[given as keyof typeof CONVERSIONS];
  if (typeof given === "object" && given !== null && "join" in given && Object.keys(given).length === 1) {
    const { join } = given;
    if (typeof join === "string" && join.length <= 16) return (value) => joined(value, join);
    throw new MappingError(`${place}.join`, "must be text of at most 16 characters");
  }
  throw new MappingError(place, `must be one of ${PLAIN_CONVERSIONS.join(", ")} or {"join": text}`);
}

/** A scalar's text, or anything else as JSON. */
function textOf(value: unknown): string | undefined {
  return scalarText(value) ?? (typeof value === "object" && value !== null ? jsonText(value) : undefined);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string") return undefined;
  const number = decimal(value);
  return Number.isFinite(number) ? number : undefined;
}

function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === 1 || value === 0) return value === 1;
  if (typeof value !== "string") return undefined;
  const text = value.trim().toLowerCase();
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}

function joined(value: unknown, separator: string): string | undefined {
  if (!Array.isArray(value)) return scalarText(value);
  const texts = value.slice(0, MAX_JOINED).flatMap((entry) => scalarText(entry) ?? []);
  return texts.join(separator);
}
