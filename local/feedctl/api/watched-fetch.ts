import { InterruptedError, notTheApi, UnreachableError } from "./errors.ts";

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
    const { origin } = new URL(String(input));
    const signals = [interrupted, ...(init.signal ? [init.signal] : [])];
    let response: Response;
    let body: string;
    try {
      response = await fetch(input, { ...init, signal: AbortSignal.any(signals) });
      body = await response.text();
    } catch (error) {
      if (interrupted.aborted) throw new InterruptedError({ wasSent: true });
      throw new UnreachableError(`no answer from ${origin}: ${reasonOf(error)}`);
    }
    const { status, headers } = response;
    requestId = headers.get("apigw-requestid") ?? headers.get("x-amzn-requestid") ?? undefined;
    if (WITHOUT_BODY.has(status)) return new Response(null, { status, headers });
    if (!isWhatItSays(headers.get("content-type") ?? "", body)) throw notTheApi(origin);
    return new Response(body, { status, headers });
  };
  return { fetch: watched, requestId: () => requestId };
}

/** JSON, where it says so. */
function isWhatItSays(type: string, body: string): boolean {
  if (!/^application\/(problem\+)?json\b/.test(type) || body === "") return true;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "it took too long";
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}
