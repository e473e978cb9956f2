/**
 * What mParticle answers to an authenticated request, and what it takes from it.
 *
 * @see https://docs.mparticle.com/developers/apis/http/
 */
import { MAX_BATCHES_PER_REQUEST } from "../../shared/core/limits.ts";
import { type Answer, badRequest, tooManyRequests } from "./answer.ts";
import { judgeBatch, type Verdict } from "./batch-rules.ts";
import type { Endpoint } from "./endpoints.ts";
import type { FeedLedger } from "./feed-ledger.ts";
import type { StandInFeed } from "./feeds.ts";
import type { RequestBody } from "./request-body.ts";
import type { Throttle } from "./throttle.ts";
import { countEvents, type WireBatch } from "./wire-batch.ts";

/**
 * What a bulk request with an invalid batch meets. The documentation has both: a 202 that hides the batch, and a 400
 * for malformed requests.
 */
export type BadBatch = "drop" | "400";

export interface RequestContext {
  readonly endpoint: Endpoint;
  readonly feed: StandInFeed;
  readonly ledger: FeedLedger;
  readonly throttle: Throttle;
  readonly badBatch: BadBatch;
  /** Epoch milliseconds, for the age of events and ids. */
  readonly nowMs: number;
  /** For the rate limits. */
  readonly monotonicMs: number;
  /** Batches that would be taken are dropped: an injected fault. @default false */
  readonly drop?: boolean;
}

/**
 * Bytes that a whole body has to stay below. Documented: under 256 KB. Chosen: a KB is 1000 bytes, the stricter
 * reading, and the status, of which the documentation says nothing.
 */
const REQUEST_BYTES = 256_000;

/**
 * Judges a request as a whole and then its batches. Rate limits come between the two, because they count batches; a
 * request that they refuse is not written, and neither is one that is answered with 400.
 */
export function judgeRequest(body: RequestBody, context: RequestContext): Answer {
  if (body.bytes >= REQUEST_BYTES) return { status: 413 };
  const batches = batchesOf(body, context.endpoint);
  if (typeof batches === "string") return badRequest(batches);
  const admission = context.throttle.admit(batches.length, context.monotonicMs);
  if ("scope" in admission) return tooManyRequests(admission.scope, admission.retryAfterMs);
  const verdicts = batches.map((batch) =>
    judgeBatch(batch, {
      feed: context.feed,
      historical: context.endpoint.historical,
      requestBytes: body.bytes,
      nowMs: context.nowMs,
    }),
  );
  const problem = requestProblem(verdicts, context);
  if (problem !== undefined) return badRequest(problem);
  for (const [i, verdict] of verdicts.entries()) settle(batches[i], verdict, context);
  return {
    status: 202,
    headers: { "X-mp-rate-limit-percentage-used": `${Math.ceil(admission.usedPercent)}` },
  };
}

/** The batches of a body, or what is wrong with it. Empty bulk bodies are not documented; here they lack something. */
function batchesOf({ json }: RequestBody, { bulk }: Endpoint): readonly unknown[] | string {
  if (!json) return "The body is not JSON.";
  const { value } = json;
  if (!bulk) {
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? [value]
      : "The body is not a batch object.";
  }
  if (!Array.isArray(value)) return "The body is not an array of batches.";
  if (value.length === 0) return "The body holds no batch.";
  if (value.length > MAX_BATCHES_PER_REQUEST)
    return `The body holds over ${MAX_BATCHES_PER_REQUEST} batches.`;
  return value;
}

/** Why the request as a whole fails. As in the documented body, nothing says which of the batches it was. */
function requestProblem(
  verdicts: readonly Verdict[],
  { endpoint, badBatch }: RequestContext,
): string | undefined {
  const failing = verdicts.find((verdict) => verdict.kind === "fails_request");
  if (failing) return failing.problem;
  if (endpoint.bulk && badBatch === "drop") return undefined;
  return verdicts.find((verdict) => verdict.kind === "invalid")?.problem;
}

function settle(batch: unknown, verdict: Verdict, { endpoint, ledger, nowMs, drop }: RequestContext): void {
  const { historical } = endpoint;
  if (verdict.kind === "valid" && drop) ledger.drop(countEvents(batch), "injected", { historical });
  else if (verdict.kind === "valid")
    ledger.take(batch as WireBatch, verdict.violations, { historical, nowMs });
  else if (verdict.kind !== "fails_request") ledger.drop(countEvents(batch), verdict.reason, { historical });
}
