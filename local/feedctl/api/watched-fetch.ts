import { InterruptedError, UnreachableError } from "./errors.ts";

/** Statuses whose answers have no body. */
const WITHOUT_BODY = new Set([204, 205, 304]);

export interface WatchedFetch {
  readonly fetch: typeof fetch;
  /** Of the latest answer, as the API's log has it. */
  requestId(): string | undefined;
}

/**
 * The global fetch, but that it reads the whole answer, ends when the person at the keyboard says so, and tells what went wrong on the way
 * in words.
 */
export function createWatchedFetch(interrupted: AbortSignal): WatchedFetch {
  let requestId: string | undefined;
  const watched = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    requestId = undefined;
    interrupted.throwIfAborted();
    const signals = [interrupted, ...(init.signal ? [init.signal] : [])];
    try {
      const response = await fetch(input, { ...init, signal: AbortSignal.any(signals) });
      const body = await response.arrayBuffer();
      const { status, headers } = response;
      requestId = headers.get("apigw-requestid") ?? headers.get("x-amzn-requestid") ?? undefined;
      return new Response(WITHOUT_BODY.has(status) ? null : body, { status, headers });
    } catch (error) {
      if (interrupted.aborted) throw new InterruptedError({ wasSent: true });
      throw new UnreachableError(`no answer from ${new URL(String(input)).origin}: ${reasonOf(error)}`);
    }
  };
  return { fetch: watched, requestId: () => requestId };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "it took too long";
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}
