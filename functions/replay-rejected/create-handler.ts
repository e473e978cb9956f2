import middy from "@middy/core";
import type { Context } from "aws-lambda";
import type { ReplayRequest } from "../../shared/core/replay-request.schema.ts";
import { parseReplayRequest } from "../../shared/core/validators.ts";
import type { ReplayAnswer } from "../../shared/ports-onboarding.ts";
import { withoutMessage } from "../../shared/runtime/without-message.ts";
import { type ReplayDeps, replayRejected } from "./replay-rejected.ts";

/**
 * The Lambda handler over given dependencies: takes a `ReplayRequest`, answers with a `ReplayAnswer`. A request that is none is an
 * error that says what is wrong with it.
 *
 * @param report - Takes what each request was and led to.
 */
export function createHandler(
  deps: ReplayDeps,
  report: (request: ReplayRequest, answer: ReplayAnswer) => void,
) {
  return middy<unknown, ReplayAnswer>().handler(async (event, context: Context) => {
    const request = parseReplayRequest(event);
    const endsAt = performance.now() + (request.withinMs ?? Number.POSITIVE_INFINITY);
    const remainingMs = () => Math.min(context.getRemainingTimeInMillis(), endsAt - performance.now());
    const answer = await replayRejected(request, remainingMs, deps).catch((error: unknown) => {
      throw withoutMessage(error);
    });
    report(request, answer);
    return answer;
  });
}
