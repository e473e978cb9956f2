import { createReadStream } from "node:fs";
import { exampleMessages } from "../examples/examples.ts";
import { linesOf } from "../feedctl/input/lines.ts";
import type { StartOptions } from "./options.ts";
import { unreadable } from "./unreadable.ts";

export interface InputLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** The bodies to put on the queue, one a line; empty lines are none. @throws {UsageError} */
export async function* readMessages({
  input,
  watch,
  nowMs = Date.now(),
}: StartOptions): AsyncGenerator<InputLine> {
  if (input === undefined) {
    const examples = watch ? [] : exampleMessages(nowMs);
    yield* examples.map((text, i) => ({ number: i + 1, text }));
    return;
  }
  const source = input === "-" ? process.stdin : createReadStream(input);
  try {
    for await (const { number, text = "" } of linesOf(source.setEncoding("utf8"))) {
      const body = number === 1 ? text.replace(/^\uFEFF/, "") : text;
      if (body.trim() !== "") yield { number, text: body };
    }
  } catch (error) {
    throw unreadable("--input", input, error);
  }
}
