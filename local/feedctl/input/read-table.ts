/** Rows of CSV and NDJSON files, one after the other: a file may be larger than memory. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { type CsvError, parse } from "csv-parse";
import { withAllDigits } from "../../../shared/core/rows/warehouse-value.ts";
import { UsageError } from "../../start/usage-error.ts";
import { linesOf } from "./lines.ts";

export interface TableOptions {
  readonly format: "csv" | "ndjson";
  /** Of CSV. */
  readonly delimiter: string;
  /** Text of a cell that is null, beside an empty one without quotes. */
  readonly nullText: string | undefined;
}

export type TableRow =
  | { readonly line: number; readonly values: Record<string, unknown> }
  /** Never quotes the line. */
  | { readonly line: number; readonly problem: string };

/** From some line on, rows cannot be told apart. Those before it have been given. */
export class BrokenOffError extends UsageError {}

/** Bytes of one row: what a message can hold, and some. */
const MAX_ROW_BYTES = 2_000_000;

export interface Table {
  readonly rows: AsyncIterable<TableRow>;
  /** Share of the file that has been read, 0 to 1. Undefined: how long it is, is not known. */
  share(): number | undefined;
}

/** @throws {UsageError} where the file cannot be read. */
export async function openTable(
  file: string,
  stdin: NodeJS.ReadStream,
  options: TableOptions,
): Promise<Table> {
  const size = file === "-" ? undefined : await sizeOf(file);
  let bytes = 0;
  const source = file === "-" ? stdin : createReadStream(file);
  const text = Readable.from(decoded(source, (length) => (bytes += length)));
  const rows = options.format === "csv" ? csvRows(text, options) : jsonRows(text);
  return { rows, share: () => (size === undefined ? undefined : bytes / Math.max(size, 1)) };
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new UsageError(`${file} is a directory`);
    return found.size;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = error instanceof Error && "code" in error ? error.code : "unreadable";
    throw new UsageError(`cannot read ${file} (${code})`);
  }
}

/** UTF-8 without a byte order mark. @throws {UsageError} for other bytes: guessed at, names would be broken. */
async function* decoded(source: AsyncIterable<Buffer>, onBytes: (length: number) => void) {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of source) {
      onBytes(chunk.length);
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw error instanceof TypeError ? new UsageError("the file is not UTF-8") : error;
  }
}

async function* jsonRows(text: Readable): AsyncGenerator<TableRow> {
  for await (const { number: line, text: content } of linesOf(text, MAX_ROW_BYTES)) {
    if (content === undefined) yield { line, problem: "is larger than a queue message" };
    else if (content.trim() !== "") yield { line, ...rowIn(content) };
  }
}

function rowIn(content: string): { values: Record<string, unknown> } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(content, withAllDigits);
  } catch {
    return { problem: "is not JSON" };
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? { values: value as Record<string, unknown> }
    : { problem: "is not an object" };
}

/** @throws {BrokenOffError} */
async function* csvRows(text: Readable, { delimiter, nullText }: TableOptions): AsyncGenerator<TableRow> {
  const bad = new Map<number, TableRow>();
  // Where the last record ended.
  let endLine = 0;
  // The parser counts a line break of two characters inside of quotes twice.
  let countedTwice = 0;
  let brokenOff: string | undefined;
  const parser = parse({
    delimiter,
    columns: (names: string[]) => {
      endLine = 1;
      return header(names, delimiter);
    },
    relax_column_count: false,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_ROW_BYTES,
    on_record: (values, { lines }): TableRow | null => {
      if (brokenOff !== undefined) return null;
      endLine = lines - countedTwice;
      return { line: endLine, values };
    },
    on_skip: (error) => {
      if (brokenOff !== undefined) return;
      const problem = problemOf(error);
      if (problem === undefined) {
        brokenOff = `${unfinished(error)} after line ${endLine}: mend it`;
        // Thrown here, it would take with it the rows that wait to be read.
        text.unpipe(parser);
        text.destroy();
        parser.end();
        return;
      }
      endLine = Number(error?.["lines"] ?? 0) - countedTwice;
      // One line may have more than one fault.
      if (!bad.has(endLine)) bad.set(endLine, { line: endLine, problem });
    },
    cast: (value, { quoting, header: isHeader }) => {
      if (quoting) countedTwice += value.split("\r\n").length - 1;
      return isHeader || quoting || (value !== "" && value !== nullText) ? value : null;
    },
  });
  text.on("error", (error) => parser.destroy(error));
  for await (const row of text.pipe(parser) as AsyncIterable<TableRow>) {
    yield* told(bad);
    yield row;
  }
  yield* told(bad);
  if (brokenOff !== undefined) throw new BrokenOffError(brokenOff);
}

/** What else stands between the cells of files that are called CSV. */
const DELIMITERS: Readonly<Record<string, string>> = { "\t": "\\t", ";": ";", "|": "|" };

/** @throws {UsageError} for columns that could not be told apart. */
function header(names: string[], delimiter: string): string[] {
  const trimmed = names.map((name) => name.trim());
  const [only = "", second] = trimmed;
  const other = Object.keys(DELIMITERS).find((each) => each !== delimiter && only.includes(each));
  if (second === undefined && other !== undefined)
    throw new UsageError(
      `the first line has one column, and ${other === "\t" ? "tabs" : other} in it: say --delimiter "${DELIMITERS[other]}"`,
    );
  if (trimmed.includes("")) throw new UsageError("the first line must name every column");
  if (new Set(trimmed).size < trimmed.length) throw new UsageError("the first line names a column twice");
  return trimmed;
}

function* told(bad: Map<number, TableRow>): Generator<TableRow> {
  yield* bad.values();
  bad.clear();
}

/** What is wrong with one line, and with it only. Undefined: where its record ends is not known, so that good lines would go with it. */
function problemOf(error: CsvError | undefined): string | undefined {
  if (error?.code.includes("COLUMN") || error?.code.includes("LENGTH"))
    return "has not as many cells as the first line";
  return error?.code === "INVALID_OPENING_QUOTE" ? "is not CSV" : undefined;
}

function unfinished(error: CsvError | undefined): string {
  return error?.code === "CSV_MAX_RECORD_SIZE"
    ? `a row of more than ${MAX_ROW_BYTES} bytes, or a quote that is not closed, begins`
    : "a quote that is not closed as CSV does begins";
}
