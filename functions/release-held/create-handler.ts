import middy from "@middy/core";
import type { Context, EventBridgeEvent } from "aws-lambda";
import type { FeedChanged } from "../../shared/core/feed-changed.schema.ts";
import { FEED_CHANGED } from "../../shared/core/feed-changed.ts";
import { parseFeedChanged } from "../../shared/core/validators.ts";
import { withoutMessage } from "../../shared/runtime/without-message.ts";
import { type ReleaseDeps, type ReleaseReport, releaseHeld } from "./release-held.ts";

/** What invokes the function: a schedule, whatever it says, or word of a changed tenant or feed. */
export type ReleaseTrigger = Partial<
  Pick<EventBridgeEvent<string, unknown>, "source" | "detail-type" | "detail">
>;

/**
 * The Lambda handler over given dependencies.
 *
 * @param report - Takes what each run did.
 */
export function createHandler(deps: ReleaseDeps, report: (report: ReleaseReport) => void) {
  return middy<ReleaseTrigger, void>().handler(async (event, context: Context) => {
    const changed = changedIn(event);
    const remainingMs = () => context.getRemainingTimeInMillis();
    const done = await releaseHeld(changed, remainingMs, deps).catch((error: unknown) => {
      throw withoutMessage(error);
    });
    report(done);
  });
}

/** @throws {ConfigError} for word of a change that does not say of what. */
function changedIn({ source, "detail-type": type, detail }: ReleaseTrigger): FeedChanged | undefined {
  const isChange = source === FEED_CHANGED.source && type === FEED_CHANGED.detailType;
  return isChange ? parseFeedChanged(detail) : undefined;
}
