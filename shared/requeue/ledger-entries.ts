import { addHours } from "../core/hour.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { ParkedLine } from "../core/parked-line.ts";
import type { ParkedFolder } from "../core/parked-object.ts";

/**
 * What events that left the bucket add to the ledger, one entry for each account. Under which feed those are received that lay
 * there under none turns out when they come again: until then they count as not received.
 */
export function ledgerEntries(
  lines: readonly ParkedLine[],
  { ending, tenantId, feedId }: ParkedFolder,
): LedgerEntry[] {
  const left = ending === "held" ? "released" : "replayed";
  const hours = Object.entries(addHours(lines.map((line) => line.hours)));
  return hours
    .filter(([, events]) => events > 0)
    .map(([hour, events]) => ({
      tenantId,
      feedId,
      hour,
      [left]: events,
      ...(feedId === undefined ? { first: -events } : { returned: events }),
    }));
}
