import type { ParkedRef } from "../../shared/core/parked-object.ts";
import type { ReplayRequest } from "../../shared/core/replay-request.schema.ts";
import type { PutBackOrder } from "../../shared/requeue/put-back.ts";
import type { Way } from "../../shared/requeue/way.ts";
import { isWanted } from "./is-wanted.ts";
import type { RejectedWork, ReplayDeps } from "./replay-rejected.ts";
import { ReplayWays } from "./replay-ways.ts";

/** Puts what a request is about back on the queue, at the feeds' pace. */
export class PutBackRejected implements RejectedWork {
  readonly #request: ReplayRequest;
  readonly #mayGoOn: () => boolean;
  readonly #deps: ReplayDeps;
  readonly #ways: ReplayWays;
  #events = 0;
  #failures = 0;

  constructor(request: ReplayRequest, mayGoOn: () => boolean, deps: ReplayDeps) {
    this.#request = request;
    this.#mayGoOn = mayGoOn;
    this.#deps = deps;
    this.#ways = new ReplayWays(deps);
  }

  async take(refs: readonly ParkedRef[]): Promise<readonly boolean[]> {
    const ways = await Promise.all(refs.map(({ folder }) => this.#ways.of(folder)));
    this.#failures += ways.filter((way) => way === undefined).length;
    const orders = refs.flatMap((ref, i) => {
      const way = ways[i];
      return way && !way.isFull() ? [this.#orderFor(ref, way)] : [];
    });
    const results = await this.#deps.putBack.putBack(orders);
    for (const { events, hasFailed } of results) {
      this.#events += events;
      if (hasFailed) this.#failures++;
    }
    const done = new Set(orders.flatMap(({ ref }, i) => (results[i]?.isDone ? [ref] : [])));
    return refs.map((ref) => done.has(ref));
  }

  async finish() {
    await this.#ways.reserve();
    return { events: this.#events, failures: this.#failures };
  }

  #orderFor(ref: ParkedRef, { roomFor, oneBatchEach }: Way): PutBackOrder {
    return {
      ref,
      roomFor: (line) => (isWanted(line, this.#request) ? roomFor(line) : undefined),
      oneBatchEach,
      mayGoOn: this.#mayGoOn,
    };
  }
}
