/** What the table of routes says of each route; the table itself is `routes.ts`. */
import type { z } from "zod";
import type { ProblemCode } from "./problem-codes.ts";

/**
 * What a caller may do: `read`, `write` which includes it, or `credentials`, which stores keys and hands out links by which
 * keys are stored. A JWT names them as `partner-feeds/<scope>`; under IAM, policies name methods and paths instead.
 */
export type Scope = "read" | "write" | "credentials";

export type Method = "GET" | "PUT" | "POST" | "DELETE";

export interface AnswerDefinition {
  readonly description: string;
  /** Absent: the answer has no body. */
  readonly schema?: z.ZodType;
  /** The answer has an `ETag`. */
  readonly etag?: true;
}

export interface RouteDefinition {
  readonly method: Method;
  /** With `{name}` for each of `params`, which stand for whole segments. */
  readonly path: `/v1/${string}`;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly scope: Scope;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Bytes that the body may have, where it is not {@link MAX_BODY_BYTES}. */
  readonly maxBodyBytes?: number;
  /** Takes `If-Match`; where it may create, `If-None-Match` as well. */
  readonly conditional?: true;
  /** Successes, by status. */
  readonly answers: Readonly<Record<number, AnswerDefinition>>;
  /** Problems beyond those that every route may answer with. */
  readonly problems?: readonly ProblemCode[];
}

/** Far more than any tenant or feed needs, and less than an item of the table may have. */
export const MAX_BODY_BYTES = 65_536;
