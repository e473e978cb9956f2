import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../ports.ts";

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (ms) => {
    await sleep(ms);
  },
};

/** What the AWS SDK keeps with each client: milliseconds by which AWS's clock is ahead of this machine's, if by minutes. */
interface AwsClient {
  readonly config: { readonly systemClockOffset: number };
}

/**
 * The clock that all invocations share: this machine's, corrected as the SDK corrects its signatures from the dates of AWS's
 * answers. A machine whose clock is off would otherwise judge ages wrong, and take or leave room for all others.
 */
export function awsClock(client: AwsClient): Clock {
  return { ...systemClock, nowMs: () => Date.now() + client.config.systemClockOffset };
}
