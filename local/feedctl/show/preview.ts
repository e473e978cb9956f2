import type { PreviewAnswer } from "../../../shared/api/preview.schema.ts";
import { PreviewTally } from "../preview-tally.ts";
import type { Paper, Style } from "../terminal/paper.ts";
import { printable, printableJson } from "../terminal/printable.ts";
import { formatTable } from "../terminal/table.ts";
import { type NumberedBy, showPreviewSummary } from "./preview-summary.ts";

type Event = PreviewAnswer["events"][number];
type Batch = PreviewAnswer["batches"][number];

const STYLES: Readonly<Record<Event["ending"], Style>> = {
  delivered: "green",
  filtered: "yellow",
  rejected: "red",
};

/** Events from which on findings are counted below them: those of fewer are seen at a glance. */
const MANY_EVENTS = 20;

export interface PreviewOptions {
  /** Whether to show the batches as they would be sent. */
  readonly withBatches: boolean;
  /** What events are numbered by. @default event */
  readonly by?: NumberedBy;
  /** Of the events. @default counted from 1 */
  readonly numbers?: readonly number[];
}

/** What would become of each event, what would be sent, and what is to be known of it. */
export function showPreview(
  answer: PreviewAnswer,
  { withBatches, by = "event", numbers = [] }: PreviewOptions,
  paper: Paper,
): string {
  const { paint } = paper;
  const { events, batches } = answer;
  const tally = new PreviewTally();
  tally.add(answer, numbers);
  const summary = tally.summary();
  const told = new ToldOnce();
  const isMany = events.length >= MANY_EVENTS;
  const parts = [
    ...(events.length > 0 ? [eventsTable(events, { by, numbers }, told, paper)] : []),
    ...(batches.length > 0 ? [batchesTable(batches, told, paper)] : []),
    ...(withBatches
      ? batches.map(({ batch }, i) => `${paint("bold", `batch ${i + 1}`)}\n${printableJson(batch)}\n`)
      : []),
    showPreviewSummary(isMany ? summary : { ...summary, filtered: [], findings: [] }, by, paper),
  ];
  return parts.join("\n");
}

function eventsTable(
  events: readonly Event[],
  { by, numbers }: { readonly by: NumberedBy; readonly numbers: readonly number[] },
  told: ToldOnce,
  paper: Paper,
): string {
  return formatTable<Event & { readonly at: number; readonly said: string }>(
    [
      { title: by, value: ({ at }) => at },
      { title: "message id", value: ({ messageId }) => messageId },
      { title: "ending", value: ({ ending }) => ending, style: ({ ending }) => STYLES[ending] },
      { title: "mapped by", value: ({ mappingRule }) => mappingRule },
      { title: "batch", value: ({ batches }) => batches.map((i) => i + 1).join(" ") },
      { title: "why, and findings", value: ({ said }) => said, isProse: true },
    ],
    events.map((event, i) => ({ ...event, at: numbers[i] ?? i + 1, said: remarks(event, told) })),
    paper,
  );
}

function batchesTable(batches: readonly Batch[], told: ToldOnce, paper: Paper): string {
  return formatTable<Batch & { readonly at: number; readonly said: string }>(
    [
      { title: "batch", value: ({ at }) => at },
      { title: "route", value: ({ route }) => route },
      { title: "events", value: ({ events }) => events },
      { title: "bytes", value: ({ bytes }) => bytes },
      { title: "why this route, and findings", value: ({ said }) => said, isProse: true },
    ],
    batches.map((batch, i) => {
      const said = [batch.reason, ...told.all(batch.findings)].map(printable).join(" ");
      return { ...batch, at: i + 1, said };
    }),
    paper,
  );
}

function remarks({ rule, why, findings }: Event, told: ToldOnce): string {
  const filteredBy = [rule, why].filter((part) => part !== undefined).join(": ");
  // Why it is filtered says what a finding of the same name does.
  const others = findings.filter(({ code }) => code !== rule);
  return [...(filteredBy === "" ? [] : [filteredBy]), ...told.all(others)].map(printable).join("; ");
}

/** Findings as people read them. What was said once is not said again: a hundred events may have the same. */
class ToldOnce {
  readonly #sentences = new Set<string>();

  all(findings: Event["findings"]): string[] {
    return findings.map(({ code, path, message }) => {
      const place = path ? `${code} at ${path}` : code;
      const sentence = `${code}: ${message}`;
      if (!message || this.#sentences.has(sentence)) return place;
      this.#sentences.add(sentence);
      return `${place}: ${message}`;
    });
  }
}
