import { publishEvents } from "../../shared/publish/publish-events.ts";
import type { TenantEntry } from "../examples/examples.ts";
import { waitUntil } from "./wait-until.ts";
import { timesTaken, type World, waitUntilSettled } from "./world.ts";

/** A feed's key that mParticle refuses from now on, and its replacement by a working one, which ends the hold. */
export async function refusedKeyScenario(world: World, { tenantId, feeds }: TenantEntry): Promise<void> {
  const { connector, standIn, checks } = world;
  const [feed] = feeds;
  if (!feed) throw new Error(`${tenantId} has no feed`);
  const { feedId, kind = "partner", apiKey } = feed;
  const publish = (ids: readonly string[]) => {
    const events = ids.map((messageId) => ({
      type: "track",
      messageId,
      userId: "user",
      event: "Points Earned",
    }));
    return publishEvents({ tenantId, feedId, events }, connector);
  };
  const refused = ["refused-1", "refused-2", "refused-3"];
  const accepted = ["accepted-1", "accepted-2"];

  standIn.putFeed({ apiKey, apiSecret: "replaced-at-mparticle", kind });
  await publish(refused);
  await waitUntilSettled(world);
  const whileRefused = await connector.feed(tenantId, feedId);

  checks.equal(
    "events of a refused key are held in the bucket",
    (await connector.parked("held")).map((line) => [line.tenantId, line.feedId]),
    refused.map(() => [tenantId, feedId]),
  );
  checks.equal("none of them arrives", timesTaken(world, apiKey, refused), [0, 0, 0]);
  checks.equal("the feed says that its key was refused", whileRefused["status"], "credentials_refused");

  // The API tells the connector of the change, which then releases what was held.
  await connector.onboarding.putCredentials({
    params: { tenantId, feedId },
    body: { apiKey, apiSecret: "replaced-at-mparticle" },
  });
  await waitUntil("what was held arrives", () =>
    timesTaken(world, apiKey, refused).every((times) => times > 0),
  );
  await waitUntilSettled(world);

  checks.equal(
    "with the new secret what was held arrives once",
    timesTaken(world, apiKey, refused),
    [1, 1, 1],
  );
  checks.equal("nothing of it is left in the bucket", await connector.parked("held"), []);
  checks.equal("the feed is active again", (await connector.feed(tenantId, feedId))["status"], "active");

  await publish(accepted);
  await waitUntilSettled(world);

  checks.equal("so do events that come later", timesTaken(world, apiKey, accepted), [1, 1]);
  checks.equal("a refused key makes no dead letters", await connector.deadLetters(), 0);
}
