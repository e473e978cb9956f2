import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { PageRequest } from "./http.ts";
import { securityHeaders } from "./security-headers.ts";
import { type PageDeps, serve } from "./serve.ts";

export type PageHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** One request, as the metrics have it. */
export interface PageReport {
  /** What went wrong on our side: the request, or the storing of so many key pairs, of which its answer says nothing. */
  readonly failures: number;
}

/**
 * The Lambda handler over given dependencies, behind an HTTP API.
 *
 * @param report - Takes what each request came to.
 */
export function createHandler(deps: PageDeps, report: (report: PageReport) => void): PageHandler {
  const headers = securityHeaders(deps.brand, deps.assets);
  return async (event) => {
    const request = requestOf(event);
    const answer = await serve(request, deps);
    report({ failures: answer.status >= 500 ? 1 : (answer.failures ?? 0) });
    return {
      statusCode: answer.status,
      headers: { ...headers, ...answer.headers },
      body: request.method === "HEAD" ? "" : answer.body.text,
    };
  };
}

function requestOf({
  rawPath,
  rawQueryString,
  headers,
  body,
  isBase64Encoded,
  requestContext,
}: APIGatewayProxyEventV2): PageRequest {
  return {
    method: requestContext.http.method,
    path: rawPath,
    query: new URLSearchParams(rawQueryString),
    headers,
    // Emulators write null where API Gateway leaves it out.
    body: Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8"),
    visitor: { from: requestContext.http.sourceIp, requestId: requestContext.requestId },
  };
}
