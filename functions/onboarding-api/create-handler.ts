import middy from "@middy/core";
import httpSecurityHeaders from "@middy/http-security-headers";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { type OperationId, routeOf } from "../../shared/api/routes.ts";
import { nameOf } from "../../shared/core/error-name.ts";
import { looksLikeKey } from "../../shared/core/onboarding/credential-format.ts";
import { UnreadableRecordError } from "../../shared/core/onboarding/unreadable-record.ts";
import { ProblemError, problemDocument } from "../../shared/onboarding/problem.ts";
import { withoutMessage } from "../../shared/runtime/without-message.ts";
import { type AuthorizerContext, type AuthorizerKind, authorize } from "./authorize.ts";
import { matchRoute, type RouteMatch } from "./match-route.ts";
import { readPrecondition } from "./precondition.ts";
import { readRequest } from "./read-request.ts";
import type { Call, OnboardingDeps } from "./use-case.ts";
import { answerCall } from "./use-cases.ts";

export interface HandlerSettings {
  readonly kind: AuthorizerKind;
  readonly stage: string;
}

/** One request, as the log has it: ids and figures only. */
export interface RequestReport {
  readonly requestId: string;
  readonly operationId?: OperationId;
  readonly tenantId?: string;
  readonly feedId?: string;
  readonly status: number;
  readonly code?: string;
}

type Event = APIGatewayProxyEventV2;
type Result = APIGatewayProxyStructuredResultV2;

/**
 * The Lambda handler over given dependencies: API Gateway's proxy events, format 2.0, in and out.
 *
 * @param report - Takes what each request was and how it was answered.
 */
export function createHandler(
  deps: OnboardingDeps,
  settings: HandlerSettings,
  report: (report: RequestReport) => void,
) {
  return middy<Event, Result>()
    .use(httpSecurityHeaders())
    .handler(async (event, context: Context) => {
      let match: RouteMatch | undefined;
      const told = (status: number) => ({
        requestId: event.requestContext.requestId,
        ...(match && { operationId: match.operationId, ...idsIn(match.params, status) }),
      });
      try {
        const { method } = event.requestContext.http;
        match = matchRoute({ routeKey: event.routeKey, method, path: event.rawPath });
        const answer = await answerTo(match, event, context, { deps, settings });
        const { statusCode: status = 0 } = answer;
        report({ ...told(status), status });
        return answer;
      } catch (error) {
        const problem = problemOf(error, told, deps);
        const document = problemDocument(problem, event.requestContext.requestId);
        report({ ...told(document.status), status: document.status, code: document.code });
        return jsonAnswer(document.status, document, {
          "content-type": "application/problem+json",
          ...problem.extras.headers,
        });
      }
    });
}

async function answerTo(
  { operationId, params }: RouteMatch,
  event: Event,
  context: Context,
  { deps, settings }: { readonly deps: OnboardingDeps; readonly settings: HandlerSettings },
): Promise<Result> {
  const { headers, requestContext } = event;
  const route = routeOf(operationId);
  const by = authorize(
    {
      authorizer: (requestContext as { authorizer?: AuthorizerContext }).authorizer,
      header: headers["authorization"],
      scope: route.scope,
    },
    settings,
  );
  const request = readRequest(operationId, {
    params,
    query: event.queryStringParameters ?? {},
    body: {
      body: event.body,
      isBase64Encoded: event.isBase64Encoded,
      contentType: headers["content-type"],
      contentEncoding: headers["content-encoding"],
    },
  });
  const call = {
    ...request,
    caller: { by, from: requestContext.http.sourceIp, requestId: requestContext.requestId },
    origin: `${settings.stage === "local" ? "http" : "https"}://${requestContext.domainName}`,
    precondition: route.conditional ? readPrecondition(headers, route.method) : {},
    remainingMs: () => context.getRemainingTimeInMillis(),
  };
  const answer: { status: number; body?: unknown; etag?: string } = await answerCall(
    operationId,
    call as Call<typeof operationId>,
    deps,
  );
  return jsonAnswer(answer.status, answer.body, {
    "content-type": "application/json",
    ...(answer.etag !== undefined && { etag: answer.etag }),
  });
}

function jsonAnswer(statusCode: number, body: unknown, headers: Record<string, string>): Result {
  const { "content-type": contentType = "", ...others } = headers;
  if (body === undefined) return { statusCode, headers: { ...others, "cache-control": "no-store" } };
  return {
    statusCode,
    headers: { "content-type": contentType, ...others, "cache-control": "no-store" },
    body: JSON.stringify(body),
  };
}

/** Statuses that only what was found is answered with, beside success. */
const FOUND = [409, 422, 429, 503];

/**
 * Ids are logged where it is known that they are some: what else stands in a path may be anything, a key that somebody put there
 * included. Where it is not known because something failed, they are logged if they do not look like one.
 */
function idsIn(
  params: Readonly<Record<string, string>>,
  status: number,
): { tenantId?: string; feedId?: string } {
  const isFound = status < 400 || FOUND.includes(status);
  if (!isFound && status !== 500) return {};
  const ids = Object.entries(params).filter(
    ([name, id]) => name !== "linkId" && /^[A-Za-z0-9_.-]{1,64}$/.test(id) && (isFound || !looksLikeKey(id)),
  );
  return Object.fromEntries(ids);
}

function problemOf(error: unknown, told: (status: number) => object, deps: OnboardingDeps): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof UnreadableRecordError) return unreadable(error, told(409), deps);
  return unexpected(error, told(500), deps);
}

/** Not the caller's doing, but what they, or ops, can mend. */
function unreadable(
  { message, problem, advice }: UnreadableRecordError,
  ids: object,
  { log }: Pick<OnboardingDeps, "log">,
): ProblemError {
  log.error("What is stored cannot be read", { ...ids, problem });
  return new ProblemError("unreadable", `${message}. ${advice}`);
}

function unexpected(error: unknown, ids: object, { log }: Pick<OnboardingDeps, "log">): ProblemError {
  log.error("A request failed", { ...ids, error: nameOf(error), stack: withoutMessage(error).stack });
  return new ProblemError("internal", "It failed on our side, and has been logged. Try again.");
}
