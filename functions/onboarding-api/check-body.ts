import type { z } from "zod";
import type { FieldError } from "../../shared/api/problem.schema.ts";
import { fieldErrors, pointer } from "./field-errors.ts";
import { prototypeField } from "./json-body.ts";

/** A body as its schema has it, defaults filled in, or what is wrong with it. */
export type CheckedBody<Body> = { readonly body: Body } | { readonly errors: readonly FieldError[] };

/** What the API says of a body, for whoever reads the same from somewhere else. */
export function checkBody<Body>(schema: z.ZodType<Body>, given: unknown): CheckedBody<Body> {
  // Events are nobody's settings: what they hold is read as the connector reads them.
  const settings = typeof given === "object" && given !== null ? { ...given, events: undefined } : given;
  const place = prototypeField(settings);
  if (place)
    return {
      errors: [{ pointer: pointer(place), code: "not_allowed", message: "is a name that no field may have" }],
    };
  const result = schema.safeParse(given);
  if (result.success) return { body: result.data };
  const where = (path: readonly PropertyKey[]) => ({ pointer: pointer(path) });
  return { errors: fieldErrors(schema, result.error.issues, given, where) };
}
