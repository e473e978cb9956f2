import type { Scenario } from "./scenario.ts";
import { aws } from "./scenarios/aws.ts";
import { clocks } from "./scenarios/clocks.ts";
import { credentials } from "./scenarios/credentials.ts";
import { outages } from "./scenarios/outages.ts";
import { poison } from "./scenarios/poison.ts";
import { sqs } from "./scenarios/sqs.ts";
import { tenants } from "./scenarios/tenants.ts";
import { throttling } from "./scenarios/throttling.ts";

/** Nothing goes wrong: what the others are compared with. */
export const CALM: Scenario = { name: "calm", about: "nothing goes wrong" };

/** All scenarios, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  CALM,
  ...throttling,
  ...outages,
  ...credentials,
  ...tenants,
  ...aws,
  ...sqs,
  ...poison,
  ...clocks,
];
