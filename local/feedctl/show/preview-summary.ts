import type { FilteredCount, FindingCount, PreviewSummary } from "../preview-tally.ts";
import type { Paper, Style } from "../terminal/paper.ts";
import { formatTable } from "../terminal/table.ts";
import { counted } from "./counted.ts";

const STYLES: Readonly<Record<string, Style>> = { error: "red", warning: "yellow" };

/** What an event's number is: that of its line in a file of rows, or its place among the events. */
export type NumberedBy = "line" | "event";

/** Findings and rules, each with how many events it concerns, and what all come to. */
export function showPreviewSummary(summary: PreviewSummary, by: NumberedBy, paper: Paper): string {
  const { filtered, findings } = summary;
  return [
    ...(findings.length > 0 ? [findingsTable(findings, by, paper)] : []),
    ...(filtered.length > 0 ? [filteredTable(filtered, paper)] : []),
    `${totals(summary)}\n`,
  ].join("\n");
}

function findingsTable(findings: readonly FindingCount[], by: NumberedBy, paper: Paper): string {
  return formatTable<FindingCount>(
    [
      { title: "finding", value: ({ code }) => code },
      {
        title: "severity",
        value: ({ severity }) => severity,
        style: ({ severity }) => STYLES[severity],
      },
      { title: "events", value: ({ events }) => events },
      { title: `first ${by}`, value: ({ first }) => first },
      { title: "where, what the first says, and more about it", value: aboutFinding, isProse: true },
    ],
    findings,
    paper,
  );
}

function aboutFinding({ places, message, documentation }: FindingCount): string {
  const where = places.map(({ path, events }) => `${path} (${events.toLocaleString("en-US")})`).join(", ");
  const what = [where, message].filter(Boolean).join(": ");
  return [what, documentation && `See ${documentation}`].filter(Boolean).join(" ");
}

function filteredTable(filtered: readonly FilteredCount[], paper: Paper): string {
  return formatTable<FilteredCount>(
    [
      { title: "filtered by", value: ({ rule }) => rule },
      { title: "events", value: ({ events }) => events },
      { title: "why", value: ({ why }) => why, isProse: true },
    ],
    filtered,
    paper,
  );
}

function totals({ events, batches }: PreviewSummary): string {
  const count = (number: number) => number.toLocaleString("en-US");
  const ways = (["delivered", "filtered", "rejected"] as const).map(
    (ending) => `${count(events[ending])} ${ending}`,
  );
  return `${counted(events.total, "event")}: ${ways.join(", ")}; ${count(batches.live)} live and ${count(batches.historical)} historical batches. Nothing was sent.`;
}
