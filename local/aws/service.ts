import type { IncomingMessage, ServerResponse } from "node:http";

/** One emulated AWS service, served by the shared HTTP server in `embedded-aws.ts` rather than by one of its own. */
export interface EmulatedService {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Answers what is still waiting, such as long polls. */
  close(): Promise<void>;
}
