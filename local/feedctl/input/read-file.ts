import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { UsageError } from "../../start/usage-error.ts";

/** The text of a file, or of standard input where it is `-`. Without a byte order mark. */
export async function readInput(file: string, stdin: NodeJS.ReadStream): Promise<string> {
  const content = file === "-" ? await text(stdin) : readFile(file);
  return content.replace(/^\uFEFF/, "");
}

/** @throws {UsageError} */
export function readFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "unreadable";
    throw new UsageError(`cannot read ${file} (${code})`);
  }
}
