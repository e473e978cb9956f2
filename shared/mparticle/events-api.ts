import http from "node:http";
import https from "node:https";
import { type DeliveryOutcome, outcomeOf } from "../core/outcome.ts";
import type { Clock, EventsApi, EventsApiRequest } from "../ports.ts";
import { authorization, feedUrl } from "./endpoint.ts";

/** Bytes of an answer that are read; mParticle's error bodies are far shorter. */
const MAX_ANSWER_BYTES = 16_384;

export interface HttpEventsApiOptions {
  /** As {@link assertPartnerUrl} returned it. */
  readonly partnerUrl: URL;
  /** Connections kept open to one host. */
  readonly maxSockets: number;
  readonly clock: Pick<Clock, "nowMs">;
}

/**
 * mParticle's Events API over Node's own HTTP client with connections kept alive.
 *
 * Every exchange becomes a {@link DeliveryOutcome}; redirects are answers like any other and never followed, since the
 * request carries credentials.
 */
export class HttpEventsApi implements EventsApi {
  readonly #options: HttpEventsApiOptions;
  readonly #http: typeof http | typeof https;
  readonly #agent: http.Agent;

  constructor(options: HttpEventsApiOptions) {
    this.#options = options;
    this.#http = options.partnerUrl.protocol === "https:" ? https : http;
    this.#agent = new this.#http.Agent({
      keepAlive: true,
      maxSockets: options.maxSockets,
      scheduling: "lifo",
    });
  }

  /** Ends the idle connections. A Lambda function never does; a local run must, to exit. */
  close(): void {
    this.#agent.destroy();
  }

  post({ feed, route, credentials, body, timeoutMs }: EventsApiRequest): Promise<DeliveryOutcome> {
    const { promise, resolve } = Promise.withResolvers<DeliveryOutcome>();
    const unavailable = (reason: string) => resolve({ kind: "unavailable", reason });
    const request = this.#http.request(
      feedUrl(feed, route, this.#options.partnerUrl),
      {
        method: "POST",
        agent: this.#agent,
        headers: {
          authorization: authorization(credentials),
          "content-type": "application/json",
          "content-length": body.length,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let received = 0;
        response.on("data", (chunk: Buffer) => {
          if (received < MAX_ANSWER_BYTES) chunks.push(chunk);
          received += chunk.length;
        });
        response.on("end", () => {
          const answer = Buffer.concat(chunks).toString("utf8");
          resolve(
            outcomeOf(
              { status: response.statusCode ?? 0, headers: response.headers, body: answer },
              this.#options.clock.nowMs(),
            ),
          );
        });
        response.on("error", () => unavailable("answer broke off"));
        response.on("aborted", () => unavailable("answer broke off"));
      },
    );
    // One deadline for the whole exchange: a socket timeout alone would let a trickling answer live for ever.
    const timer = setTimeout(() => {
      unavailable("timeout");
      request.destroy();
    }, timeoutMs);
    request.on("close", () => clearTimeout(timer));
    request.on("error", (error: NodeJS.ErrnoException) => unavailable(error.code ?? "connection failed"));
    request.end(body);
    return promise;
  }
}
