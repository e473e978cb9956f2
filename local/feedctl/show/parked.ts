import type { ParkedCount } from "../api/parked-counts.ts";
import type { Paper } from "../terminal/paper.ts";
import { formatTable } from "../terminal/table.ts";
import { counted } from "./counted.ts";

interface ShownCount extends ParkedCount {
  readonly why: string;
}

/**
 * @param kind - `rejected` or `held`.
 * @param title - What `why` is: `code` or `cause`.
 */
export function showParked(counts: readonly ShownCount[], kind: string, title: string, paper: Paper): string {
  if (counts.length === 0) return `no ${kind} events\n`;
  const sum = counts.reduce((events, count) => events + count.events, 0);
  const table = formatTable<ShownCount>(
    [
      { title: "hour", value: ({ hour }) => hour },
      { title: "feed", value: ({ feedId }) => feedId ?? "(unknown)" },
      { title, value: ({ why }) => why },
      { title: "events", value: ({ events }) => events },
      { title: "some message ids", value: ({ messageIds }) => messageIds.join(" "), isProse: true },
    ],
    counts,
    paper,
  );
  return `${table}${counted(sum, `${kind} event`)}\n`;
}
