import { retryDelayMs } from "../../shared/core/backoff.ts";
import { nameOf } from "../../shared/core/error-name.ts";
import type { DeliveryOutcome } from "../../shared/core/outcome.ts";
import type { Fate } from "../../shared/core/settle.ts";
import type { VersionedCredentials } from "../../shared/ports.ts";
import type { FeedBatches, OutboundBatch } from "./assemble-feeds.ts";
import type { DeliverDeps } from "./deliver-records.ts";

export interface SendCounts {
  requests: number;
  batches: number;
  live: number;
  historical: number;
  /** Requests that were answered 429. */
  throttled: number;
  /** Requests that were sent again as they were. */
  retried: number;
  credentialsRefused: number;
}

/**
 * Milliseconds kept back at the end of an invocation for settling what was sent: parking, freezing and hiding, each of which
 * may take a call to AWS and its repetition (`shared/aws/client-settings.ts` bounds both).
 */
const SETTLE_RESERVE_MS = 15_000;

/** Milliseconds that a request must have to be worth starting: one that is cut off may have been written. */
const MIN_REQUEST_MS = 2_000;

type Request = readonly OutboundBatch[];

/** Why nothing more of the feed is sent in this invocation. */
type Stop =
  | { readonly kind: "deferred"; readonly retryAfterSeconds?: number | undefined }
  | { readonly kind: "held"; readonly cause: string };

interface Stopped {
  readonly kind: "stopped";
  readonly stop: Stop;
}

interface Result {
  readonly fate: Fate;
  readonly maybeWritten: boolean;
}

export interface FeedSenderDeps extends DeliverDeps {
  readonly remainingMs: () => number;
  /** Bounds the requests in flight over all feeds. */
  readonly room: <Value>(task: () => Promise<Value>) => Promise<Value>;
}

/** Sends one feed's requests and remembers, within the invocation, what their answers mean for the next ones. */
export class FeedSender {
  readonly counts: SendCounts = {
    requests: 0,
    batches: 0,
    live: 0,
    historical: 0,
    throttled: 0,
    retried: 0,
    credentialsRefused: 0,
  };
  readonly #feed: FeedBatches;
  readonly #deps: FeedSenderDeps;
  readonly #results = new Map<OutboundBatch, Result>();
  #credentials: VersionedCredentials;
  #renewal: { readonly of: VersionedCredentials; readonly done: Promise<void> } | undefined;
  #stop: Stop | undefined;
  /** The feed's new status was written. */
  #isNoted = false;

  constructor(feed: FeedBatches, deps: FeedSenderDeps) {
    this.#feed = feed;
    this.#deps = deps;
    this.#credentials = feed.credentials;
  }

  /** What became of a batch of a request that was sent to its end. */
  resultOf(batch: OutboundBatch): Result {
    const result = this.#results.get(batch);
    if (!result) throw new RangeError("This batch was not sent by this sender");
    return result;
  }

  /**
   * Sends a request until every batch of it has a fate.
   *
   * @param maybeWritten - An earlier attempt at these batches may have reached mParticle.
   */
  async send(request: Request, maybeWritten = false): Promise<void> {
    for (let failures = 0; ; ) {
      const { outcome, credentials } = await this.#deps.room(() => this.#attempt(request));
      switch (outcome.kind) {
        case "stopped":
          return this.#settle(
            request,
            this.#fateWhenStopped(request, outcome.stop, maybeWritten),
            maybeWritten,
          );
        case "accepted":
          return await this.#accept(request);
        case "throttled":
          // The stop is set already; the next round carries it out.
          break;
        case "unavailable":
          maybeWritten = true;
          failures++;
          await this.#beforeRetry(failures, outcome.reason);
          break;
        case "unauthorized":
          await this.#renewCredentials(credentials);
          break;
        case "malformed":
          return this.#bisect(request, outcome.reason, maybeWritten);
        case "refused":
          // No answer of the documentation: something is wrong on the way, not with these events.
          this.#deps.log.error("Unexpected answer: the feed's events are held", {
            ...this.#ids(),
            reason: outcome.reason,
          });
          this.#stop ??= { kind: "held", cause: "unexpected_answer" };
          break;
      }
    }
  }

  /** One POST, once there is room for it: what was learnt and how much time passed while waiting decides whether. */
  async #attempt(
    request: Request,
  ): Promise<{ outcome: DeliveryOutcome | Stopped; credentials: VersionedCredentials }> {
    const credentials = this.#credentials;
    const timeoutMs = Math.min(this.#deps.settings.requestTimeoutMs, this.#sendingMs());
    if (timeoutMs < Math.min(MIN_REQUEST_MS, this.#deps.settings.requestTimeoutMs))
      this.#stop ??= { kind: "deferred" };
    if (this.#stop) return { outcome: { kind: "stopped", stop: this.#stop }, credentials };

    const { feed } = this.#feed;
    const route = request[0]?.route ?? "live";
    this.counts.requests++;
    const outcome = await this.#deps.events.post({
      feed,
      route,
      credentials,
      body: bodyOf(request),
      timeoutMs,
    });
    if (outcome.kind === "throttled") {
      // Noted before the room is free again: what waits for it is not sent any more.
      this.counts.throttled++;
      this.#stop ??= { kind: "deferred", retryAfterSeconds: outcome.retryAfterSeconds };
    }
    return { outcome, credentials };
  }

  /** Milliseconds left for sending; settling needs the rest. */
  #sendingMs(): number {
    return this.#deps.remainingMs() - SETTLE_RESERVE_MS;
  }

  async #accept(request: Request): Promise<void> {
    this.counts.batches += request.length;
    for (const { route, eventCount } of request) this.counts[route] += eventCount;
    this.#settle(request, { kind: "delivered" }, true);
    if (this.#feed.feed.status === "active" || this.#isNoted) return;
    this.#isNoted = true;
    await this.#note(({ tenantId, feedId }) => this.#deps.tenants.credentialsAccepted(tenantId, feedId));
  }

  /** Outcome unknown: the identical bytes go again after a pause, until attempts or time run out. */
  async #beforeRetry(failures: number, reason: string): Promise<void> {
    const { maxAttempts, retryBaseMs } = this.#deps.settings;
    const pauseMs = retryDelayMs(failures, retryBaseMs, this.#deps.random());
    if (failures >= maxAttempts || pauseMs > this.#sendingMs()) {
      this.#deps.log.warn("mParticle is unavailable: the feed waits", { ...this.#ids(), reason, failures });
      this.#stop ??= { kind: "deferred" };
      return;
    }
    this.counts.retried++;
    await this.#deps.clock.sleep(pauseMs);
  }

  /** Reads the secret afresh once; all requests that were refused with the same one share that reading. */
  async #renewCredentials(refused: VersionedCredentials): Promise<void> {
    if (this.#renewal && this.#renewal.of !== refused) return this.#refuseCredentials(refused);
    this.#renewal ??= { of: refused, done: this.#readCredentialsAgain(refused) };
    await this.#renewal.done;
  }

  async #readCredentialsAgain(refused: VersionedCredentials): Promise<void> {
    const { tenantId, feedId } = this.#ids();
    try {
      const renewed = await this.#deps.credentials.find(tenantId, feedId, {
        not: refused.version,
        afresh: true,
      });
      // Even the same version is tried once more: a single 401 may be a gateway's, and the next answer counts.
      if (renewed) this.#credentials = { ...renewed };
      else await this.#refuseCredentials(refused);
    } catch (error) {
      this.#deps.log.error("Refused credentials could not be read again", {
        tenantId,
        feedId,
        error: nameOf(error),
      });
      this.#stop ??= { kind: "deferred" };
    }
  }

  async #refuseCredentials({ version }: VersionedCredentials): Promise<void> {
    if (this.#stop?.kind === "held") return;
    const { tenantId, feedId } = this.#ids();
    this.#stop = { kind: "held", cause: "credentials_refused" };
    this.counts.credentialsRefused++;
    this.#deps.log.error("mParticle refused the feed's credentials: its events are held", {
      tenantId,
      feedId,
    });
    await this.#note(() => this.#deps.tenants.credentialsRefused(tenantId, feedId, version));
  }

  /** What is not noted at the feed is found again by the next invocation: delivery does not depend on it. */
  async #note(write: (ids: { tenantId: string; feedId: string }) => Promise<void>): Promise<void> {
    try {
      await write(this.#ids());
    } catch (error) {
      this.#deps.log.error("The feed's status could not be written", {
        ...this.#ids(),
        error: nameOf(error),
      });
    }
  }

  /** Finds the guilty batch: the halves go on by themselves, so that neighbours are delivered. */
  async #bisect(request: Request, reason: string, maybeWritten: boolean): Promise<void> {
    if (request.length === 1) {
      this.#deps.log.warn("mParticle refused a batch as malformed", { ...this.#ids(), reason });
      return this.#settle(request, REFUSED, maybeWritten);
    }
    const half = Math.ceil(request.length / 2);
    await this.send(request.slice(0, half), maybeWritten);
    await this.send(request.slice(half), maybeWritten);
  }

  #fateWhenStopped(request: Request, stop: Stop, maybeWritten: boolean): Fate {
    if (stop.kind === "held") return stop;
    const delaySeconds = this.#deps.deferralSeconds({
      receiveCount: Math.max(...request.map(({ receiveCount }) => receiveCount)),
      retryAfterSeconds: stop.retryAfterSeconds,
    });
    return { kind: "deferred", delaySeconds, maybeWritten };
  }

  #settle(request: Request, fate: Fate, maybeWritten: boolean): void {
    for (const batch of request) this.#results.set(batch, { fate, maybeWritten });
  }

  #ids(): { tenantId: string; feedId: string } {
    return { tenantId: this.#feed.tenant.tenantId, feedId: this.#feed.feed.feedId };
  }
}

/** The body of a bulk request: batches are serialised once, so the same batches are the same bytes. */
export function bodyOf(request: Request): Buffer {
  const pieces = request.flatMap(({ body }, i) => [i === 0 ? OPEN : COMMA, body]);
  return Buffer.concat([...pieces, CLOSE]);
}

const [OPEN, COMMA, CLOSE] = [Buffer.from("["), Buffer.from(","), Buffer.from("]")];

const REFUSED: Fate = { kind: "rejected", code: "refused_by_mparticle" };
