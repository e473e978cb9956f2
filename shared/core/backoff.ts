/** SQS: longest visibility timeout, in seconds from the receive. A margin is left for the invocation itself. */
const MAX_HIDE_SECONDS = 43_200 - 900;

export interface BackoffSettings {
  /** Seconds after the first receive when nobody named a time; doubles by receive count. */
  readonly baseSeconds: number;
  /** Ceiling of the computed delay, in seconds. */
  readonly maxSeconds: number;
}

/**
 * Seconds for which a deferred message stays hidden.
 *
 * With a `Retry-After`: at least that long, and longer with each receive, since a long queue outlasts many of them and every
 * return spends a receive; and up to a quarter (and a second) more, so that what was throttled at once does not come back
 * at once. Without: exponential by receive count, the upper half jittered.
 *
 * @param receiveCount - SQS's ApproximateReceiveCount, 1 on the first receive.
 * @param random - In [0, 1).
 * @returns Whole seconds.
 */
export function deferralSeconds(
  { retryAfterSeconds, receiveCount }: { retryAfterSeconds?: number | undefined; receiveCount: number },
  { baseSeconds, maxSeconds }: BackoffSettings,
  random: number,
): number {
  if (retryAfterSeconds !== undefined) {
    const grown = Math.min(retryAfterSeconds * receiveCount, Math.max(retryAfterSeconds, maxSeconds));
    const jittered = grown + random * (1 + grown / 4);
    return Math.min(Math.max(Math.ceil(grown), Math.floor(jittered)), MAX_HIDE_SECONDS);
  }
  // 2^30 receives never happen; the bound keeps the power finite.
  const exponential = Math.min(maxSeconds, baseSeconds * 2 ** Math.min(receiveCount - 1, 30));
  return Math.round(exponential * (0.5 + random / 2));
}

/**
 * Milliseconds before the same request is sent again within an invocation.
 *
 * @param attempt - 1 after the first failure.
 */
export function retryDelayMs(attempt: number, baseMs: number, random: number): number {
  return baseMs * 2 ** (attempt - 1) * (0.5 + random);
}
