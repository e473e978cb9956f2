import type { RequestLine } from "../stand-in/request-line.ts";
import type { StandIn } from "../stand-in/stand-in.ts";

/** What came to the stand-in, event by event: watched from outside, whatever the connector believes. */
export class Arrivals {
  /** When each event was first taken, milliseconds of `performance.now()`. */
  readonly firstTakenAt = new Map<string, number>();
  /** Events in requests that were answered 202. */
  readonly accepted = new Set<string>();

  /** To be called for every request, right before it is answered. */
  watch({ apiKey, status, body }: RequestLine, standIn: Pick<StandIn, "counts">): void {
    if (apiKey === undefined || !Array.isArray(body)) return;
    const nowMs = performance.now();
    const eventIds = this.#eventIdsOf(apiKey, standIn);
    for (const batch of body) {
      for (const event of batch?.events ?? []) {
        const id = event?.data?.source_message_id;
        if (typeof id !== "string") continue;
        if (status === 202) this.accepted.add(id);
        if (!this.firstTakenAt.has(id) && eventIds?.has(id)) this.firstTakenAt.set(id, nowMs);
      }
    }
  }

  /** A feed's events by id. The map is the stand-in's own and goes on counting, so it is asked for once. */
  #eventIdsOf(apiKey: string, standIn: Pick<StandIn, "counts">): ReadonlyMap<string, number> | undefined {
    const known = this.#eventIds.get(apiKey) ?? standIn.counts().feeds.get(apiKey)?.eventIds;
    if (known) this.#eventIds.set(apiKey, known);
    return known;
  }

  readonly #eventIds = new Map<string, ReadonlyMap<string, number>>();
}
