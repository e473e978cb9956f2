import type { z } from "zod";
import { nearestName } from "../../shared/api/checks/nearest-name.ts";
import type { FieldError } from "../../shared/api/problem.schema.ts";
import { CODE_KEYS } from "../../shared/core/mapping/compile-value.ts";
import { knownNames } from "./known-names.ts";

type Issue = z.core.$ZodIssue;

/** Most errors that one answer names. */
const MAX_ERRORS = 20;

/** Unknown names that are told: what else stands where a name should be may be a value, or a secret. */
const NAMEABLE = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;

/** Longest name of a caller's own field that is named back: as long as an attribute's may be. */
const MAX_NAME_LENGTH = 256;

/** Known names that are told where none is near to the unknown one. */
const MAX_KNOWN = 12;

/**
 * zod's issues in words of ours: zod's own may quote what was given.
 *
 * @param schema - Refused what was given; tells the names that it knows.
 * @param given - What was checked: tells a field that is missing from one of a wrong type.
 * @param where - How a place is named: fields of a body by pointer, parameters by name.
 */
export function fieldErrors(
  schema: z.core.$ZodType,
  issues: readonly Issue[],
  given: unknown,
  where: (path: readonly PropertyKey[]) => Pick<FieldError, "pointer" | "parameter">,
): FieldError[] {
  const told = issues.map(closest);
  return (
    told
      .filter((issue) => !told.some((other) => makesNeedless(other, issue, given, schema)))
      // Each gives one error at least.
      .slice(0, MAX_ERRORS)
      .flatMap((issue) => {
        if (issue.code !== "unrecognized_keys")
          return [{ ...where(issue.path), ...sayWhy(issue, valueAt(given, issue.path)) }];
        const known = knownNames(schema, issue.path);
        return issue.keys.slice(0, MAX_ERRORS).map((key) =>
          NAMEABLE.test(key)
            ? {
                ...where([...issue.path, key]),
                code: "unknown",
                message: sayUnknown(key, known, ownerOf(key, schema, issue.path, known)),
              }
            : { ...where(issue.path), code: "unknown", message: "has a field that is not documented" },
        );
      })
      .slice(0, MAX_ERRORS)
  );
}

/** The one of the known fields that has a field of this name; undefined: none has, or several have. */
function ownerOf(
  key: string,
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
  known: readonly string[],
): string | undefined {
  const [owner, another] = known.filter((name) => knownNames(schema, [...path, name]).includes(key));
  return another === undefined ? owner : undefined;
}

/**
 * Whether an issue tells the same mistake as another one: how long what is of a wrong type is, that a field is missing which is misspelt
 * or whose own field stands beside it, what is wrong within a place of which a check of ours says that it is another one.
 */
function makesNeedless(other: Issue, issue: Issue, given: unknown, schema: z.core.$ZodType): boolean {
  if (other.code === "custom")
    return issue.code !== "custom" && isSamePlace(other.path, issue.path.slice(0, other.path.length));
  if (issue.code === "too_small" || issue.code === "too_big")
    return other.code === "invalid_type" && isSamePlace(other.path, issue.path);
  const missing = issue.path.at(-1);
  if (other.code !== "unrecognized_keys" || missing === undefined) return false;
  if (valueAt(given, issue.path) !== undefined || !isSamePlace(other.path, issue.path.slice(0, -1)))
    return false;
  const known = knownNames(schema, other.path);
  return other.keys.some(
    (key) =>
      NAMEABLE.test(key) && (nearestName(key, known) ?? ownerOf(key, schema, other.path, known)) === missing,
  );
}

function isSamePlace(one: readonly PropertyKey[], other: readonly PropertyKey[]): boolean {
  return one.length === other.length && one.every((step, i) => step === other[i]);
}

/** Of a mapping's values and rules, which walkerOS lets hold code. */
const MAPPING_NAMES = ["convert", "when"];

/** @param owner - A field that has one of this name. */
function sayUnknown(key: string, known: readonly string[], owner: string | undefined): string {
  if (key === "consent" && known.includes("convert"))
    return "is no part of a value: without which consent an event is not sent, say the feed's consent settings";
  if (CODE_KEYS.has(key) && MAPPING_NAMES.some((name) => known.includes(name)))
    return "would be code, which a document cannot hold";
  const nearest = nearestName(key, known);
  if (nearest !== undefined) return `is not documented: did you mean ${nearest}?`;
  if (owner !== undefined) return `is not documented here: it is a field of ${owner}`;
  return known.length > 0 && known.length <= MAX_KNOWN
    ? `is not documented: known here are ${known.join(", ")}`
    : "is not documented";
}

/** Of what several alternatives object to, what the one objects to that got furthest: it is the one that was meant. */
function closest(issue: Issue): Issue {
  if (issue.code !== "invalid_union") return issue;
  const depths = issue.errors.flatMap((issues) => {
    const inner = firstOf(issues);
    return inner ? [inner] : [];
  });
  const [deepest] = depths.toSorted((a, b) => b.path.length - a.path.length || rank(a) - rank(b));
  if (!deepest || (deepest.path.length === 0 && deepest.code === "invalid_type")) return issue;
  return { ...deepest, path: [...issue.path, ...deepest.path] };
}

/** Of an object without its only field and with another one instead, that one: it is not what was meant. */
function firstOf(issues: readonly Issue[]): Issue | undefined {
  const [first] = issues;
  const unknown = issues.find(({ code, path }) => code === "unrecognized_keys" && path.length === 0);
  if (first?.code === "invalid_type" && first.path.length === 1) return unknown ?? closest(first);
  return first && closest(first);
}

/** A wrong type says the least of what was meant; a size is that of the right one. */
function rank({ code }: Issue): number {
  if (code === "too_small" || code === "too_big") return -1;
  return code === "invalid_type" ? 1 : 0;
}

/** RFC 6901. */
export function pointer(path: readonly PropertyKey[]): string {
  return path
    .map(
      (step) =>
        `/${String(step).slice(0, MAX_NAME_LENGTH).toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1")}`,
    )
    .join("");
}

/** Codes that zod has for a field that is not there, too. */
const MAY_BE_MISSING: ReadonlySet<Issue["code"]> = new Set([
  "invalid_type",
  "invalid_value",
  "invalid_union",
]);

function sayWhy(issue: Issue, value: unknown): Pick<FieldError, "code" | "message"> {
  if (value === undefined && MAY_BE_MISSING.has(issue.code))
    return { code: "required", message: "is required" };
  const { code, message } = sayOfCode(issue, value);
  // zod's own sentences begin with a capital letter; these are of our schemas: they name what is expected there.
  return { code, message: /^[a-z]/.test(issue.message) ? issue.message : message };
}

function sayOfCode(issue: Issue, value: unknown): Pick<FieldError, "code" | "message"> {
  switch (issue.code) {
    case "invalid_type":
      return { code: "wrong_type", message: `must be ${TYPES[issue.expected] ?? issue.expected}` };
    case "too_small":
      return {
        code: issue.origin === "string" ? "too_short" : "too_small",
        message: issue.minimum === 1 && isCounted(issue) ? "must not be empty" : atLeast(issue),
      };
    case "too_big":
      return { code: issue.origin === "string" ? "too_long" : "too_large", message: atMost(issue) };
    case "invalid_value":
      return { code: "not_allowed", message: sayAllowed(issue.values.map(String), value) };
    case "invalid_format":
      return { code: "wrong_form", message: "is not of the documented form" };
    case "invalid_union":
      return { code: "wrong_type", message: "is none of the documented forms" };
    default:
      return { code: "invalid", message: "is not valid" };
  }
}

/** zod's words for types, in JSON's and everyday ones. */
const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
};

function sayAllowed(allowed: readonly string[], given: unknown): string {
  const [only, ...others] = allowed;
  if (others.length === 0) return `must be ${only}`;
  const nearest = typeof given === "string" ? nearestName(given, allowed) : undefined;
  return `must be one of ${allowed.join(", ")}${nearest === undefined ? "" : `: did you mean ${nearest}?`}`;
}

function isCounted({ origin }: { readonly origin: string }): boolean {
  return origin === "string" || origin === "array";
}

function atLeast({ origin, minimum }: z.core.$ZodIssueTooSmall): string {
  return `must ${origin === "array" ? "have" : "be"} at least ${minimum}${unitOf(origin)}`;
}

function atMost({ origin, maximum }: z.core.$ZodIssueTooBig): string {
  return `must ${origin === "array" ? "have" : "be"} at most ${maximum}${unitOf(origin)}`;
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters long";
  return origin === "array" ? " entries" : "";
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at;
}
