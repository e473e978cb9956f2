import { MAX_LIVE_AGE_DAYS, MIN_HISTORICAL_AGE_MS } from "./limits.ts";
import type { Mode } from "./message.schema.ts";

/** Which of mParticle's bulk paths takes an event: `bulkevents` or `bulkevents/historical`. */
export type Route = "live" | "historical";

const DAY_MS = 86_400_000;

/**
 * Routes an event by its age at the time of sending.
 *
 * mParticle skips a historical batch, silently, when any of its events is younger than 72 hours, and asks for no event
 * older than 30 days on the live path. So `live` mode has no path for an event older than that.
 *
 * @param historicalAfterDays - The feed's cut-over for `auto`; between 3 and 30.
 */
export function routeOf(
  occurredAtMs: number,
  mode: Mode,
  { nowMs, historicalAfterDays }: { nowMs: number; historicalAfterDays: number },
): Route | "too_old_for_live" {
  const ageMs = nowMs - occurredAtMs;
  switch (mode) {
    case "live":
      return ageMs > MAX_LIVE_AGE_DAYS * DAY_MS ? "too_old_for_live" : "live";
    case "historical":
      return ageMs > MIN_HISTORICAL_AGE_MS ? "historical" : "live";
    case "auto":
      return ageMs > historicalAfterDays * DAY_MS ? "historical" : "live";
  }
}
