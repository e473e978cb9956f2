import { eventsIn } from "../../shared/core/hour.ts";
import type { Fate } from "../../shared/core/settle.ts";
import { hasWaitedTooLong } from "./defer-item.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import { ParkedItems } from "./parked-items.ts";
import { Parkings } from "./parkings.ts";
import { hoursOf, type Pass, returningRecords } from "./pass.ts";
import type { SentBatch } from "./send-feeds.ts";

/**
 * Parks what ended as rejected or held before anything was sent. It is done before sending, so that of a record of which
 * something cannot be parked nothing is sent: it goes back, or what is not parked of it does (`resend-rest.ts`).
 *
 * @returns true when something could not be parked: those records go back, and nothing of them may be sent.
 */
export async function parkEnded(pass: Pass, deps: DeliverDeps): Promise<boolean> {
  const parked = new ParkedItems(pass);
  let mustReturn = false;
  for (const ending of ["rejected", "held"] as const) {
    const returning = returningRecords(pass);
    const parkings = new Parkings(pass, deps);
    for (const [index, item] of pass.items.entries()) {
      if (item.ending?.kind !== ending || returning.has(item.record)) continue;
      const { receiveCount = 1 } = pass.records[item.record] ?? {};
      const parking = parkings.for(item.ending, item);
      parking.events.push(parked.read(index));
      parking.done.push(() => {
        item.isParked = true;
      });
      parking.undo.push(() => {
        item.deferSeconds = deps.deferralSeconds(receiveCount);
      });
    }
    if (await parkings.write()) mustReturn = true;
  }
  return mustReturn;
}

/**
 * Parks the batches that mParticle refused, that its refusal of the credentials holds up, or that waited too long.
 *
 * The original events are parked where that says all. A batch that mParticle may have taken is parked as it was built, since
 * only its id can tell; so is one with a part of an event whose other parts went another way.
 *
 * @returns The batches, those that could not be parked deferred instead.
 */
export async function parkFates(
  pass: Pass,
  sent: readonly SentBatch[],
  deps: DeliverDeps,
): Promise<SentBatch[]> {
  const settled = sent.map((batch) => ({ ...batch, fate: overdue(batch, pass, deps) ?? batch.fate }));
  const parkings = new Parkings(pass, deps);
  const parked = new ParkedItems(pass);
  const scattered = scatteredItems(settled);
  const added = new Set<number>();
  for (const batch of settled) {
    const { fate, maybeWritten, receiveCount } = batch;
    if (fate.kind !== "rejected" && fate.kind !== "held") continue;
    const parking = parkings.for(fate, batch);
    parking.undo.push(() => {
      batch.fate = { kind: "deferred", delaySeconds: deps.deferralSeconds(receiveCount), maybeWritten };
    });
    const reasons = [{ code: fate.kind === "rejected" ? fate.code : fate.cause }];
    const items = batch.items.filter((index) => !added.has(index));
    for (const index of items) added.add(index);
    if (batch.items.some((index) => scattered.has(index))) {
      const content = { batch: batch.body.toString("utf8"), route: batch.route };
      const hours = hoursOf(items.flatMap((index) => pass.items[index] ?? []));
      const events = eventsIn(hours);
      parking.events.push({ ...parked.origin(batch.items[0]), reasons, content, hours, events });
    } else {
      for (const index of items) parking.events.push({ ...parked.read(index), reasons });
    }
  }
  await parkings.write();
  return settled;
}

/**
 * Items that cannot be parked as they came: some of them is, or may be, at mParticle or on its way there, or they share a
 * batch with such an item, or they would lie in two objects, of which one might not be written. So a batch is parked either
 * as it was built or event by event, never half and half.
 */
function scatteredItems(batches: readonly SentBatch[]): ReadonlySet<number> {
  const ways = new Map<number, string>();
  const scattered = new Set<number>();
  for (const { items, fate, maybeWritten } of batches) {
    const way = fate.kind === "held" ? `held ${fate.cause}` : fate.kind;
    for (const index of items) {
      if (maybeWritten || (ways.get(index) ?? way) !== way) scattered.add(index);
      ways.set(index, way);
    }
  }
  for (let size = 0; size < scattered.size; ) {
    size = scattered.size;
    for (const { items } of batches) {
      if (items.some((index) => scattered.has(index))) for (const index of items) scattered.add(index);
    }
  }
  return scattered;
}

/** A deferred batch of which any record has waited too long waits outside the queue from now on. */
function overdue({ fate, items }: SentBatch, pass: Pass, deps: DeliverDeps): Fate | undefined {
  if (fate.kind !== "deferred") return undefined;
  const records = new Set(items.flatMap((index) => pass.items[index]?.record ?? []));
  const isOverdue = [...records].some((index) => {
    const record = pass.records[index];
    return record !== undefined && hasWaitedTooLong(record, deps);
  });
  return isOverdue ? { kind: "held", cause: "deferred_too_long" } : undefined;
}
