import { nameOf } from "../../shared/core/error-name.ts";
import type { ParkedEvent, ParkedObject } from "../../shared/ports.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import type { Pass } from "./pass.ts";

/** One parked object in the making. */
export interface Parking extends Owner {
  readonly ending: ParkedObject["ending"];
  readonly events: ParkedEvent[];
  /** Called should the object not be written. */
  readonly undo: (() => void)[];
}

interface Owner {
  readonly tenantId: string | undefined;
  readonly feedId: string | undefined;
}

/** What is to be parked: one object per ending, tenant and feed. */
export class Parkings {
  readonly #pass: Pass;
  readonly #deps: DeliverDeps;
  readonly #parkings = new Map<string, Parking>();

  constructor(pass: Pass, deps: DeliverDeps) {
    this.#pass = pass;
    this.#deps = deps;
  }

  /** The object for an ending of an owner's events, to be filled. */
  for(ending: ParkedObject["ending"], { tenantId, feedId }: Owner): Parking {
    const key = `${ending} ${tenantId ?? ""} ${feedId ?? ""}`;
    const known = this.#parkings.get(key);
    if (known) return known;
    const parking: Parking = { ending, tenantId, feedId, events: [], undo: [] };
    this.#parkings.set(key, parking);
    return parking;
  }

  /** Writes all objects. @returns true when some were not written; what they stood for is then undone. */
  async write(): Promise<boolean> {
    const failedBefore = this.#pass.failedParkings.length;
    await Promise.all(Array.from(this.#parkings.values(), (parking) => this.#writeOne(parking)));
    return this.#pass.failedParkings.length > failedBefore;
  }

  async #writeOne({ ending, tenantId, feedId, events, undo }: Parking): Promise<void> {
    try {
      await this.#deps.parked.write({
        ending,
        events,
        ...(tenantId !== undefined && { tenantId }),
        ...(feedId !== undefined && { feedId }),
      });
    } catch (error) {
      const fields = { ending, tenantId, feedId, events: events.length, error: nameOf(error) };
      this.#deps.log.error("Could not park: the records stay on the queue", fields);
      this.#pass.failedParkings.push({ tenantId, feedId });
      for (const step of undo) step();
    }
  }
}
