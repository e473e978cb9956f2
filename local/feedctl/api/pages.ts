/** Entries that one page may have, by the contract. */
const MAX_PAGE = 100;

interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

export interface Entries<Entry> {
  readonly entries: Entry[];
  /** There is more than was asked for; the cursor where it begins. */
  readonly next?: string;
}

/**
 * Reads a list page by page.
 *
 * @param limit - Most entries; undefined: all there are.
 */
export async function readPages<Entry>(
  limit: number | undefined,
  readPage: (
    query: PageQuery,
  ) => Promise<{ readonly entries: readonly Entry[]; readonly next?: string | undefined }>,
): Promise<Entries<Entry>> {
  const entries: Entry[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await readPage({
      limit: Math.min(MAX_PAGE, (limit ?? Number.POSITIVE_INFINITY) - entries.length),
      ...(cursor !== undefined && { cursor }),
    });
    entries.push(...page.entries);
    if (page.next === undefined) return { entries };
    if (limit !== undefined && entries.length >= limit) return { entries, next: page.next };
    cursor = page.next;
  }
}
