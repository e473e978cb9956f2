import { countedName } from "../../shared/core/event-names.ts";
import type { EventNames } from "../../shared/ports.ts";
import { type Pass, returningRecords } from "./pass.ts";

/** How many names the events of each feed have had, by tenant and feed. */
export type NameCounts = ReadonlyMap<string, number>;

export function nameCountKey({
  tenantId = "",
  feedId = "",
}: {
  tenantId?: string | undefined;
  feedId?: string | undefined;
}): string {
  return `${tenantId} ${feedId}`;
}

/** Counts the names of the events that a pass has converted, once for each feed. */
export async function countNames(
  pass: Pass,
  mayGoOn: () => boolean,
  { names }: { readonly names: EventNames },
): Promise<NameCounts> {
  const returning = returningRecords(pass);
  const counts = new Map<string, number>();
  await Promise.all(
    pass.feeds.map(async ({ tenant: { tenantId }, feed: { feedId }, items }) => {
      const given = new Set<string>();
      for (const index of items) {
        const item = pass.items[index];
        if (item?.kind !== "event" || !item.part || returning.has(item.record)) continue;
        for (const event of item.part.contribution.events) {
          const name = countedName(event);
          if (name !== undefined) given.add(name);
        }
      }
      if (given.size === 0 || !mayGoOn()) return;
      const count = await names.add({ tenantId, feedId }, given);
      if (count !== undefined) counts.set(nameCountKey({ tenantId, feedId }), count);
    }),
  );
  return counts;
}
