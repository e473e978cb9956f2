import { ProblemError } from "../../shared/onboarding/problem.ts";

/**
 * Where a list goes on, as text that says nothing to a caller.
 *
 * A cursor names a place within the list that the path names, and nothing else: neither tenant nor partition. One that is forged,
 * or taken from another tenant's list, leads to another place in the same list.
 */
export function cursorOf(place: string): string {
  return Buffer.from(place, "utf8").toString("base64url");
}

/**
 * @param form - Of the places of this list.
 * @throws {ProblemError} for a cursor that this list never gave out.
 */
export function placeOf(cursor: string | undefined, form: RegExp): string | undefined {
  if (cursor === undefined) return undefined;
  const place = Buffer.from(cursor, "base64url").toString("utf8");
  if (form.test(place) && cursorOf(place) === cursor) return place;
  throw new ProblemError("invalid_request", "cursor is none of this list.", {
    errors: [{ parameter: "cursor", code: "wrong_form", message: "is none of this list" }],
  });
}

/** A page as a list answers with it. */
export function nextOf({ next }: { readonly next?: string }): { next?: string } {
  return next === undefined ? {} : { next: cursorOf(next) };
}
