import type { IncomingMessage } from "node:http";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { routeAt, UNROUTED } from "../../functions/onboarding-api/match-route.ts";

/** The route of a request's method and path, which is looked for before the path is decoded: an encoded slash separates nothing. */
export function routeKeyFor({ method = "GET", url = "/" }: IncomingMessage): string {
  const [path] = splitOnce(url, "?");
  return routeAt(method, path.split("/").map(decodedOnce))?.routeKey ?? UNROUTED;
}

/** Types of bodies that API Gateway hands over as text; others come in base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml)|application\/x-www-form-urlencoded)/i;

export interface GatewayRequest {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly requestId: string;
  readonly nowMs: number;
  /** Of the route by which the request came in. */
  readonly routeKey: string;
  /** What the authorizer found out. Absent: the route has none. */
  readonly authorizer?: object;
}

/**
 * A request as API Gateway's HTTP API passes it to a function, payload format 2.0: the path decoded once, parameters that occur more than
 * once joined by commas.
 */
export function gatewayEvent({ request, body, ...rest }: GatewayRequest): APIGatewayProxyEventV2 {
  const { requestId, nowMs, routeKey, authorizer } = rest;
  const [path = "/", rawQueryString = ""] = splitOnce(request.url ?? "/", "?");
  const rawPath = decodedOnce(path);
  const method = request.method ?? "GET";
  const isText = TEXT.test(request.headers["content-type"] ?? "") && isUtf8(body);
  const query = queryOf(rawQueryString);
  const requestContext = {
    accountId: "000000000000",
    apiId: "local",
    domainName: request.headers.host ?? "127.0.0.1",
    domainPrefix: "local",
    http: {
      method,
      path: rawPath,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
      userAgent: request.headers["user-agent"] ?? "",
    },
    requestId,
    routeKey,
    stage: "$default",
    time: new Date(nowMs).toUTCString(),
    timeEpoch: nowMs,
    ...(authorizer && { authorizer }),
  };
  return {
    version: "2.0",
    routeKey,
    rawPath,
    rawQueryString,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(",") : (value ?? ""),
      ]),
    ),
    ...(query && { queryStringParameters: query }),
    requestContext,
    ...(body.length > 0 && { body: body.toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function queryOf(rawQueryString: string): Record<string, string> | undefined {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = query.get(name);
    query.set(name, before === undefined ? value : `${before},${value}`);
  }
  return query.size > 0 ? Object.fromEntries(query) : undefined;
}

function decodedOnce(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
