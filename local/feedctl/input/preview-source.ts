import type { Mode } from "./events.ts";
import type { LeftOut } from "./left-out.ts";
import { BrokenOffError, type Table, type TableRow } from "./read-table.ts";

/** Bytes of events in one request; the rest of its megabyte is for what stands around them. */
export const MAX_EVENT_BYTES = 1_000_000;

/** Of an event as JSON. */
export function bytesOf(event: unknown): number {
  return Buffer.byteLength(JSON.stringify(event));
}

/** An event that is to be previewed. */
export interface SourcedEvent {
  readonly event: unknown;
  readonly mode: Mode | undefined;
  /** From 1: its line in a file of rows, else its place among the events. */
  readonly number: number;
}

export interface PreviewSource {
  readonly events: AsyncIterable<SourcedEvent>;
  /** Share of the events that were given, 0 to 1. */
  share(): number;
}

/** Events that are in memory. */
export function eventSource(
  groups: readonly { readonly events: readonly unknown[]; readonly mode: Mode | undefined }[],
  mode: Mode | undefined,
): PreviewSource {
  const total = groups.reduce((sum, { events }) => sum + events.length, 0);
  let given = 0;
  async function* events() {
    for (const group of groups)
      for (const event of group.events) {
        yield { event, mode: group.mode ?? mode, number: ++given };
      }
  }
  return { events: events(), share: () => given / total };
}

/**
 * Rows of a table as events of a row model.
 *
 * @param leftOut - Is told of lines that are no rows, or too large, and of a table that breaks off.
 */
export function rowSource(
  table: Table,
  { model, mode }: { readonly model: string; readonly mode: Mode | undefined },
  leftOut: LeftOut,
): PreviewSource {
  async function* events() {
    for await (const row of toItsBreak(table.rows, leftOut)) {
      if ("problem" in row) {
        leftOut.add(row.line, row.problem);
        continue;
      }
      const event = { type: "row", model, values: row.values, position: row.line };
      if (bytesOf(event) > MAX_EVENT_BYTES) leftOut.add(row.line, "is larger than a queue message");
      else yield { event, mode, number: row.line };
    }
  }
  return { events: events(), share: () => table.share() ?? 0 };
}

/** What was read of a table is worth a look, though its rest cannot be read. */
async function* toItsBreak(rows: AsyncIterable<TableRow>, leftOut: LeftOut): AsyncGenerator<TableRow> {
  try {
    yield* rows;
  } catch (error) {
    if (!(error instanceof BrokenOffError)) throw error;
    leftOut.brokenOff = error.message;
  }
}
