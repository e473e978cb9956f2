import { setTimeout as sleep } from "node:timers/promises";

const INTERVAL_MS = 250;
const DEADLINE_MS = 90_000;

/**
 * Waits until a condition holds.
 *
 * @param what - Completes "Waited in vain until ...".
 * @throws {Error} after 90 seconds, and what `condition` throws.
 */
export async function waitUntil(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await sleep(INTERVAL_MS);
  }
}
