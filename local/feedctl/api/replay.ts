import type { ReplayInput } from "../../../shared/api/parked.schema.ts";
import type { OnboardingClient } from "../../../shared/client/onboarding-client.ts";
import { ForeignAnswerError } from "./errors.ts";

/** What was done so far. */
export interface ReplaySlice {
  readonly events: number;
  readonly failures: number;
  /** Undefined: all of it. */
  readonly continueFrom: string | undefined;
}

/**
 * Replays slice by slice: each request does as much as fits into it, and says from where the next one goes on.
 *
 * @throws {ForeignAnswerError} where the API does not get on.
 */
export async function* replay(
  api: OnboardingClient,
  tenantId: string,
  body: ReplayInput,
): AsyncGenerator<ReplaySlice> {
  let from = body.from;
  let sum: ReplaySlice = { events: 0, failures: 0, continueFrom: from };
  while (sum.continueFrom !== undefined) {
    const answer = (await api.replayRejected({ params: { tenantId }, body: { ...body, from } })).body;
    const { events, failures, continueFrom } = answer;
    if (events === 0 && continueFrom === from)
      throw new ForeignAnswerError("the API does not get on: it asks for the same again; try later");
    sum = { events: sum.events + events, failures: sum.failures + failures, continueFrom };
    yield sum;
    from = continueFrom ?? from;
  }
}
