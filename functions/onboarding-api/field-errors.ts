import type { z } from "zod";
import type { FieldError } from "../../shared/api/problem.schema.ts";

type Issue = z.core.$ZodIssue;

/** Most errors that one answer names. */
const MAX_ERRORS = 20;

/** Unknown names that are told: what else stands where a name should be may be a value, or a secret. */
const NAMEABLE = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;

/** Longest name of a caller's own field that is named back. */
const MAX_NAME_LENGTH = 64;

/**
 * zod's issues in words of ours: zod's own may quote what was given.
 *
 * @param given - What was checked: tells a field that is missing from one of a wrong type.
 * @param where - How a place is named: fields of a body by pointer, parameters by name.
 */
export function fieldErrors(
  issues: readonly Issue[],
  given: unknown,
  where: (path: readonly PropertyKey[]) => Pick<FieldError, "pointer" | "parameter">,
): FieldError[] {
  return issues
    .map(closest)
    .flatMap((issue) => {
      if (issue.code === "unrecognized_keys")
        return issue.keys.map((key) =>
          NAMEABLE.test(key)
            ? { ...where([...issue.path, key]), code: "unknown", message: "is not documented" }
            : { ...where(issue.path), code: "unknown", message: "has a field that is not documented" },
        );
      return [{ ...where(issue.path), ...sayWhy(issue, valueAt(given, issue.path)) }];
    })
    .slice(0, MAX_ERRORS);
}

/** Of what several alternatives object to, what the one objects to that got furthest: it is the one that was meant. */
function closest(issue: Issue): Issue {
  if (issue.code !== "invalid_union") return issue;
  const depths = issue.errors.flatMap((issues) => {
    const inner = issues[0] && closest(issues[0]);
    return inner ? [inner] : [];
  });
  const [deepest] = depths.toSorted((a, b) => b.path.length - a.path.length || rank(a) - rank(b));
  if (!deepest || (deepest.path.length === 0 && deepest.code === "invalid_type")) return issue;
  return { ...deepest, path: [...issue.path, ...deepest.path] };
}

/** A wrong type says the least of what was meant. */
function rank({ code }: Issue): number {
  return code === "invalid_type" ? 1 : 0;
}

/** RFC 6901. */
export function pointer(path: readonly PropertyKey[]): string {
  return path
    .map((step) => `/${String(step).slice(0, MAX_NAME_LENGTH).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}

function sayWhy(issue: Issue, value: unknown): Pick<FieldError, "code" | "message"> {
  switch (issue.code) {
    case "invalid_type":
      if (value === undefined) return { code: "required", message: "is required" };
      return { code: "wrong_type", message: `must be ${issue.expected}` };
    case "too_small":
      return {
        code: issue.origin === "string" ? "too_short" : "too_small",
        message: `must be at least ${issue.minimum}${unitOf(issue.origin)}`,
      };
    case "too_big":
      return {
        code: issue.origin === "string" ? "too_long" : "too_large",
        message: `must be at most ${issue.maximum}${unitOf(issue.origin)}`,
      };
    case "invalid_value":
      if (value === undefined) return { code: "required", message: "is required" };
      return { code: "not_allowed", message: `must be one of: ${issue.values.join(", ")}` };
    case "invalid_format":
      return { code: "wrong_form", message: "is not of the documented form" };
    case "custom":
      // Ours, from the schemas: they name places, and what is expected there.
      return { code: "invalid", message: issue.message };
    case "invalid_union":
      return { code: "wrong_type", message: "is none of the documented forms" };
    default:
      return { code: "invalid", message: "is not valid" };
  }
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters long";
  return origin === "array" ? " entries long" : "";
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at;
}
