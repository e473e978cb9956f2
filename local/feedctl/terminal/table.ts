import stringWidth from "string-width";
import type { Paper, Style } from "./paper.ts";
import { printable } from "./printable.ts";
import { padded, wrap } from "./wrap.ts";

export interface Column<Row> {
  readonly title: string;
  /** Undefined: nothing stands there. */
  readonly value: (row: Row) => string | number | undefined;
  /** How the cell is painted. @default as it is */
  readonly style?: (row: Row) => Style | undefined;
  /** Sentences: broken into lines where the terminal is too narrow. The last column only. */
  readonly isProse?: true;
}

/** Columns between columns. */
const GAP = 2;

/** Prose in less than this is no prose any more. */
const MIN_PROSE = 24;

/**
 * Rows under their titles, numbers to the right. On a terminal that is too narrow for them each row becomes a block of lines: an id that
 * is cut is none.
 *
 * @returns lines, each with its end.
 */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paper: Paper,
): string {
  const cells = rows.map((row) => columns.map(({ value }) => cellText(value(row))));
  const used = columns.map((_, i) => cells.some((row) => row[i] !== ""));
  const kept = columns.flatMap((column, i) => (used[i] ? [{ column, i }] : []));
  const widths = kept.map(({ column, i }) =>
    Math.max(stringWidth(column.title), ...cells.map((row) => stringWidth(row[i] ?? ""))),
  );
  const proseWidth = widthForProse(kept.at(-1)?.column, widths, paper.width);
  if (proseWidth === "none") return formatBlocks(columns, rows, paper);
  const isRight = kept.map(({ column }) => rows.every((row) => typeof (column.value(row) ?? 0) === "number"));
  const line = (texts: readonly string[], paint: (text: string, place: number) => string) =>
    `${texts
      .map((text, place) => {
        const isLast = place === texts.length - 1;
        const side = isRight[place] ? "right" : "left";
        const whole = isLast && side === "left" ? text : padded(text, widths[place] ?? 0, side);
        return paint(whole, place);
      })
      .join(" ".repeat(GAP))
      .trimEnd()}\n`;
  const title = line(
    kept.map(({ column }) => column.title),
    (text) => paper.paint("bold", text),
  );
  const body = rows.flatMap((row, at) => {
    const texts = kept.map(({ i }) => cells[at]?.[i] ?? "");
    const [first = "", ...others] =
      proseWidth === undefined ? [texts.at(-1)] : wrap(texts.at(-1) ?? "", proseWidth);
    const indent = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP, 0);
    return [
      line([...texts.slice(0, -1), first], (text, place) => painted(text, kept[place]?.column, row, paper)),
      ...others.map((text) => `${" ".repeat(indent)}${text}\n`),
    ];
  });
  return title + body.join("");
}

/** Undefined: as wide as it is. "none": no table fits. */
function widthForProse<Row>(
  last: Column<Row> | undefined,
  widths: readonly number[],
  width: number | undefined,
): number | "none" | undefined {
  const whole = widths.reduce((sum, column) => sum + column + GAP, -GAP);
  if (width === undefined || whole <= width) return undefined;
  const rest = width - (whole - (widths.at(-1) ?? 0));
  return last?.isProse && rest >= MIN_PROSE ? rest : "none";
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

/** Name, value and how it is painted. Those without a value are left out. */
export type Field = readonly [name: string, value: string | number | undefined, style?: Style | undefined];

/** One thing: a line for each of its fields. */
export function formatFields(fields: readonly Field[], { width, paint }: Paper): string {
  const present = fields.filter(([, value]) => value !== undefined && value !== "");
  const nameWidth = Math.max(0, ...present.map(([name]) => stringWidth(name)));
  const rest = width === undefined ? Number.POSITIVE_INFINITY : Math.max(MIN_PROSE, width - nameWidth - GAP);
  const indent = " ".repeat(nameWidth + GAP);
  return present
    .map(([name, value, style]) => {
      const lines = wrap(cellText(value), rest).map((text) => (style ? paint(style, text) : text));
      return `${paint("dim", padded(name, nameWidth))}${" ".repeat(GAP)}${lines.join(`\n${indent}`)}\n`;
    })
    .join("");
}

function painted<Row>(text: string, column: Column<Row> | undefined, row: Row, { paint }: Paper): string {
  const style = column?.style?.(row);
  return style ? paint(style, text) : text;
}

function cellText(value: string | number | undefined): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : printable(value ?? "");
}
