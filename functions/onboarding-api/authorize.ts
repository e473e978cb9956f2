import type { Scope } from "../../shared/api/route.ts";
import { ProblemError } from "../../shared/onboarding/problem.ts";

export type AuthorizerKind = "iam" | "jwt";

/** What API Gateway's authorizers leave in an event. */
export interface AuthorizerContext {
  readonly iam?: { readonly userArn?: string };
  readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> };
}

export interface AuthorizeInput {
  readonly authorizer: AuthorizerContext | undefined;
  /** The `Authorization` header. */
  readonly header: string | undefined;
  readonly scope: Scope;
}

/** What scopes are called in a token: `partner-feeds/read`. */
export const SCOPE_PREFIX = "partner-feeds/";

/** The scopes of a token that each route takes. */
export const TAKEN: Readonly<Record<Scope, readonly Scope[]>> = {
  read: ["read", "write"],
  write: ["write"],
  credentials: ["credentials"],
};

/**
 * Who calls, and that they may. API Gateway has checked signature or token before; this refuses what it did not look at, should a
 * route ever lose its authorizer.
 *
 * @returns the caller as the audit trail names them.
 * @throws {ProblemError}
 */
export function authorize(
  { authorizer, header, scope }: AuthorizeInput,
  { kind, stage }: { readonly kind: AuthorizerKind; readonly stage: string },
): string {
  if (kind === "iam") {
    const arn = authorizer?.iam?.userArn ?? (stage === "local" ? unverifiedKey(header) : undefined);
    if (arn === undefined)
      throw new ProblemError("unauthenticated", "The request carries no valid signature.");
    return arn;
  }
  const claims = authorizer?.jwt?.claims;
  const subject = claims?.["sub"] ?? claims?.["client_id"];
  if (typeof subject !== "string")
    throw new ProblemError("unauthenticated", "The request carries no valid token.");
  if (!TAKEN[scope].some((taken) => scopesIn(claims ?? {}).has(`${SCOPE_PREFIX}${taken}`)))
    throw new ProblemError(
      "not_allowed",
      `This takes the scope ${TAKEN[scope].map((taken) => `${SCOPE_PREFIX}${taken}`).join(" or ")}.`,
    );
  return subject;
}

/** The emulator of the stage `local` checks no signature and tells of no caller: the access key that the request names. */
function unverifiedKey(header = ""): string | undefined {
  const accessKey = /^AWS4-HMAC-SHA256 Credential=([A-Za-z0-9]{1,128})\//.exec(header)?.[1];
  return accessKey && `unverified:${accessKey}`;
}

/** Issuers write `scope` as text or `scp` as a list, which API Gateway hands over as `[a b]`. */
function scopesIn(claims: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const all = [claims["scope"], claims["scp"]].flatMap((claim) =>
    typeof claim === "string" ? claim.replace(/^\[|\]$/g, "").split(/[\s,]+/) : [],
  );
  return new Set(all);
}
