/** RFC 9457 problem documents: the body of every answer of ours that is no success. */
import * as z from "zod";
import { PROBLEMS, type ProblemCode } from "./problem-codes.ts";
import { VerificationSchema } from "./verification.schema.ts";

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
