import type { AuditEntry } from "../../../shared/api/audit.schema.ts";
import type { Paper } from "../terminal/paper.ts";
import { formatTable } from "../terminal/table.ts";
import { shownInstant } from "./instant.ts";

export function showAudit({ entries }: { readonly entries: readonly AuditEntry[] }, paper: Paper): string {
  if (entries.length === 0) return "no entries\n";
  return formatTable<AuditEntry>(
    [
      { title: "at", value: ({ at }) => shownInstant(at) },
      { title: "action", value: ({ action }) => action },
      { title: "feed", value: ({ feedId }) => feedId },
      { title: "by", value: ({ by }) => by },
      { title: "from", value: ({ from }) => from },
      {
        title: "details",
        value: ({ details }) =>
          Object.entries(details)
            .map(([name, value]) => `${name}=${value}`)
            .join(" "),
        isProse: true,
      },
    ],
    entries,
    paper,
  );
}
