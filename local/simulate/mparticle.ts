import { type DeliveryOutcome, outcomeOf } from "../../shared/core/outcome.ts";
import type { EventsApi, EventsApiRequest } from "../../shared/ports.ts";
import { tooManyRequests } from "../stand-in/answer.ts";
import { drawFault, drawLatencyMs, type Fault, type Faults } from "../stand-in/faults.ts";
import { Throttle } from "../stand-in/throttle.ts";
import type { Usage } from "./usage.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Bytes of a request beside its body. */
const HEADER_BYTES = 400;

export interface MparticleOptions {
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly usage: Usage;
  /** Batches a second that the feed of a key takes. */
  readonly limitOf: (apiKey: string) => number;
  readonly faults: Faults;
  /** Share of the latency after which a request is judged: the rest is the answer's. */
  readonly judgedAt: number;
  /** Whether a 202 names the share of the limit in use. */
  readonly tellsUse: boolean;
}

/** What a feed's requests came to. */
export interface FeedTraffic {
  readonly throttle: Throttle;
  /** Batches taken, and requests and those answered 429, by second of the run. */
  readonly taken: number[];
  readonly requests: number[];
  readonly throttled: number[];
  lastTakenAtMs: number;
}

/** mParticle as the stand-in plays it, with its own limits, faults and latency. */
export class SimMparticle implements EventsApi {
  readonly #options: MparticleOptions;
  readonly #startMs: number;
  readonly #feeds = new Map<string, FeedTraffic>();

  constructor(options: MparticleOptions) {
    this.#options = options;
    this.#startMs = options.clock.nowMs();
  }

  get feeds(): ReadonlyMap<string, FeedTraffic> {
    return this.#feeds;
  }

  of(apiKey: string): FeedTraffic {
    const known = this.#feeds.get(apiKey);
    if (known) return known;
    const throttle = new Throttle(this.#options.limitOf(apiKey));
    const feed = { throttle, taken: [], requests: [], throttled: [], lastTakenAtMs: 0 };
    this.#feeds.set(apiKey, feed);
    return feed;
  }

  async post({ credentials, body, timeoutMs }: EventsApiRequest): Promise<DeliveryOutcome> {
    const { clock, random, usage, faults, judgedAt } = this.#options;
    usage.bytesOut += body.length + HEADER_BYTES;
    const fault = drawFault(faults, random);
    const latencyMs = drawLatencyMs(faults, random);
    if (latencyMs >= timeoutMs || fault?.kind === "timeout") {
      await clock.sleep(timeoutMs);
      if (fault?.kind === "timeout" && fault.written) this.#judge(credentials.apiKey, body);
      return { kind: "unavailable", reason: "timeout" };
    }
    await clock.sleep(judgedAt * latencyMs);
    const answer = this.#answer(fault, credentials.apiKey, body);
    await clock.sleep((1 - judgedAt) * latencyMs);
    return answer;
  }

  #answer(fault: Fault | undefined, apiKey: string, body: Buffer): DeliveryOutcome {
    if (!fault || fault.kind === "drop") return this.#judge(apiKey, body);
    if (fault.written) this.#judge(apiKey, body);
    if (fault.kind !== "status") return { kind: "unavailable", reason: fault.kind };
    return outcomeOf({ status: fault.status, headers: {}, body: "" }, this.#options.clock.nowMs());
  }

  #judge(apiKey: string, body: Buffer): DeliveryOutcome {
    const { clock, tellsUse } = this.#options;
    const nowMs = clock.nowMs();
    const feed = this.of(apiKey);
    const second = Math.floor((nowMs - this.#startMs) / 1000);
    const batches = batchesIn(body);
    add(feed.requests, second, 1);
    const admission = feed.throttle.admit(batches, nowMs);
    if ("scope" in admission) {
      add(feed.throttled, second, 1);
      const { status, headers = {} } = tooManyRequests(admission.scope, admission.retryAfterMs);
      const lowerCased = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
      return outcomeOf({ status, headers: Object.fromEntries(lowerCased), body: "" }, nowMs);
    }
    add(feed.taken, second, batches);
    feed.lastTakenAtMs = nowMs;
    return tellsUse
      ? { kind: "accepted", limitUsedPercent: Math.ceil(admission.usedPercent) }
      : { kind: "accepted" };
  }
}

function add(counts: number[], second: number, count: number): void {
  while (counts.length <= second) counts.push(0);
  counts[second] = (counts[second] ?? 0) + count;
}

/** Batches of a body: a simulated batch holds no comma. */
function batchesIn(body: Buffer): number {
  let batches = 1;
  for (let at = body.indexOf(COMMA); at >= 0; at = body.indexOf(COMMA, at + 1)) batches++;
  return batches;
}

const COMMA = ",".charCodeAt(0);
