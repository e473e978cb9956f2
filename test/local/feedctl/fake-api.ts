import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { matchRoute } from "../../../functions/onboarding-api/match-route.ts";
import { readRequest } from "../../../functions/onboarding-api/read-request.ts";
import { type Gateway, startGateway } from "../../../local/onboarding/gateway.ts";
import { type OperationId, routeOf } from "../../../shared/api/routes.ts";
import type { AnswerOf, RequestOf } from "../../../shared/api/types.ts";
import { ProblemError, problemDocument } from "../../../shared/onboarding/problem.ts";
import { exampleOf } from "./example-of.ts";

/** A call as it came, checked against the contract. */
export interface FakeCall {
  readonly operationId: OperationId;
  readonly request: RequestOf<OperationId>;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What answers in place of an example. May throw a {@link ProblemError}. */
export type FakeAnswers = {
  [Id in OperationId]?: (request: RequestOf<Id>) => AnswerOf<Id> | Promise<AnswerOf<Id>>;
};

export interface FakeApi {
  readonly url: string;
  readonly calls: FakeCall[];
  /** Answers from now on. Those that are not named answer with the contract's examples. */
  answers: FakeAnswers;
  close(): Promise<void>;
}

export const TOKEN = "fake-token-0123456789";

/**
 * The onboarding API as its contract has it, and nothing behind it: real gateway, real routing, real checks of what comes in, and
 * answers that are checked against the contract too.
 */
export async function startFakeApi(): Promise<FakeApi> {
  const calls: FakeCall[] = [];
  const fake = { calls, answers: {} as FakeAnswers };
  const gateway: Gateway = await startGateway({
    token: TOKEN,
    api: async (event): Promise<APIGatewayProxyStructuredResultV2> => {
      try {
        return await answerTo(event, fake);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        const document = problemDocument(error, event.requestContext.requestId);
        return {
          statusCode: document.status,
          headers: { "content-type": "application/problem+json", ...error.extras.headers },
          body: JSON.stringify(document),
        };
      }
    },
  });
  return Object.assign(fake, { url: gateway.url, close: () => gateway.close() });
}

async function answerTo(
  event: APIGatewayProxyEventV2,
  { calls, answers }: Pick<FakeApi, "calls" | "answers">,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { operationId, params } = matchRoute({
    routeKey: event.routeKey,
    method: event.requestContext.http.method,
    path: event.rawPath,
  });
  const request = readRequest(operationId, {
    params,
    query: event.queryStringParameters ?? {},
    body: {
      body: event.body,
      isBase64Encoded: event.isBase64Encoded,
      contentType: event.headers["content-type"],
    },
  });
  calls.push({ operationId, request, headers: event.headers });
  const told = answers[operationId] as ((request: unknown) => Promise<Answer>) | undefined;
  const answer = told ? await told(request) : exampleAnswer(operationId);
  const schema = routeOf(operationId).answers[answer.status]?.schema;
  return {
    statusCode: answer.status,
    headers: { "content-type": "application/json", ...(answer.etag !== undefined && { etag: answer.etag }) },
    ...(schema && { body: JSON.stringify(schema.parse(answer.body)) }),
  };
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly etag?: string;
}

function exampleAnswer(operationId: OperationId): Answer {
  const [status, { schema, etag }] = Object.entries(routeOf(operationId).answers)[0] ?? [
    "",
    { schema: undefined },
  ];
  return {
    status: Number(status),
    ...(schema && { body: exampleOf(schema) }),
    ...(etag && { etag: '"r1"' }),
  };
}
