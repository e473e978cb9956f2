import * as z from "zod";
import type { FieldError } from "../../shared/api/problem.schema.ts";
import { MAX_BODY_BYTES } from "../../shared/api/route.ts";
import { type OperationId, routeOf } from "../../shared/api/routes.ts";
import type { RequestOf } from "../../shared/api/types.ts";
import { ProblemError } from "../../shared/onboarding/problem.ts";
import { checkBody } from "./check-body.ts";
import { fieldErrors } from "./field-errors.ts";
import { type RawBody, readJsonBody } from "./json-body.ts";

export interface RawRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: RawBody;
}

/** A request's parts as its route defines them: defaults filled in, checked. @throws {ProblemError} */
export function readRequest<Id extends OperationId>(operationId: Id, raw: RawRequest): RequestOf<Id> {
  const route = routeOf(operationId);
  const named = (path: readonly PropertyKey[]) => (path.length > 0 ? { parameter: path.join(".") } : {});
  const request = {
    params: route.params ? checked(route.params, raw.params, named) : {},
    query: checkedQuery(route.query ?? z.strictObject({}), raw.query, named),
    body: route.body
      ? checkedBody(route.body, readJsonBody(raw.body, route.maxBodyBytes ?? MAX_BODY_BYTES))
      : undefined,
  };
  return request as RequestOf<Id>;
}

function checkedBody(schema: z.ZodType, given: unknown): unknown {
  const result = checkBody(schema, given);
  if ("errors" in result) throw invalid(result.errors);
  return result.body;
}

/** What comes by query is text: where a number is asked for, text that is a whole number is one. */
function checkedQuery(
  schema: z.ZodObject,
  query: RawRequest["query"],
  where: Parameters<typeof fieldErrors>[3],
): unknown {
  const given = Object.fromEntries(
    Object.entries(query).map(([name, text]) => {
      const field = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
      const isNumber = field !== undefined && baseType(field) === "number";
      return [name, isNumber && /^-?\d{1,9}$/.test(text ?? "") ? Number(text) : text];
    }),
  );
  return checked(schema, given, where);
}

function baseType(schema: z.core.$ZodType): string {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  return "innerType" in def ? baseType(def.innerType as z.core.$ZodType) : def.type;
}

function checked(schema: z.ZodType, given: unknown, where: Parameters<typeof fieldErrors>[3]): unknown {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw invalid(fieldErrors(schema, result.error.issues, given, where));
}

function invalid(errors: readonly FieldError[]): ProblemError {
  const [first] = errors;
  const place = first?.parameter ?? (first?.pointer || "The request");
  const detail = `${place} ${first?.message ?? "is not valid"}`;
  // Who is asked whether another name was meant is asked no less at the end of a sentence.
  return new ProblemError("invalid_request", detail.endsWith("?") ? detail : `${detail}.`, {
    errors: [...errors],
  });
}
