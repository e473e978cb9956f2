/** A clock that runs faster than the real one, or is wrong. */
export interface ClockSetting {
  /** Epoch milliseconds of real time at which the clock was right. */
  readonly originMs: number;
  /** Seconds that pass on it in a real second. */
  readonly scale: number;
  /** Milliseconds that it goes ahead; negative: behind. */
  readonly skewMs: number;
}

/** The time by such a clock, epoch milliseconds. @param realNowMs - `Date.now` as Node made it. */
export function timeBy({ originMs, scale, skewMs }: ClockSetting, realNowMs: number): number {
  return originMs + (realNowMs - originMs) * scale + skewMs;
}

/**
 * Makes `Date` of this whole process go by the clock, what AWS's SDK signs its requests with included. Timers stay real. Has to
 * happen before anything is imported that keeps `Date` or `Date.now`.
 */
export function installClock(clock: ClockSetting): void {
  const RealDate = Date;
  const nowMs = () => timeBy(clock, RealDate.now());
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [nowMs()] : args, newTarget),
    get: (target, key, receiver) =>
      key === "now" ? () => Math.floor(nowMs()) : Reflect.get(target, key, receiver),
  });
}
