/**
 * What a request comes to on the wire.
 *
 * @see https://docs.mparticle.com/developers/apis/http/#http-status-codes
 */

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON; absent: an empty body, which is all that the documentation promises outside of 400. */
  readonly body?: string;
}

/** An answer, or what becomes of the connection instead: it is reset, or kept open without a word. */
export type Ending = Answer | "reset" | "timeout";

/** @param message - Names places and limits, never a value. */
export function badRequest(message: string): Answer {
  return { status: 400, body: JSON.stringify({ errors: [{ code: "BAD_REQUEST", message }] }) };
}

/** Whole seconds to wait, at least one, and the limit that was exceeded, which the documentation prints in double quotes. */
export function tooManyRequests(scope: string, retryAfterMs: number): Answer {
  return {
    status: 429,
    headers: {
      "Retry-After": `${Math.max(1, Math.ceil(retryAfterMs / 1000))}`,
      "X-mp-rate-limit-exceeded": `"${scope}"`,
    },
  };
}
