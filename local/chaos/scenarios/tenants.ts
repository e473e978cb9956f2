import type { Scenario } from "../scenario.ts";

const QUIET = { tenants: 10, publishesPerSecond: 3, eventsPerPublish: 1, users: 5 };
const SILENT = { publishesPerSecond: 0, eventsPerPublish: 0, users: 1 };

export const tenants: readonly Scenario[] = [
  {
    name: "noisy-tenant",
    about: "one tenant sends 100 times as much as each of the others, and more than its feed takes",
    traffic: { busy: { publishesPerSecond: 30, eventsPerPublish: 10, users: 300 }, quiet: QUIET },
    comparedWith: { busy: SILENT, quiet: QUIET },
    surroundings: { batchesPerSecond: 120 },
    sparesQuietTenants: true,
  },
];
