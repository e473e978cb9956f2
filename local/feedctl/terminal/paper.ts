import { styleText } from "node:util";

export type Style = "bold" | "dim" | "green" | "yellow" | "red";

/** What is known of where output goes. */
export interface Paper {
  /** Columns of the terminal; undefined: it is none, and lines may be of any length. */
  readonly width: number | undefined;
  /** Leaves text as it is where colours are not wanted: no terminal, or NO_COLOR. */
  readonly paint: (style: Style, text: string) => string;
}

export function paperOf(stream: NodeJS.WriteStream): Paper {
  return {
    width: stream.isTTY ? stream.columns : undefined,
    paint: (style, text) => styleText(style, text, { stream }),
  };
}
