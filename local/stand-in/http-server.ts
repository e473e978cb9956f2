/** The HTTP side of the stand-in: whole requests in, endings out. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Answer, Ending } from "./answer.ts";

export interface HttpRequest {
  readonly method: string;
  /** Without a query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly content: Buffer;
}

export interface HttpServer {
  readonly port: number;
  /** Ends every connection, those with an unanswered request too. */
  close(): Promise<void>;
}

/**
 * Serves on the loopback interface.
 *
 * @param port - 0: any free one.
 * @param handle - Called once a request is complete. `closing` aborts when the server closes, and so may the promise.
 * @throws {Error} With the `code` `EADDRINUSE` when the port is taken.
 */
export async function serveHttp(
  port: number,
  handle: (request: HttpRequest, closing: AbortSignal) => Promise<Ending>,
): Promise<HttpServer> {
  const closing = new AbortController();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers, socket } = request;
    const content = await buffer(request);
    const path = url.replace(/\?.*/s, "");
    const ending = await handle(
      { method, path, authorization: headers.authorization, content },
      closing.signal,
    );
    if (ending === "reset") socket.resetAndDestroy();
    else if (ending !== "timeout") send(response, ending);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // The sender left in the middle of its body, or close() came before the answer. Anything else is a bug to be seen.
      if (request.complete && !closing.signal.aborted) throw error;
    });
  });
  // Longer than a sender keeps an idle connection: the server ending one first would look like an injected reset.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      closing.abort();
      // Resolves at once for a server that is closed already.
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function send(response: ServerResponse, { status, headers, body = "" }: Answer): void {
  const contentType = body === "" ? {} : { "Content-Type": "application/json" };
  response
    .writeHead(status, { ...headers, ...contentType, "Content-Length": Buffer.byteLength(body) })
    .end(body);
}
