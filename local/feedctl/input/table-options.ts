/** Options that tell how the rows of a file are written. */
import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../../start/usage-error.ts";
import type { TableOptions } from "./read-table.ts";

export const formatOption = () =>
  new Option("--format <format>", "of rows (default: by the file's name)").choices([
    "csv",
    "ndjson",
  ] as const);
export const delimiterOption = () =>
  new Option("--delimiter <text>", "between cells of CSV (default: a comma)");
export const nullOption = () => new Option("--null <text>", "text of a cell that is null too");

export interface GivenTableOptions {
  readonly format?: TableOptions["format"] | undefined;
  readonly delimiter?: string | undefined;
  readonly null?: string | undefined;
}

/** @throws {UsageError} where neither option nor name tells the format, and for an option that the format has no use for. */
export function tableOptions(file: string, given: GivenTableOptions): TableOptions {
  const { format = formatOf(file), delimiter = "," } = given;
  const ofCsv = (["delimiter", "null"] as const).find((name) => given[name] !== undefined);
  if (format === "ndjson" && ofCsv !== undefined) throw new UsageError(`--${ofCsv} is for CSV`);
  if (delimiter === "") throw new UsageError("--delimiter must not be empty");
  return { format, delimiter: delimiter === "\\t" ? "\t" : delimiter, nullText: given.null };
}

function formatOf(file: string): TableOptions["format"] {
  if (/\.(csv|tsv)$/i.test(file)) return "csv";
  if (/\.(ndjson|jsonl)$/i.test(file)) return "ndjson";
  throw new UsageError("the file's name does not tell its format: say --format csv or --format ndjson");
}
