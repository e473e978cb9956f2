export interface Line {
  /** From 1, as an editor counts. */
  readonly number: number;
  /** Without its end. Undefined: it is longer than was asked for. */
  readonly text: string | undefined;
}

/**
 * The lines of text that comes in pieces. They end with LF or CRLF and nothing else: JSON may hold other line separators, at which node's
 * readline divides too.
 *
 * @param maxLength - Characters of a line that are kept. @default all
 */
export async function* linesOf(
  pieces: AsyncIterable<string>,
  maxLength = Number.POSITIVE_INFINITY,
): AsyncGenerator<Line> {
  let number = 0;
  let text = "";
  let isTooLong = false;
  const add = (more: string) => {
    isTooLong ||= text.length + more.length > maxLength;
    text = isTooLong ? "" : text + more;
  };
  const end = (): Line => {
    const line = { number: ++number, text: isTooLong ? undefined : text.replace(/\r$/, "") };
    text = "";
    isTooLong = false;
    return line;
  };
  for await (const piece of pieces) {
    let from = 0;
    for (let to = piece.indexOf("\n"); to >= 0; to = piece.indexOf("\n", from)) {
      add(piece.slice(from, to));
      yield end();
      from = to + 1;
    }
    add(piece.slice(from));
  }
  if (text !== "" || isTooLong) yield end();
}
