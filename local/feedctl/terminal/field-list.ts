import { type Cell, cellText, GAP, widestOf } from "./cell.ts";
import type { Paper, Style } from "./paper.ts";
import { padded, wrap } from "./wrap.ts";

/** Name, value and how it is painted. Those without a value are left out. */
export type Field = readonly [name: string, value: Cell, style?: Style | undefined];

/** Values are not broken into less than this. */
const MIN_WIDTH = 24;

/** One thing: a line for each of its fields. */
export function formatFields(fields: readonly Field[], { width, paint }: Paper): string {
  const present = fields
    .map(([name, value, style]) => ({ name: cellText(name), text: cellText(value), style }))
    .filter(({ text }) => text !== "");
  const nameWidth = widestOf(present.map(({ name }) => name));
  const rest = width === undefined ? Number.POSITIVE_INFINITY : Math.max(MIN_WIDTH, width - nameWidth - GAP);
  const indent = " ".repeat(nameWidth + GAP);
  return present
    .map(({ name, text, style }) => {
      const lines = wrap(text, rest).map((line) => (style ? paint(style, line) : line));
      return `${paint("dim", padded(name, nameWidth))}${" ".repeat(GAP)}${lines.join(`\n${indent}`)}\n`;
    })
    .join("");
}
