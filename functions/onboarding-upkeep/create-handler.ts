import middy from "@middy/core";
import type { Context, EventBridgeEvent } from "aws-lambda";
import { CREDENTIALS_REFUSED } from "../../shared/core/feed-changed.ts";
import { parseCredentialsRefused } from "../../shared/core/validators.ts";
import { withoutMessage } from "../../shared/runtime/without-message.ts";
import { rollBack } from "./roll-back.ts";
import { tend, type UpkeepReport } from "./tend.ts";
import type { UpkeepDeps } from "./upkeep.ts";

/** What invokes the function: a schedule, whatever it says, or word of keys that mParticle refused. */
export type UpkeepTrigger = Partial<
  Pick<EventBridgeEvent<string, unknown>, "source" | "detail-type" | "detail">
>;

/** What an invocation did. */
export type UpkeepDone =
  | ({ readonly kind: "tended" } & UpkeepReport)
  | {
      readonly kind: "refused";
      readonly tenant: string;
      readonly feedId: string;
      readonly isRolledBack: boolean;
    };

/**
 * The Lambda handler over given dependencies.
 *
 * @param report - Takes what each run did.
 */
export function createHandler(deps: UpkeepDeps, report: (done: UpkeepDone) => void) {
  return middy<UpkeepTrigger, void>().handler(async (event, context: Context) => {
    const done = await run(event, () => context.getRemainingTimeInMillis(), deps).catch((error: unknown) => {
      throw withoutMessage(error);
    });
    report(done);
  });
}

async function run(
  { source, "detail-type": type, detail }: UpkeepTrigger,
  remainingMs: () => number,
  deps: UpkeepDeps,
): Promise<UpkeepDone> {
  if (source !== CREDENTIALS_REFUSED.source || type !== CREDENTIALS_REFUSED.detailType)
    return { kind: "tended", ...(await tend(remainingMs, deps)) };
  const refused = parseCredentialsRefused(detail);
  const { tenant, feedId } = refused;
  return { kind: "refused", tenant, feedId, isRolledBack: await rollBack(refused, deps) };
}
