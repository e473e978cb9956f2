import { nameOf } from "../../shared/core/error-name.ts";
import type { Fate } from "../../shared/core/settle.ts";
import type { ParkedEvent, ParkedObject } from "../../shared/ports.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import { type Item, type Pass, returningRecords } from "./pass.ts";
import type { SentBatch } from "./send-feeds.ts";

/** What goes into one parked object, and what must be undone should it not be written. */
interface Parking {
  readonly object: ParkedObject;
  readonly events: ParkedEvent[];
  readonly undo: (() => void)[];
}

/**
 * Parks what ended as rejected or held before anything was sent. It is done before sending, so that a record of which
 * something cannot be parked can still go back whole.
 *
 * @returns true when something could not be parked: those records go back, and nothing of them may be sent.
 */
export async function parkEnded(pass: Pass, deps: DeliverDeps): Promise<boolean> {
  const returning = returningRecords(pass);
  const parkings = new Parkings(pass, deps);
  for (const item of pass.items) {
    const kind = item.ending?.kind;
    if ((kind !== "rejected" && kind !== "held") || returning.has(item.record)) continue;
    parkings.add(kind, item.tenantId, item.feedId, eventOf(item, pass), () => {
      item.deferSeconds = deps.deferralSeconds({
        receiveCount: pass.records[item.record]?.receiveCount ?? 1,
      });
    });
  }
  return parkings.write();
}

/**
 * Parks the batches that mParticle refused, that its refusal of the credentials holds up, or that waited too long.
 *
 * A batch that mParticle may have taken is parked as it was built, since only its id can tell; of any other the original
 * events are.
 *
 * @returns The batches, those that could not be parked deferred instead.
 */
export async function parkFates(
  pass: Pass,
  sent: readonly SentBatch[],
  deps: DeliverDeps,
): Promise<SentBatch[]> {
  const parkings = new Parkings(pass, deps);
  const settled = sent.map((batch) => ({ ...batch, fate: overdue(batch, deps) ?? batch.fate }));
  const parked = new Set<string>();
  for (const batch of settled) {
    const { fate, tenantId, feedId, maybeWritten, receiveCount } = batch;
    if (fate.kind !== "rejected" && fate.kind !== "held") continue;
    const undo = () => {
      batch.fate = { kind: "deferred", delaySeconds: deps.deferralSeconds({ receiveCount }), maybeWritten };
    };
    const reasons = [{ code: fate.kind === "rejected" ? fate.code : fate.cause }];
    const items = batch.items.flatMap((index) => pass.items[index] ?? []);
    const [first] = items;
    if (maybeWritten && first) {
      const events = items.reduce((sum, item) => sum + item.events, 0);
      const { sqsMessageId } = eventOf(first, pass);
      parkings.add(
        fate.kind,
        tenantId,
        feedId,
        { sqsMessageId, reasons, content: { batch: batch.body }, events },
        undo,
      );
      continue;
    }
    for (const index of batch.items) {
      const item = pass.items[index];
      // Several batches of one event share the object, and so its fate.
      if (!item || parked.has(`${fate.kind} ${index}`)) continue;
      parked.add(`${fate.kind} ${index}`);
      parkings.add(fate.kind, tenantId, feedId, { ...eventOf(item, pass), reasons }, undo);
    }
  }
  await parkings.write();
  return settled;
}

/** A batch that was deferred as often as is reasonable waits outside the queue from now on. */
function overdue({ fate, receiveCount }: SentBatch, { settings }: DeliverDeps): Fate | undefined {
  const isOverdue = fate.kind === "deferred" && receiveCount >= settings.holdAfterReceives;
  return isOverdue ? { kind: "held", cause: "deferred_too_long" } : undefined;
}

/** One object per ending, tenant and feed. */
class Parkings {
  readonly #pass: Pass;
  readonly #deps: DeliverDeps;
  readonly #parkings = new Map<string, Parking>();

  constructor(pass: Pass, deps: DeliverDeps) {
    this.#pass = pass;
    this.#deps = deps;
  }

  add(
    ending: ParkedObject["ending"],
    tenantId: string | undefined,
    feedId: string | undefined,
    event: ParkedEvent,
    undo: () => void,
  ): void {
    const key = `${ending} ${tenantId ?? ""} ${feedId ?? ""}`;
    let parking = this.#parkings.get(key);
    if (!parking) {
      const events: ParkedEvent[] = [];
      const object = {
        ending,
        events,
        ...(tenantId !== undefined && { tenantId }),
        ...(feedId !== undefined && { feedId }),
      };
      parking = { object, events, undo: [] };
      this.#parkings.set(key, parking);
    }
    parking.events.push(event);
    parking.undo.push(undo);
  }

  /** Writes all objects. @returns true when some were not written; what they stood for is then undone. */
  async write(): Promise<boolean> {
    const failedBefore = this.#pass.failedParkings.length;
    await Promise.all(Array.from(this.#parkings.values(), (parking) => this.#writeOne(parking)));
    return this.#pass.failedParkings.length > failedBefore;
  }

  async #writeOne({ object, undo }: Parking): Promise<void> {
    const { ending, tenantId, feedId, events } = object;
    try {
      await this.#deps.parked.write(object);
    } catch (error) {
      const fields = { ending, tenantId, feedId, events: events.length, error: nameOf(error) };
      this.#deps.log.error("Could not park: the records stay on the queue", fields);
      this.#pass.failedParkings.push({ tenantId, feedId });
      for (const step of undo) step();
    }
  }
}

function eventOf(item: Item, pass: Pass): ParkedEvent {
  return {
    sqsMessageId: pass.records[item.record]?.messageId ?? "",
    ...(item.kind === "event" && { index: item.index }),
    reasons: item.reasons ?? [],
    content: item.content,
    events: item.events,
  };
}
