import { nameOf } from "../../shared/core/error-name.ts";
import { eventsIn, hourOf } from "../../shared/core/hour.ts";
import { type BadLine, isBad, type ParkedLine } from "../../shared/core/parked-line.ts";
import type { ParkedRef } from "../../shared/core/parked-object.ts";
import type { ReplayRequest } from "../../shared/core/replay-request.schema.ts";
import type { RejectedCount } from "../../shared/ports-onboarding.ts";
import { isWanted } from "./is-wanted.ts";
import type { RejectedWork, ReplayDeps } from "./replay-rejected.ts";

/** Counts what a request is about. Nothing of the events' content is told. */
export class CountRejected implements RejectedWork {
  readonly #request: ReplayRequest;
  readonly #deps: Pick<ReplayDeps, "store" | "log">;
  readonly #counts = new Map<string, RejectedCount>();
  #failures = 0;

  constructor(request: ReplayRequest, deps: Pick<ReplayDeps, "store" | "log">) {
    this.#request = request;
    this.#deps = deps;
  }

  async take(refs: readonly ParkedRef[]): Promise<readonly boolean[]> {
    await Promise.all(refs.map((ref) => this.#countIn(ref)));
    return refs.map(() => true);
  }

  async finish() {
    const counts = [...this.#counts.values()].sort(
      (a, b) => a.hour.localeCompare(b.hour) || b.events - a.events,
    );
    return { counts, failures: this.#failures };
  }

  async #countIn(ref: ParkedRef): Promise<void> {
    const lines: (ParkedLine | BadLine)[] = [];
    try {
      for await (const line of this.#deps.store.lines(ref)) lines.push(line);
    } catch (error) {
      this.#deps.log.error("A parked object cannot be read", { key: ref.key, error: nameOf(error) });
      this.#failures++;
      return;
    }
    const bad = lines.filter(isBad).length;
    if (bad > 0) {
      this.#deps.log.error("A parked object has lines that cannot be read", { key: ref.key, lines: bad });
      this.#failures++;
    }
    for (const line of lines) if (!isBad(line) && isWanted(line, this.#request)) this.#count(ref, line);
  }

  #count({ folder: { feedId }, parkedAtMs }: ParkedRef, { code, hours }: ParkedLine): void {
    const hour = hourOf(parkedAtMs);
    const key = `${feedId ?? ""} ${hour} ${code}`;
    const events = (this.#counts.get(key)?.events ?? 0) + eventsIn(hours);
    this.#counts.set(key, { ...(feedId !== undefined && { feedId }), hour, code, events });
  }
}
