/**
 * A typed client of the onboarding API for Node. Nothing of it is generated: methods, paths and types are those of the table of
 * routes (`shared/api/routes.ts`).
 */
import type { Problem } from "../api/problem.schema.ts";
import { OPERATION_IDS, type OperationId, routeOf } from "../api/routes.ts";
import type { AnswerOf, InputOf } from "../api/types.ts";
import { parseRetryAfter } from "../core/outcome.ts";

/** A request as it goes out; an authentication adds its headers. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Headers that prove who calls. */
export type Authentication = (request: OutgoingRequest) => Promise<Readonly<Record<string, string>>>;

export interface OnboardingClientOptions {
  /** Of the API, up to where `/v1` begins. */
  readonly url: string;
  readonly authenticate: Authentication;
  /** @default the global one */
  readonly fetch?: typeof fetch;
  /** Milliseconds until a request is given up. @default 35,000: API Gateway answers within 30 */
  readonly timeoutMs?: number;
}

/** What a call takes, beside the parts that its route names. */
export interface CallOptions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: "*";
  readonly signal?: AbortSignal;
}

type IsEmpty<Part> = keyof Part extends never ? true : false;

/** The parts that a route has. A query may be left out as a whole when all of its parameters may be. */
type Given<Id extends OperationId> = {
  [Part in "params" | "body" as IsEmpty<InputOf<Id>[Part]> extends true ? never : Part]: InputOf<Id>[Part];
} & (IsEmpty<InputOf<Id>["query"]> extends true
  ? Record<never, never>
  : Record<never, never> extends InputOf<Id>["query"]
    ? { readonly query?: InputOf<Id>["query"] }
    : { readonly query: InputOf<Id>["query"] });

/** A call's parts; those that may be left out all, may be left out. */
type Arguments<Id extends OperationId> =
  Record<never, never> extends Given<Id>
    ? [given?: Given<Id> & CallOptions]
    : [given: Given<Id> & CallOptions];

export type OnboardingClient = {
  readonly [Id in OperationId]: (...args: Arguments<Id>) => Promise<AnswerOf<Id>>;
};

/** An answer that is no success. Its message is safe to show. */
export class OnboardingError extends Error {
  override readonly name = "OnboardingError";
  readonly status: number;
  /** Undefined: the answer is not the API's own, but of something before it. */
  readonly problem: Problem | undefined;
  /** When the API asks to be called again, of a 429 or 503, in whole seconds. Undefined: it does not say. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, problem: Problem | undefined, retryAfterSeconds?: number) {
    super(problem?.detail ?? `The API answered with status ${status}.`);
    this.status = status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * A client whose methods are the operations of the API: `await client.getFeed({ params: { tenantId, feedId } })`.
 *
 * Each rejects with an {@link OnboardingError} for an answer that is no success, and with fetch's error where there is none.
 */
export function createOnboardingClient(options: OnboardingClientOptions): OnboardingClient {
  const methods = OPERATION_IDS.map((operationId) => [
    operationId,
    (given: Loose = {}) => call(operationId, given, options),
  ]);
  return Object.fromEntries(methods) as OnboardingClient;
}

interface Loose extends CallOptions {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

async function call(
  operationId: OperationId,
  { params = {}, query = {}, body, ifMatch, ifNoneMatch, signal }: Loose,
  { url, authenticate, timeoutMs = 35_000, ...options }: OnboardingClientOptions,
): Promise<unknown> {
  const { method, path } = routeOf(operationId);
  const target = new URL(url.replace(/\/$/, "") + filled(path, params));
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) target.searchParams.set(name, String(value));
  const request: OutgoingRequest = {
    method,
    url: target,
    headers: {
      accept: "application/json, application/problem+json",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(ifMatch !== undefined && { "if-match": ifMatch }),
      ...(ifNoneMatch !== undefined && { "if-none-match": ifNoneMatch }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
  const timeout = AbortSignal.timeout(timeoutMs);
  const response = await (options.fetch ?? fetch)(target, {
    method,
    headers: { ...request.headers, ...(await authenticate(request)) },
    ...(request.body !== undefined && { body: request.body }),
    // Credentials go where they were meant to go, and nowhere else.
    redirect: "error",
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
  const answer = jsonIn(await response.text());
  if (!response.ok) {
    const seconds = parseRetryAfter(Object.fromEntries(response.headers), Date.now());
    throw new OnboardingError(
      response.status,
      isProblem(answer) ? answer : undefined,
      seconds === undefined ? undefined : Math.ceil(seconds),
    );
  }
  const etag = response.headers.get("etag");
  return { status: response.status, body: answer, ...(etag !== null && { etag }) };
}

/** Undefined: the text is empty, or none of the API's. What stands between may answer in any form. */
function jsonIn(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** By its members: gateways have been seen to change an answer's type. */
function isProblem(answer: unknown): answer is Problem {
  return typeof answer === "object" && answer !== null && "code" in answer && "detail" in answer;
}

/** @throws {TypeError} for an id that would lead to another path than it names. */
function filled(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || !/^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/.test(value))
      throw new TypeError(
        `${name} must consist of letters, digits, "_", "." and "-", and not begin with a dot`,
      );
    return value;
  });
}
