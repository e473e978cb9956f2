/** The counts of the whole stand-in: its requests, and what it took from each feed. */
import { type FeedCounts, FeedLedger, type PathCounts, sumCounts } from "./feed-ledger.ts";

export interface StandInCounts {
  readonly requests: {
    readonly total: number;
    /** By status, or `reset` or `timeout` where none was sent. */
    readonly byResult: Readonly<Record<string, number>>;
    /** By path; all that mParticle does not have are counted as `other`. */
    readonly byPath: Readonly<Record<string, number>>;
  };
  /** All feeds, live and historical. */
  readonly total: PathCounts;
  /** Times that an event was taken beyond its first by the same feed, after de-duplication. */
  readonly duplicates: number;
  /** By API key; a feed is here once a request has named its key. */
  readonly feeds: ReadonlyMap<string, FeedCounts>;
}

export class StandInLedger {
  readonly #feeds = new Map<string, FeedLedger>();
  readonly #byResult: Record<string, number> = {};
  readonly #byPath: Record<string, number> = {};
  #total = 0;

  feed(apiKey: string): FeedLedger {
    const ledger = this.#feeds.get(apiKey) ?? new FeedLedger();
    this.#feeds.set(apiKey, ledger);
    return ledger;
  }

  /** @param apiKey - Of the registered feed whose key the request named, if any. */
  countRequest(path: string, result: string, apiKey: string | undefined): void {
    this.#total++;
    this.#byPath[path] = (this.#byPath[path] ?? 0) + 1;
    this.#byResult[result] = (this.#byResult[result] ?? 0) + 1;
    if (apiKey !== undefined) this.feed(apiKey).countRequest(result);
  }

  counts(): StandInCounts {
    const feeds = new Map([...this.#feeds].map(([apiKey, ledger]) => [apiKey, ledger.counts()]));
    const all = [...feeds.values()];
    return {
      requests: { total: this.#total, byResult: { ...this.#byResult }, byPath: { ...this.#byPath } },
      total: sumCounts(all.flatMap(({ live, historical }) => [live, historical])),
      duplicates: all.reduce((sum, { duplicates }) => sum + duplicates, 0),
      feeds,
    };
  }
}
