/**
 * API Gateway's HTTP API on this machine: takes HTTP on loopback, asks for a bearer token, and speaks payload format 2.0 to the real
 * Lambda handlers.
 */
import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { SCOPE_PREFIX } from "../../functions/onboarding-api/authorize.ts";
import { gatewayEvent, routeKeyFor } from "./gateway-event.ts";

/** Bytes that API Gateway takes. */
const MAX_BODY_BYTES = 10 * 1_048_576;

/** Milliseconds that API Gateway waits for a function. */
const TIMEOUT_MS = 30_000;

export type HttpFunction = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

export interface GatewayOptions {
  /** Answers everything below `/v1`, and what nobody else does. */
  readonly api: HttpFunction;
  /** Answers what is below `/connect/`, for which no token is asked. @default nobody */
  readonly page?: HttpFunction | undefined;
  /** What callers of the API send as `Authorization: Bearer <token>`. */
  readonly token: string;
  /** @default read, write, credentials */
  readonly scopes?: readonly string[];
  /** @default 0, any free port */
  readonly port?: number;
}

export interface Gateway {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

/** @throws {Error} With `code: "EADDRINUSE"` when the port is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const server = createServer((request, response) => {
    serve(request, response, options).catch(() => {
      // A function that throws is a fault of its own; API Gateway does not say which.
      if (!response.headersSent) answer(response, 500, "Internal Server Error");
    });
  });
  // Loopback alone: who is on this machine may try the token, nobody else.
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { api, page, token, scopes = ["read", "write", "credentials"] }: GatewayOptions,
): Promise<void> {
  const body = await readBody(request);
  if (!body) return answer(response, 413, "Request Entity Too Large");
  const pageFunction = request.url?.startsWith("/connect/") ? page : undefined;
  if (!pageFunction && !isToken(request.headers.authorization, token))
    return answer(response, 401, "Unauthorized");

  const requestId = randomUUID();
  const claims = { sub: "local", scope: scopes.map((scope) => `${SCOPE_PREFIX}${scope}`).join(" ") };
  const event = gatewayEvent({
    request,
    body,
    requestId,
    nowMs: Date.now(),
    routeKey: pageFunction ? "ANY /connect/{token}" : routeKeyFor(request),
    ...(!pageFunction && { authorizer: { jwt: { claims, scopes: null } } }),
  });
  const result = await (pageFunction ?? api)(event, contextOf(requestId));
  response.writeHead(result.statusCode ?? 200, {
    ...(result.headers as Record<string, string>),
    ...(result.cookies && { "set-cookie": result.cookies }),
    "apigw-requestid": requestId,
  });
  response.end(
    request.method === "HEAD"
      ? undefined
      : Buffer.from(result.body ?? "", result.isBase64Encoded ? "base64" : "utf8"),
  );
}

/** Undefined: it is too large. What follows is not read. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function isToken(header: string | undefined, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(header ?? "")?.[1] ?? "";
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function answer(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(JSON.stringify({ message }));
}

function contextOf(requestId: string): Context {
  const endsAt = performance.now() + TIMEOUT_MS;
  return {
    awsRequestId: requestId,
    functionName: "onboarding-api",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:local:000000000000:function:onboarding-api",
    memoryLimitInMB: "512",
    logGroupName: "local",
    logStreamName: "local",
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
