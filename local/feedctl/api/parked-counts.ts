import { MAX_MESSAGE_IDS } from "../../../shared/api/parked.schema.ts";

/** Events that were parked in one hour, for one reason or cause that each listing names in its own way. */
export interface ParkedCount {
  readonly feedId?: string | undefined;
  readonly hour: string;
  readonly events: number;
  readonly messageIds: readonly string[];
}

export interface CountPage<Entry extends ParkedCount> {
  readonly counts: readonly Entry[];
  readonly unreadable: number;
  readonly next?: string | undefined;
}

/**
 * Reads all pages of a listing, and adds up what one hour has on several of them.
 *
 * @param whyOf - Code or cause of a count.
 */
export async function readCounts<Entry extends ParkedCount>(
  readPage: (cursor: string | undefined) => Promise<CountPage<Entry>>,
  whyOf: (entry: Entry) => string,
): Promise<{ readonly counts: Entry[]; readonly unreadable: number }> {
  const sums = new Map<string, Entry>();
  let unreadable = 0;
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    unreadable += page.unreadable;
    for (const entry of page.counts) {
      const key = JSON.stringify([entry.hour, entry.feedId, whyOf(entry)]);
      const before = sums.get(key);
      sums.set(key, before ? added(before, entry) : entry);
    }
    cursor = page.next;
  } while (cursor !== undefined);
  return { counts: [...sums.values()], unreadable };
}

function added<Entry extends ParkedCount>(before: Entry, entry: Entry): Entry {
  return {
    ...before,
    events: before.events + entry.events,
    messageIds: [...new Set([...before.messageIds, ...entry.messageIds])].slice(0, MAX_MESSAGE_IDS),
  };
}
