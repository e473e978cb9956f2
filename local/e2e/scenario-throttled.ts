import { publishEvents } from "../../shared/publish/publish-events.ts";
import type { TenantEntry } from "../examples/examples.ts";
import { NO_FAULTS, parseFaults } from "../stand-in/faults.ts";
import { waitUntil } from "./wait-until.ts";
import { answersWith, timesTaken, type World, waitUntilSettled } from "./world.ts";

const MESSAGES = 4;
const EVENTS_PER_MESSAGE = 10;
/** Throttled answers that the spell lasts for: enough that messages come back and are refused again. */
const THROTTLED_ANSWERS = 6;

/** A spell in which mParticle refuses every request with 429: messages wait on the queue and all arrive afterwards. */
export async function throttledScenario(world: World, { tenantId, feeds }: TenantEntry): Promise<void> {
  const { connector, standIn, checks } = world;
  const apiKey = feeds[0]?.apiKey ?? "";
  const ids = Array.from({ length: MESSAGES * EVENTS_PER_MESSAGE }, (_, i) => `throttled-${i}`);
  const throttledBefore = answersWith(world, 429);

  standIn.setFaults(parseFaults("429:1"));
  for (let start = 0; start < ids.length; start += EVENTS_PER_MESSAGE) {
    const events = ids.slice(start, start + EVENTS_PER_MESSAGE).map((messageId) => ({
      type: "track",
      messageId,
      userId: `user-of-${messageId}`,
      event: "Email Opened",
    }));
    await publishEvents({ tenantId, events }, connector);
  }
  await waitUntil(
    "mParticle has throttled for a while",
    () => answersWith(world, 429) - throttledBefore >= THROTTLED_ANSWERS,
  );
  const during = { taken: timesTaken(world, apiKey, ids), messagesQueued: await connector.messagesQueued() };
  standIn.setFaults(NO_FAULTS);
  await waitUntilSettled(world);

  checks.equal("throttled messages stay on the queue", during, {
    taken: ids.map(() => 0),
    messagesQueued: MESSAGES,
  });
  checks.equal(
    "after the spell every event has arrived once",
    timesTaken(world, apiKey, ids),
    ids.map(() => 1),
  );
  checks.equal("throttling holds nothing", await connector.parked("held"), []);
  checks.equal("throttling makes no dead letters", await connector.deadLetters(), 0);
}
