export interface BackoffSettings {
  /** Seconds after the first receive; doubles by receive count. */
  readonly baseSeconds: number;
  /** Ceiling of the computed delay, in seconds. */
  readonly maxSeconds: number;
}

/**
 * Seconds for which a message stays hidden that could not be decided, since a store could not be used: exponential by receive
 * count, the upper half jittered.
 *
 * @param receiveCount - SQS's ApproximateReceiveCount, 1 on the first receive.
 * @param random - In [0, 1).
 * @returns Whole seconds.
 */
export function deferralSeconds(
  receiveCount: number,
  { baseSeconds, maxSeconds }: BackoffSettings,
  random: number,
): number {
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
