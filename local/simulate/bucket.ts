import type { Lane } from "../../shared/core/flow/flow-state.schema.ts";
import { Deque } from "./deque.ts";
import { type BatchRange, EVENT_BYTES, eventsIn } from "./load.ts";
import { draw, S3_BYTES_PER_MS, S3_MS } from "./model.ts";
import type { Usage } from "./usage.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Objects of one tenant, lane and cause, oldest first. */
export interface Folder {
  readonly tenant: number;
  readonly lane: Lane;
  readonly cause: string;
  readonly objects: Deque<HeldObject>;
}

export interface HeldObject {
  ranges: readonly BatchRange[];
}

/** Held objects. */
export class SimBucket {
  readonly #folders = new Map<string, Folder>();
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #usage: Usage;

  constructor(clock: VirtualClock, random: () => number, usage: Usage) {
    this.#clock = clock;
    this.#random = random;
    this.#usage = usage;
  }

  get folders(): Iterable<Folder> {
    return this.#folders.values();
  }

  async put({ tenant, lane, cause }: Omit<Folder, "objects">, ranges: readonly BatchRange[]): Promise<void> {
    this.#usage.s3Writes++;
    await this.travel(ranges);
    const name = `${tenant} ${lane} ${cause}`;
    const folder = this.#folders.get(name) ?? { tenant, lane, cause, objects: new Deque() };
    this.#folders.set(name, folder);
    folder.objects.push({ ranges });
  }

  /** What it takes to write or read an object. */
  async travel(ranges: readonly BatchRange[]): Promise<void> {
    const bytes = eventsIn(ranges) * EVENT_BYTES;
    await this.#clock.sleep(draw(S3_MS, this.#random) + bytes / S3_BYTES_PER_MS);
  }
}
