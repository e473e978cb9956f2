import stringWidth from "string-width";
import { printable } from "./printable.ts";

/** What stands in one place. Undefined: nothing. */
export type Cell = string | number | undefined;

/** Spaces between what stands side by side. */
export const GAP = 2;

export function cellText(value: Cell): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : printable(value ?? "");
}

/** Columns of a terminal that the widest of some texts takes. */
export function widestOf(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, stringWidth(text)), 0);
}
