import type { IncomingMessage, ServerResponse } from "node:http";
import dynalite from "dynalite";
import type { EmulatedService } from "./service.ts";

/**
 * DynamoDB by dynalite, in memory, tables active at once. It knows no time to live, transactions or
 * `ReturnValuesOnConditionCheckFailure`.
 */
export function createDynamoDb(): EmulatedService {
  // Never listens: it serves requests that arrived elsewhere, holds no socket or timer, and so needs no closing.
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  return {
    handle(request: IncomingMessage, response: ServerResponse) {
      server.emit("request", request, response);
      // dynalite throws, into no one's hands, when a caller hangs up halfway.
      request.removeAllListeners("error").on("error", () => response.destroy());
    },
    close: async () => {},
  };
}
