/**
 * A stand-in for mParticle's Events API: an HTTP server on the loopback interface that answers by the documented rules,
 * fails on demand, and counts what it took. Serves this project's own local run and tests, and partners as a test
 * double.
 *
 * Not modelled, because a stand-in knows feeds but no workspace: the 1000 unique event names of a workspace, data plans,
 * the average events per user, and the priority of sources.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { AccelerationLimitOptions } from "./acceleration-limit.ts";
import { type Answer, badRequest, type Ending, tooManyRequests } from "./answer.ts";
import { type Endpoint, endpointAt } from "./endpoints.ts";
import { drawFault, drawLatencyMs, type Fault, type Faults, NO_FAULTS } from "./faults.ts";
import { Feeds, type StandInFeed } from "./feeds.ts";
import { type HttpRequest, serveHttp } from "./http-server.ts";
import { type BadBatch, judgeRequest } from "./judge-request.ts";
import { type RequestBody, readBody } from "./request-body.ts";
import type { RequestLine } from "./request-line.ts";
import { type StandInCounts, StandInLedger } from "./stand-in-ledger.ts";
import { Throttle } from "./throttle.ts";

export interface StandInOptions {
  /** @default 0, any free port */
  readonly port?: number;
  readonly feeds: readonly StandInFeed[];
  /** Limit of each feed. @default 270, as mParticle's own */
  readonly batchesPerSecond?: number;
  /** Limits how fast a feed may get faster. @default none */
  readonly acceleration?: AccelerationLimitOptions;
  /** What a bulk request with an invalid batch meets. @default "drop" */
  readonly badBatch?: BadBatch;
  /** @default none */
  readonly faults?: Faults;
  /** Draws from [0, 1) for the faults. @default Math.random */
  readonly random?: () => number;
  readonly clock?: StandInClock;
  /** Called once for each request, after it is judged and counted and right before it is answered. */
  readonly onRequest?: (line: RequestLine) => void;
}

export interface StandInClock {
  /** Epoch milliseconds by which the age of events and ids is judged. May stand still. */
  nowMs(): number;
  /** Paces the rate limits, so it never stands still nor goes back. @default performance.now */
  monotonicMs?(): number;
}

export interface StandIn {
  /** Without a slash at the end: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /**
   * Replaces the faults.
   *
   * @param apiKey - Of one feed, which from then on meets these instead of everyone's. Absent: everyone's.
   */
  setFaults(faults: Faults, apiKey?: string): void;
  /** Replaces all feeds. What was counted stays. */
  setFeeds(feeds: readonly StandInFeed[]): void;
  /** Adds a feed, or replaces the one with the same key: disabled, enabled again, or with another secret. */
  putFeed(feed: StandInFeed): void;
  /** Sets every feed's limit and begins its window anew. */
  setLimit(batchesPerSecond: number): void;
  counts(): StandInCounts;
  /** Forgets what was counted and taken, and begins every limit's window anew. */
  beginAnew(): void;
  /** Ends every connection, those with an unanswered request too. */
  close(): Promise<void>;
}

/** A request that may come in, or the answer that keeps it out. */
type Admission = Admitted | { readonly kind: "out"; readonly answer: Answer; readonly feed?: StandInFeed };
interface Admitted {
  readonly kind: "in";
  readonly endpoint: Endpoint;
  readonly feed: StandInFeed;
}

/**
 * Starts a stand-in.
 *
 * @throws {Error} With the `code` `EADDRINUSE` when the port is taken.
 */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const { badBatch = "drop", random = Math.random, clock = { nowMs: Date.now }, onRequest } = options;
  const feeds = new Feeds(options.feeds);
  let ledger = new StandInLedger();
  const throttles = new Map<string, Throttle>();
  let batchesPerSecond = options.batchesPerSecond ?? 270;
  let faults = options.faults ?? NO_FAULTS;
  const faultsByKey = new Map<string, Faults>();

  const server = await serveHttp(options.port ?? 0, async (request, closing) => {
    const body = readBody(request.content);
    const admission = admit(request);
    const ending = admission.kind === "in" ? await endingOf(body, admission, closing) : admission.answer;
    report(request, body, ending, admission.feed?.apiKey);
    return ending;
  });

  function admit({ method, path, authorization }: HttpRequest): Admission {
    const endpoint = endpointAt(path);
    if (!endpoint) return { kind: "out", answer: { status: 404 } };
    if (method !== "POST") return { kind: "out", answer: { status: 405, headers: { Allow: "POST" } } };
    const authentication = feeds.authenticate(authorization, endpoint.feedKind);
    if (authentication.kind === "accepted") return { kind: "in", endpoint, feed: authentication.feed };
    const { feed, status } = authentication;
    return { kind: "out", answer: { status }, ...(feed && { feed }) };
  }

  async function endingOf(body: RequestBody, admitted: Admitted, closing: AbortSignal): Promise<Ending> {
    const faced = faultsByKey.get(admitted.feed.apiKey) ?? faults;
    const fault = drawFault(faced, random);
    const latencyMs = drawLatencyMs(faced, random);
    if (latencyMs > 0) await sleep(latencyMs, undefined, { signal: closing });
    if (!fault) return judge(body, admitted);
    if (fault.kind === "drop") return judge(body, admitted, true);
    if (fault.written) judge(body, admitted);
    return fault.kind === "status" ? injectedAnswer(fault, faced) : fault.kind;
  }

  function judge(body: RequestBody, { endpoint, feed }: Admitted, drop = false): Answer {
    return judgeRequest(body, {
      endpoint,
      feed,
      ledger: ledger.feed(feed.apiKey),
      throttle: throttleOf(feed),
      badBatch,
      drop,
      nowMs: clock.nowMs(),
      monotonicMs: clock.monotonicMs?.() ?? performance.now(),
    });
  }

  function throttleOf({ apiKey }: StandInFeed): Throttle {
    const throttle = throttles.get(apiKey) ?? new Throttle(batchesPerSecond, options.acceleration);
    throttles.set(apiKey, throttle);
    return throttle;
  }

  function report(
    { method, path }: HttpRequest,
    body: RequestBody,
    ending: Ending,
    apiKey: string | undefined,
  ): void {
    const unanswered = typeof ending === "string";
    ledger.countRequest(
      endpointAt(path) ? path : "other",
      unanswered ? ending : ending.status.toString(),
      apiKey,
    );
    onRequest?.({
      at: clock.nowMs(),
      method,
      path,
      status: unanswered ? 0 : ending.status,
      apiKey,
      bytes: body.bytes,
      body: body.json?.value,
      rawBody: body.text,
    });
  }

  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    setFaults: (next, apiKey) => {
      if (apiKey === undefined) faults = next;
      else faultsByKey.set(apiKey, next);
    },
    setFeeds: (next) => feeds.replaceAll(next),
    putFeed: (feed) => feeds.put(feed),
    setLimit: (next) => {
      batchesPerSecond = next;
      throttles.clear();
    },
    counts: () => ledger.counts(),
    beginAnew: () => {
      ledger = new StandInLedger();
      throttles.clear();
    },
    close: () => server.close(),
  };
}

/** What an injected status looks like on the wire. */
function injectedAnswer(
  { status, bare }: Fault & { kind: "status" },
  { retryAfterSeconds = 1 }: Faults,
): Answer {
  if (status === 429 && !bare) return tooManyRequests("feed", retryAfterSeconds * 1000);
  if (status === 400) return badRequest("An injected fault.");
  return { status };
}
