import { setTimeout as sleep } from "node:timers/promises";

/** Waits, but no longer than until the signal. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // The abort is the only way for this to reject.
  await sleep(ms, undefined, { signal }).catch(() => {});
}
