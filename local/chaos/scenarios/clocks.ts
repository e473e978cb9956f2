import type { Scenario } from "../scenario.ts";

const HOUR_MS = 3_600_000;

export const clocks: readonly Scenario[] = [
  {
    name: "clock-skew",
    about:
      "one worker's clock is an hour ahead, the other's an hour behind, and the busy feed is over its limit",
    surroundings: { skewsMs: [HOUR_MS, -HOUR_MS], batchesPerSecond: 50 },
    sparesQuietTenants: true,
  },
];
