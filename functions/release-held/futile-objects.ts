import type { FeedChoice } from "../../shared/core/feed-of-event.ts";

/** Objects remembered at most; the one noted first goes first. */
const MAX_OBJECTS = 10_000;

/**
 * Objects in which no event has a feed to go to, by the feeds that there were. They are not read again, minute by minute,
 * until the tenant's feeds change.
 */
export class FutileObjects {
  readonly #feedsByKey = new Map<string, string>();

  has(key: string, feeds: string): boolean {
    return this.#feedsByKey.get(key) === feeds;
  }

  note(key: string, feeds: string): void {
    this.#feedsByKey.delete(key);
    this.#feedsByKey.set(key, feeds);
    if (this.#feedsByKey.size > MAX_OBJECTS)
      this.#feedsByKey.delete(this.#feedsByKey.keys().next().value ?? "");
  }
}

/** Text that changes with what decides to which feed an event goes, and whether it can. */
export function fingerprintOf(
  { feeds, unreadable }: FeedChoice,
  ready: Pick<ReadonlyMap<string, unknown>, "has">,
): string {
  const readable = Array.from(feeds.values(), ({ feedId, platforms }) => [
    feedId,
    platforms,
    ready.has(feedId),
  ]);
  return JSON.stringify([readable, unreadable]);
}
