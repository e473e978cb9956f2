import { retryDelayMs } from "../../shared/core/backoff.ts";
import type { DeliveryOutcome } from "../../shared/core/outcome.ts";
import type { Fate } from "../../shared/core/settle.ts";
import type { VersionedCredentials } from "../../shared/ports.ts";
import type { FeedBatches, OutboundBatch } from "./assemble-feeds.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import { FeedCredentials } from "./feed-credentials.ts";
import type { FeedFlow, Granted } from "./feed-flow.ts";
import { bodyOf } from "./request-body.ts";
import type { Room } from "./room.ts";
import { noCounts } from "./send-counts.ts";

/**
 * Milliseconds kept back at the end of an invocation for settling what was sent: parking, freezing, hiding, the ledger and the note
 * that all of it is done. Each may take a call to AWS and its repetition (`shared/aws/client-settings.ts` bounds both), and begins
 * only where there is time for that: there is, for one service that hangs, and for another one in its place: the bucket for the
 * queue.
 */
const SETTLE_RESERVE_MS = 20_000;

/** Milliseconds that a request must have to be worth starting: one that is cut off may have been written. */
const MIN_REQUEST_MS = 2_000;

/** Milliseconds before its instant in which a grant takes room for its request, so as to be sent right then. */
const EARLY_MS = 50;

/** Milliseconds after which a grant that was not used is given back: what it counts for is other batches' time by then. */
const TOO_LATE_MS = 250;

type Request = readonly OutboundBatch[];

/** Why nothing more of the feed is sent in this invocation. */
type Stop = { readonly kind: "deferred" } | { readonly kind: "held"; readonly cause: string };

type Attempt = DeliveryOutcome | { readonly kind: "stopped" };

interface Result {
  readonly fate: Fate;
  readonly maybeWritten: boolean;
}

/** What came of a request. */
export interface SendAnswer {
  /** All of it was taken. */
  readonly isAccepted: boolean;
  /** Milliseconds by which it was sent after its grant's instant. */
  readonly lateMs: number;
  readonly usedPercent?: number | undefined;
  /** Batches that have no fate yet: not taken, or nobody knows whether, or not tried any more. */
  readonly unsent: readonly OutboundBatch[];
}

export interface FeedSenderDeps extends Omit<DeliverDeps, "flow"> {
  readonly remainingMs: () => number;
  /** Bounds the calls in flight over all feeds. */
  readonly room: Room;
  readonly flow: FeedFlow;
}

/** Sends one feed's requests and remembers, within the invocation, what their answers mean for the next ones. */
export class FeedSender {
  readonly counts = noCounts();
  readonly #feed: FeedBatches;
  readonly #deps: FeedSenderDeps;
  readonly #results = new Map<OutboundBatch, Result>();
  readonly #tried = new Set<OutboundBatch>();
  /** Those of the tried that mParticle may have taken, with how often that was left open. */
  readonly #failures = new Map<OutboundBatch, number>();
  /** Parts of requests that were refused as malformed: no request mixes them with each other or with others. */
  readonly #parts = new Map<OutboundBatch, number>();
  #lastPart = 0;
  /** Batches of which a grant was given back because it was late. */
  readonly #late = new Set<OutboundBatch>();
  readonly #credentials: FeedCredentials;
  #stop: Stop | undefined;
  /** A limit was met since the last admission: what was admitted with it is not sent. */
  #isThrottled = false;
  /** Since the last admission, something was sent of which it is open what becomes: nobody answered, or not all of it is bad. */
  isInDoubt = false;

  constructor(feed: FeedBatches, deps: FeedSenderDeps) {
    this.#feed = feed;
    this.#deps = deps;
    this.#credentials = new FeedCredentials(feed, deps);
  }

  /** What became of a batch. */
  resultOf(batch: OutboundBatch): Result {
    const result = this.#results.get(batch);
    if (!result) throw new RangeError("This batch has no fate yet");
    return result;
  }

  /** Set when all that is left of the feed is held. */
  get heldCause(): string | undefined {
    return this.#stop?.kind === "held" ? this.#stop.cause : undefined;
  }

  wasTried(batch: OutboundBatch): boolean {
    return this.#tried.has(batch);
  }

  /** Batches of different parts do not go in one request. */
  partOf(batch: OutboundBatch): number {
    return this.#parts.get(batch) ?? 0;
  }

  /** Whether there is time for another admission, and no reason against it. */
  maySend(): boolean {
    this.#isThrottled = false;
    this.isInDoubt = false;
    if (this.waitableMs < 0) this.#stop ??= { kind: "deferred" };
    return this.#stop === undefined;
  }

  /** Milliseconds that a request may wait for its turn and still be worth starting; below 0: there is no time for another one. */
  get waitableMs(): number {
    return this.#timeoutMs() - Math.min(MIN_REQUEST_MS, this.#deps.settings.requestTimeoutMs);
  }

  /** Gives a batch its fate; a deferred one remembers whether mParticle may have taken it. */
  settle(batch: OutboundBatch, fate: Exclude<Fate, { kind: "deferred" }> | Deferred): void {
    const maybeWritten = fate.kind === "delivered" || this.#failures.has(batch);
    this.#results.set(batch, {
      fate: fate.kind === "deferred" ? { ...fate, maybeWritten } : fate,
      maybeWritten,
    });
  }

  /** Sends a request at its grant's instant. What is unsent then has to ask for room again: every request counts at mParticle. */
  async send(request: Request, granted: Granted): Promise<SendAnswer> {
    await this.#until(granted.atMs - EARLY_MS);
    let lateMs = 0;
    const { outcome, credentials } = await this.#deps.room.run(
      async () => {
        await this.#until(granted.atMs);
        lateMs = this.#deps.clock.nowMs() - granted.atMs;
        return await this.#attempt(request, granted);
      },
      { isDue: true },
    );
    switch (outcome.kind) {
      case "accepted":
        await this.#accept(request);
        return { isAccepted: true, lateMs, usedPercent: outcome.limitUsedPercent, unsent: [] };
      case "unavailable":
        await this.#afterFailure(request, granted, outcome.reason);
        break;
      case "unauthorized":
        await this.#afterRefusal(credentials);
        break;
      case "malformed":
        return { isAccepted: false, lateMs, unsent: this.#bisect(request, outcome.reason) };
      case "refused":
        // No answer of the documentation: something is wrong on the way, not with these events.
        this.#deps.log.error("Unexpected answer: the feed's events are held", {
          ...this.#ids(),
          reason: outcome.reason,
        });
        this.#stop ??= { kind: "held", cause: "unexpected_answer" };
        break;
      case "stopped":
      case "throttled":
        break;
    }
    return { isAccepted: false, lateMs, unsent: request };
  }

  async #until(atMs: number): Promise<void> {
    const waitMs = atMs - this.#deps.clock.nowMs();
    if (waitMs > 0) await this.#deps.clock.sleep(waitMs);
  }

  /** One POST, unless what was learnt while waiting for it, or how much time passed, is against it. */
  async #attempt(
    request: Request,
    { askedAtMs, ...grant }: Granted,
  ): Promise<{ outcome: Attempt; credentials: VersionedCredentials }> {
    const credentials = this.#credentials.current;
    const { events, settings } = this.#deps;
    const timeoutMs = Math.min(settings.requestTimeoutMs, this.#timeoutMs());
    if (this.waitableMs < 0) this.#stop ??= { kind: "deferred" };
    const own = { ...grant, batches: request.length };
    if (this.#stop || this.#isThrottled || this.#isTooLate(request, grant.atMs)) {
      this.#flow.observe({ kind: "unused", grant: own });
      return { outcome: { kind: "stopped" }, credentials };
    }
    this.counts.requests++;
    if (request.some((batch) => this.#failures.has(batch))) this.counts.retried++;
    for (const batch of request) this.#tried.add(batch);
    const route = request[0]?.route ?? "live";
    const body = bodyOf(request);
    const outcome = await events.post({ feed: this.#feed.feed, route, credentials, body, timeoutMs });
    if (outcome.kind === "throttled") {
      // Noted before the room is free again: what waits for it is not sent any more.
      this.#isThrottled = true;
      this.counts.throttled++;
      const { retryAfterSeconds, scope } = outcome;
      await this.#flow.warn({ kind: "throttled", grant: own, askedAtMs, retryAfterSeconds, scope });
    }
    return { outcome, credentials };
  }

  /** Once for each batch: on a machine that is always late, it is sent all the same. */
  #isTooLate(request: Request, atMs: number): boolean {
    if (this.#deps.clock.nowMs() - atMs <= TOO_LATE_MS) return false;
    const isNew = request.some((batch) => !this.#late.has(batch));
    for (const batch of request) this.#late.add(batch);
    return isNew;
  }

  get #flow(): FeedFlow {
    return this.#deps.flow;
  }

  /** Milliseconds left for sending; settling needs the rest. */
  #timeoutMs(): number {
    return this.#deps.remainingMs() - SETTLE_RESERVE_MS;
  }

  async #accept(request: Request): Promise<void> {
    this.counts.batches += request.length;
    for (const batch of request) {
      this.counts[batch.route] += batch.eventCount;
      this.settle(batch, DELIVERED);
    }
    await this.#credentials.accepted();
  }

  async #afterRefusal(credentials: VersionedCredentials): Promise<void> {
    switch (await this.#credentials.refused(credentials)) {
      case "renewed":
        break;
      case "unreadable":
        this.#stop ??= { kind: "deferred" };
        break;
      case "refused":
        this.counts.credentialsRefused = 1;
        this.#stop = { kind: "held", cause: "credentials_refused" };
        break;
    }
  }

  /**
   * Outcome unknown: the identical batches go again after a pause, until attempts or time run out, or too many requests to the
   * feed in a row, of whatever invocation, were not answered.
   */
  async #afterFailure(request: Request, { askedAtMs }: Granted, reason: string): Promise<void> {
    const { maxAttempts, retryBaseMs } = this.#deps.settings;
    this.isInDoubt = true;
    for (const batch of request) this.#failures.set(batch, (this.#failures.get(batch) ?? 0) + 1);
    const failures = Math.max(...request.map((batch) => this.#failures.get(batch) ?? 0));
    await this.#deps.room.run(() => this.#flow.warn({ kind: "unavailable", askedAtMs }), { isDue: true });
    const pauseMs = retryDelayMs(failures, retryBaseMs, this.#deps.random());
    if (this.#flow.isDead || failures >= maxAttempts || pauseMs > this.#timeoutMs()) {
      this.counts.unanswered++;
      this.#deps.log.warn("mParticle is unavailable: the feed waits", { ...this.#ids(), reason, failures });
      this.#stop ??= { kind: "deferred" };
      return;
    }
    await this.#deps.clock.sleep(pauseMs);
  }

  /** Finds the guilty batch: the halves go on by themselves, so that neighbours are delivered. @returns what is left to send. */
  #bisect(request: Request, reason: string): Request {
    if (request.length === 1) {
      this.#deps.log.warn("mParticle refused a batch as malformed", { ...this.#ids(), reason });
      for (const batch of request) this.settle(batch, REFUSED);
      return [];
    }
    this.isInDoubt = true;
    const half = Math.ceil(request.length / 2);
    const [first, second] = [++this.#lastPart, ++this.#lastPart];
    for (const [i, batch] of request.entries()) this.#parts.set(batch, i < half ? first : second);
    return request;
  }

  #ids(): { tenantId: string; feedId: string } {
    return { tenantId: this.#feed.tenant.tenantId, feedId: this.#feed.feed.feedId };
  }
}

type Deferred = { readonly kind: "deferred"; readonly delaySeconds: number };

const DELIVERED = { kind: "delivered" } as const;
const REFUSED = { kind: "rejected", code: "refused_by_mparticle" } as const;
