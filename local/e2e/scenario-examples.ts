import { exampleMessages } from "../examples/examples.ts";
import { expectedEndings } from "../examples/expected-endings.ts";
import { publishInput } from "../start/publish-input.ts";
import { type Arrivals, arrivalsOf, differingAttributes } from "./arrivals.ts";
import { type World, waitUntilSettled } from "./world.ts";

/**
 * The bundled examples through the deployed connector.
 *
 * @param nowMs - The instant for which the examples' times are moved, as in the local run.
 * @param reference - What arrived in the local run.
 */
export async function examplesScenario(world: World, nowMs: number, reference: Arrivals): Promise<void> {
  const { connector, standIn, requests, checks } = world;

  const published = await publishInput(exampleMessages(nowMs), connector, () => {});
  await waitUntilSettled(world);
  const arrivals = arrivalsOf(requests, nowMs);

  const { events, deliveredByRoute, rejectedByReason } = expectedEndings;
  const { total, duplicates, feeds } = standIn.counts();
  const historical = [...feeds.values()].reduce((sum, feed) => sum + feed.historical.eventsTaken, 0);
  checks.equal("every example is published", published.events, events.received);
  checks.equal("the local run's events arrive, each just as it did there", arrivals.events, reference.events);
  checks.equal("the local run's user attributes arrive", differingAttributes(arrivals, reference), []);
  checks.equal("old events take the historical path", historical, deliveredByRoute.historical);
  checks.equal("nothing that arrives is dropped or taken twice", [total.eventsDropped, duplicates], [0, 0]);
  checks.equal(
    "what can never pass is in the bucket with its reason",
    countBy((await connector.parked("rejected")).map(({ reasons }) => reasons[0]?.code ?? "")),
    rejectedByReason,
  );
  checks.equal("nothing is held", await connector.parked("held"), []);
  checks.equal("nothing is a dead letter", await connector.deadLetters(), 0);
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
