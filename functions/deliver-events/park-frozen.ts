import { eventsIn } from "../../shared/core/hour.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import type { FrozenBatch, OutgoingFrozenMessage } from "./frozen-messages.ts";
import { ParkedItems } from "./parked-items.ts";
import { Parkings } from "./parkings.ts";
import type { Pass } from "./pass.ts";

/** How batches end that wait in the bucket because the queue did not take them. */
export const QUEUE_REFUSED = { kind: "held", cause: "queue_refused" } as const;

/**
 * Parks frozen messages that the queue did not take, batch by batch as they were built: they are released with the same bytes
 * and ids. Should the queue have taken one and not said so, mParticle recognises the second copy.
 *
 * @returns the batches that are in the bucket now.
 */
export async function parkFrozen(
  messages: readonly OutgoingFrozenMessage[],
  pass: Pass,
  deps: DeliverDeps,
): Promise<ReadonlySet<FrozenBatch>> {
  const parkings = new Parkings(pass, deps);
  const origins = new ParkedItems(pass);
  const parked = new Set(messages.flatMap(({ batches }) => batches));
  for (const batch of parked) {
    const { body, route, hours } = batch;
    const parking = parkings.for(QUEUE_REFUSED, batch);
    parking.events.push({
      ...origins.origin(batch.items[0]),
      reasons: [{ code: QUEUE_REFUSED.cause }],
      content: { batch: body.toString("utf8"), route },
      hours,
      events: eventsIn(hours),
    });
    parking.undo.push(() => parked.delete(batch));
  }
  await parkings.write();
  return parked;
}
