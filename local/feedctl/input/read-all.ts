import { addAbortSignal } from "node:stream";
import { text } from "node:stream/consumers";

/** All that comes by standard input, without a byte order mark. Ends early when somebody asks to end. */
export async function readAll(stdin: NodeJS.ReadStream, interrupted: AbortSignal): Promise<string> {
  const content = await text(addAbortSignal(interrupted, stdin));
  return content.replace(/^\uFEFF/, "");
}
