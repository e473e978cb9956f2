import { type Cell, cellText, GAP, widestOf } from "./cell.ts";
import { formatFields } from "./field-list.ts";
import type { Paper, Style } from "./paper.ts";
import { padded, wrap } from "./wrap.ts";

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => Cell;
  /** How the cell is painted. @default as it is */
  readonly style?: (row: Row) => Style | undefined;
  /** Sentences: broken into lines where the terminal is too narrow. The last column only. */
  readonly isProse?: true;
}

/** Prose in less than this is no prose any more. */
const MIN_PROSE = 24;

/** A column with what stands in it, row by row. */
interface FilledColumn<Row> extends Column<Row> {
  readonly texts: readonly string[];
  readonly width: number;
  readonly side: "left" | "right";
}

/**
 * Rows under their titles, numbers to the right, columns without anything in them left out. On a terminal that is too narrow for them each
 * row becomes a block of lines: an id that is cut is none.
 *
 * @returns lines, each with its end.
 */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paper: Paper,
): string {
  const filled = columns
    .map((column) => filledColumn(column, rows))
    .filter(({ texts }) => texts.some((text) => text !== ""));
  const lastWidth = widthOfLast(filled, paper.width);
  if (lastWidth === undefined) return formatBlocks(columns, rows, paper);
  const indent = " ".repeat(filled.slice(0, -1).reduce((sum, { width }) => sum + width + GAP, 0));
  const body = rows.map((row, at) => {
    const [first = "", ...more] = wrap(filled.at(-1)?.texts[at] ?? "", lastWidth);
    const line = filled.map((column, place) => {
      const text = aligned(column, place === filled.length - 1 ? first : (column.texts[at] ?? ""));
      const style = column.style?.(row);
      return style ? paper.paint(style, text) : text;
    });
    return [joined(line), ...more.map((text) => `${indent}${text}\n`)].join("");
  });
  return joined(filled.map((column) => paper.paint("bold", aligned(column, column.title)))) + body.join("");
}

function filledColumn<Row>(column: Column<Row>, rows: readonly Row[]): FilledColumn<Row> {
  const values = rows.map((row) => column.value(row));
  const texts = values.map(cellText);
  const isNumber = values.every((value) => typeof value !== "string");
  return {
    ...column,
    texts,
    width: widestOf([column.title, ...texts]),
    side: isNumber ? "right" : "left",
  };
}

/** Room for the last column; undefined: no table fits. */
function widthOfLast<Row>(
  columns: readonly FilledColumn<Row>[],
  width: number | undefined,
): number | undefined {
  if (width === undefined) return Number.POSITIVE_INFINITY;
  const last = columns.at(-1);
  const rest = width - columns.slice(0, -1).reduce((sum, column) => sum + column.width + GAP, 0);
  return rest >= (last?.width ?? 0) || (last?.isProse && rest >= MIN_PROSE) ? rest : undefined;
}

function formatBlocks<Row>(columns: readonly Column<Row>[], rows: readonly Row[], paper: Paper): string {
  return rows
    .map((row) =>
      formatFields(
        columns.map(({ title, value, style }) => [title, value(row), style?.(row)]),
        paper,
      ),
    )
    .join("\n");
}

function aligned({ width, side }: Pick<FilledColumn<never>, "width" | "side">, text: string): string {
  return padded(text, width, side);
}

function joined(cells: readonly string[]): string {
  return `${cells.join(" ".repeat(GAP)).trimEnd()}\n`;
}
