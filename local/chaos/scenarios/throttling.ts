import type { Scenario } from "../scenario.ts";
import { BUSY_TENANT } from "../traffic.ts";

export const throttling: readonly Scenario[] = [
  {
    name: "steady-429",
    about: "the busy tenant sends three times what its feed takes",
    surroundings: { batchesPerSecond: 28, patienceSeconds: 90 },
    sparesQuietTenants: true,
  },
  {
    name: "acceleration-limit",
    about: "a feed may grow by half of what it sent the second before, from 20 batches a second",
    surroundings: { acceleration: { share: 0.5, intervalMs: 1_000, restBatches: 20 } },
    sparesQuietTenants: true,
  },
  {
    name: "retry-after-minutes",
    about: "4 minutes of 429 that ask the busy tenant to wait 2 minutes (virtual time)",
    surroundings: { timeScale: 60, env: { BACKOFF_BASE_SECONDS: "5", BACKOFF_MAX_SECONDS: "900" } },
    sparesQuietTenants: true,
    async disturb(world) {
      await world.until(60);
      world.mparticle("429:1,retry-after:120", BUSY_TENANT);
      await world.until(300);
      world.mparticle("", BUSY_TENANT);
    },
  },
];
