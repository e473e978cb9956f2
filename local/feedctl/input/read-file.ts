import { readFileSync } from "node:fs";
import { UsageError } from "../../start/usage-error.ts";

/** The text of a file, without a byte order mark. @throws {UsageError} */
export function readFile(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "unreadable";
    throw new UsageError(`cannot read ${file} (${code})`);
  }
}
