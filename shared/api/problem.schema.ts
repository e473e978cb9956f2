/** RFC 9457 problem documents: the body of every answer of ours that is no success. */
import { z } from "zod";
import { VerificationSchema } from "./verification.schema.ts";

/** What kinds of problem there are, by code: `title` and HTTP status. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: "The request is not of the documented form" },
  not_json: { status: 400, title: "The body is not JSON" },
  unauthenticated: { status: 401, title: "It cannot be told who calls" },
  not_allowed: { status: 403, title: "The caller may not do this" },
  not_found: { status: 404, title: "There is no such thing" },
  method_not_allowed: { status: 405, title: "This path has no such method" },
  conflict: { status: 409, title: "Its present state does not allow this" },
  key_in_use: { status: 409, title: "The API key belongs to another tenant" },
  too_many_feeds: { status: 409, title: "The tenant has as many feeds as it may have" },
  precondition_failed: { status: 412, title: "It is not, or no longer, as the request assumes" },
  too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The body is not application/json in UTF-8" },
  credentials_malformed: { status: 422, title: "These cannot be an API key and secret" },
  credentials_refused: { status: 422, title: "mParticle refuses these credentials" },
  busy: { status: 429, title: "Something of the kind is under way" },
  internal: { status: 500, title: "Something is wrong on our side" },
  unavailable: { status: 503, title: "Not possible just now" },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

export const FieldErrorSchema = z
  .object({
    /** RFC 6901, into the body. */
    pointer: z
      .string()
      .optional()
      .meta({ description: "JSON pointer to the field of the body.", example: "/apiKey" }),
    parameter: z
      .string()
      .optional()
      .meta({ description: "Name of the parameter or header.", example: "limit" }),
    code: z.string().meta({ example: "too_long" }),
    message: z.string().meta({ example: "must not be longer than 64 characters" }),
  })
  .meta({ id: "FieldError", description: "What is wrong with one field. Never quotes its value." });

export const ProblemSchema = z
  .object({
    type: z.string().meta({ example: "urn:partner-feed-connector:problem:invalid_request" }),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: "For people: what is wrong here, and what to do." }),
    instance: z.string().meta({ description: "Id of the request, as in the log." }),
    errors: z.array(FieldErrorSchema).optional(),
    verification: VerificationSchema.optional().meta({
      description: "Of credentials that mParticle did not accept: what it answered, and what that means.",
    }),
  })
  .meta({ id: "Problem", description: "RFC 9457." });

export type FieldError = z.output<typeof FieldErrorSchema>;
export type Problem = z.output<typeof ProblemSchema>;

/** What API Gateway itself answers, before a request reaches us. */
export const GatewayAnswerSchema = z
  .object({ message: z.string().nullable() })
  .meta({ id: "GatewayAnswer", description: "An answer of API Gateway itself." });
