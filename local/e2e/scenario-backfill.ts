import { publishEvents } from "../../shared/publish/publish-events.ts";
import type { TenantEntry } from "../examples/examples.ts";
import { timesTaken, type World, waitUntilSettled } from "./world.ts";

/** Events on the backfill queue, which has a function of its own. */
export async function backfillScenario(world: World, { tenantId, feeds }: TenantEntry): Promise<void> {
  const { connector, checks } = world;
  const apiKey = feeds[0]?.apiKey ?? "";
  const ids = ["backfill-1", "backfill-2", "backfill-3"];
  const events = ids.map((messageId) => ({
    type: "track",
    messageId,
    userId: "user",
    event: "Email Opened",
  }));

  await publishEvents({ tenantId, events }, { sqs: connector.sqs, queueUrl: connector.backfillQueueUrl });
  await waitUntilSettled(world);

  checks.equal("events on the backfill queue arrive", timesTaken(world, apiKey, ids), [1, 1, 1]);
  checks.equal("backfill makes no dead letters", await connector.deadLetters(), 0);
}
