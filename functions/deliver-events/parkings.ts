import { nameOf } from "../../shared/core/error-name.ts";
import { folderPath, type ParkedFolder } from "../../shared/core/parked-object.ts";
import type { Ending } from "../../shared/core/settle.ts";
import type { ParkedEvent } from "../../shared/ports.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import type { Pass } from "./pass.ts";

/** One parked object in the making. */
export interface Parking {
  readonly folder: ParkedFolder;
  readonly events: ParkedEvent[];
  /** Called once the object is written. */
  readonly done: (() => void)[];
  /** Called should it not be written. */
  readonly undo: (() => void)[];
}

/** An ending that leaves an event in the bucket. */
export type ParkedEnding = Extract<Ending, { kind: "rejected" | "held" }>;

interface Owner {
  readonly tenantId: string | undefined;
  readonly feedId: string | undefined;
}

/** What is to be parked: one object per ending, tenant, feed and cause. */
export class Parkings {
  readonly #pass: Pass;
  readonly #deps: DeliverDeps;
  readonly #parkings = new Map<string, Parking>();

  constructor(pass: Pass, deps: DeliverDeps) {
    this.#pass = pass;
    this.#deps = deps;
  }

  /** The object for an ending of an owner's events, to be filled. */
  for(ending: ParkedEnding, { tenantId, feedId }: Owner): Parking {
    const folder: ParkedFolder = {
      ending: ending.kind,
      lane: this.#deps.settings.lane,
      ...(tenantId !== undefined && { tenantId }),
      ...(feedId !== undefined && { feedId }),
      ...(ending.kind === "held" && { cause: ending.cause }),
    };
    const path = folderPath(folder);
    const known = this.#parkings.get(path);
    if (known) return known;
    const parking: Parking = { folder, events: [], done: [], undo: [] };
    this.#parkings.set(path, parking);
    return parking;
  }

  /** Writes all objects. @returns true when some were not written; what they stood for is then undone. */
  async write(): Promise<boolean> {
    const failedBefore = this.#pass.failedParkings.length;
    await Promise.all(Array.from(this.#parkings.values(), (parking) => this.#writeOne(parking)));
    return this.#pass.failedParkings.length > failedBefore;
  }

  async #writeOne({ folder, events, done, undo }: Parking): Promise<void> {
    try {
      await this.#deps.parked.write({ ...folder, events });
      for (const step of done) step();
    } catch (error) {
      const fields = { ...folder, events: events.length, error: nameOf(error) };
      this.#deps.log.error("Could not park: the records stay on the queue", fields);
      const { tenantId, feedId } = folder;
      this.#pass.failedParkings.push({ tenantId, feedId });
      for (const step of undo) step();
    }
  }
}
