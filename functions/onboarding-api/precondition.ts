import type { Method } from "../../shared/api/route.ts";
import { ProblemError } from "../../shared/onboarding/problem.ts";

/** What a caller assumes of a resource (RFC 9110, 13.1). */
export interface Precondition {
  /** It is there, as one of these strong entity tags says, or as whatever it is. */
  readonly ifMatch?: readonly string[] | "*";
  /** It is not there. */
  readonly ifNoneMatch?: "*";
}

/** An entity tag, weak or strong, as RFC 9110 has it (8.8.3): ours are narrower, and others simply do not match. */
const TAG = String.raw`(?:W/)?"[\x21\x23-\x7E\x80-\xFF]*"`;

/** A list (RFC 9110, 5.6.1): white space around its commas, and elements with nothing in them. */
export const IF_MATCH = new RegExp(String.raw`^(\*|(?:,[ \t]*)*${TAG}(?:[ \t]*,(?:[ \t]*${TAG})?)*)$`);
export const IF_NONE_MATCH = /^\*$/;

type Headers = Readonly<Record<string, string | undefined>>;

/** @throws {ProblemError} for headers that are not of the documented form: to pass them over would be to overwrite. */
export function readPrecondition(headers: Headers, method: Method): Precondition {
  const ifMatch = headerOf(headers, "if-match", IF_MATCH);
  const ifNoneMatch = method === "DELETE" ? undefined : headerOf(headers, "if-none-match", IF_NONE_MATCH);
  return {
    ...(ifMatch !== undefined && { ifMatch: ifMatch === "*" ? "*" : strongTags(ifMatch) }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch: "*" }),
  };
}

/** Weak ones say that something similar will do, which no update can be built on: they never match (13.1.1). */
function strongTags(list: string): readonly string[] {
  const tags = Array.from(list.matchAll(new RegExp(TAG, "g")), ([tag]) => tag);
  return tags.filter((tag) => !tag.startsWith("W/"));
}

/** The entity tag of a record. */
export function etagOf({ revision = "0" }: { readonly revision?: string | undefined }): string {
  return `"${revision}"`;
}

/** @throws {ProblemError} where the resource is not as assumed. */
export function assertPrecondition(
  { ifMatch, ifNoneMatch }: Precondition,
  record: { readonly revision?: string | undefined } | undefined,
): void {
  if (ifNoneMatch !== undefined && record)
    throw new ProblemError("precondition_failed", "It exists already.");
  if (ifMatch === undefined) return;
  if (!record) throw new ProblemError("precondition_failed", "It does not exist.");
  if (ifMatch !== "*" && !ifMatch.includes(etagOf(record)))
    throw new ProblemError("precondition_failed", "It was changed meanwhile: read it again.");
}

function headerOf(headers: Headers, name: string, form: RegExp): string | undefined {
  const value = headers[name];
  if (value === undefined || form.test(value)) return value;
  throw new ProblemError("invalid_request", "A header is not of the documented form.", {
    errors: [{ parameter: name, code: "wrong_form", message: "is not of the documented form" }],
  });
}
