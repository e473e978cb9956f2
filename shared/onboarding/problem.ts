import type { FieldError, Problem } from "../api/problem.schema.ts";
import { PROBLEMS, type ProblemCode } from "../api/problem-codes.ts";
import type { Verification } from "../api/verification.schema.ts";

export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly verification?: Verification;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is no success. Its detail is safe to show: it names fields and ids, never a value. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.code = code;
    this.extras = extras;
  }
}

/** The RFC 9457 document of a problem. */
export function problemDocument({ code, message, extras }: ProblemError, requestId: string): Problem {
  const { status, title } = PROBLEMS[code];
  return {
    type: `urn:partner-feed-connector:problem:${code}`,
    code,
    title,
    status,
    detail: message,
    instance: requestId,
    ...(extras.errors && { errors: [...extras.errors] }),
    ...(extras.verification && { verification: extras.verification }),
  };
}
