/**
 * mParticle's two kinds of limit for one feed: how fast it sends, and how fast it gets faster.
 *
 * @see https://docs.mparticle.com/guides/default-service-limits/
 */
import { AccelerationLimit, type AccelerationLimitOptions } from "./acceleration-limit.ts";
import { SpeedLimit } from "./speed-limit.ts";

export interface Throttled {
  /** Which limit, as `X-mp-rate-limit-exceeded` names it. */
  readonly scope: "feed" | "acceleration";
  readonly retryAfterMs: number;
}

export class Throttle {
  readonly #speed: SpeedLimit;
  readonly #acceleration: AccelerationLimit | undefined;

  constructor(batchesPerSecond: number, acceleration?: AccelerationLimitOptions) {
    this.#speed = new SpeedLimit(batchesPerSecond);
    this.#acceleration = acceleration && new AccelerationLimit(acceleration, batchesPerSecond);
  }

  /**
   * Admits a request, or tells how long it has to wait. A request that is not admitted counts for nothing.
   *
   * @param nowMs - On a clock that never stands still or goes back.
   * @returns The larger of the two limits' use, in percent, the request included.
   */
  admit(batches: number, nowMs: number): { readonly usedPercent: number } | Throttled {
    const speedWaitMs = this.#speed.waitMs(batches, nowMs);
    if (speedWaitMs > 0) return { scope: "feed", retryAfterMs: speedWaitMs };
    const accelerationWaitMs = this.#acceleration?.waitMs(batches, nowMs) ?? 0;
    if (accelerationWaitMs > 0) return { scope: "acceleration", retryAfterMs: accelerationWaitMs };
    return {
      usedPercent: Math.max(this.#speed.take(batches, nowMs), this.#acceleration?.take(batches, nowMs) ?? 0),
    };
  }
}
