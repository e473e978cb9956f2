/** `2026-11-24T03:00:00.000Z` as people read it. UTC, as everything here is. */
export function shownInstant(instant: string | undefined): string | undefined {
  return instant?.replace("T", " ").replace(/(:\d{2})\.\d{3}Z$/, "$1Z");
}
