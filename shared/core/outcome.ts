/** What became of one bulk request, judged from the HTTP exchange alone. The only file that reads status codes. */
export type DeliveryOutcome =
  | { readonly kind: "accepted"; readonly limitUsedPercent?: number }
  /** A definite no-write. */
  | { readonly kind: "throttled"; readonly retryAfterSeconds?: number; readonly scope?: string }
  /** Timeout, reset, refused connection, 408, 5xx: mParticle may or may not have taken the request. */
  | { readonly kind: "unavailable"; readonly reason: string }
  /** The feed's credentials, not the payload. */
  | { readonly kind: "unauthorized"; readonly status: 401 | 403 }
  /** At least one batch of the request is malformed, or the request is too large: smaller requests tell which. */
  | { readonly kind: "malformed"; readonly status: number; readonly reason: string }
  /** Any other answer: one that mParticle does not document. It says nothing about the batches. */
  | { readonly kind: "refused"; readonly status: number; readonly reason: string };

export interface Exchange {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/**
 * Judges an answer.
 *
 * @param nowMs - Needed for a `Retry-After` given as an HTTP date.
 * @see https://docs.mparticle.com/developers/apis/http/#http-status-codes
 */
export function outcomeOf({ status, headers, body }: Exchange, nowMs: number): DeliveryOutcome {
  if (status >= 200 && status < 300) {
    const used = Number(header(headers, "x-mp-rate-limit-percentage-used") ?? Number.NaN);
    return Number.isFinite(used) ? { kind: "accepted", limitUsedPercent: used } : { kind: "accepted" };
  }
  if (status === 429) {
    const retryAfterSeconds = parseRetryAfter(headers, nowMs);
    // The documentation prints the scope in double quotes, once in curly ones.
    const scope = header(headers, "x-mp-rate-limit-exceeded")
      ?.replace(/["“”'\s]/g, "")
      .toLowerCase();
    return {
      kind: "throttled",
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      ...(scope && { scope }),
    };
  }
  if (status === 401 || status === 403) return { kind: "unauthorized", status };
  if (status === 400 || status === 413)
    return { kind: "malformed", status, reason: errorCodes(status, body) };
  if (status === 408 || status >= 500) return { kind: "unavailable", reason: `status ${status}` };
  return { kind: "refused", status, reason: errorCodes(status, body) };
}

/** Seconds to wait, from `Retry-After` (or `RetryAfter`, as one page spells it): decimal seconds or an HTTP date. */
export function parseRetryAfter(headers: Exchange["headers"], nowMs: number): number | undefined {
  const value = (header(headers, "retry-after") ?? header(headers, "retryafter"))?.trim();
  if (!value) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : (Date.parse(value) - nowMs) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

/**
 * The `code`s of mParticle's optional error body. Its messages are left out: they may quote the payload, and reasons
 * are logged.
 */
function errorCodes(status: number, body: string): string {
  try {
    const errors: unknown = JSON.parse(body)?.errors;
    const codes = Array.isArray(errors)
      ? errors.map((error) => error?.code).filter((code) => typeof code === "string")
      : [];
    const safe = codes.filter((code) => /^[A-Za-z0-9_.-]{1,64}$/.test(code));
    if (safe.length > 0) return `status ${status}: ${[...new Set(safe)].join(", ")}`;
  } catch {
    // Not JSON: the status has to do.
  }
  return `status ${status}`;
}

function header(headers: Exchange["headers"], name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.[0];
}
