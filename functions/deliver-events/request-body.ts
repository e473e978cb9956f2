import type { OutboundBatch } from "./assemble-feeds.ts";

/** The body of a bulk request: batches are serialised once, so the same batches are the same bytes. */
export function bodyOf(request: readonly OutboundBatch[]): Buffer {
  const pieces = request.flatMap(({ body }, i) => [i === 0 ? OPEN : COMMA, body]);
  return Buffer.concat([...pieces, CLOSE]);
}

const [OPEN, COMMA, CLOSE] = [Buffer.from("["), Buffer.from(","), Buffer.from("]")];
