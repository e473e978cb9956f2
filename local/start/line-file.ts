import { closeSync, openSync, writeSync } from "node:fs";
import { UsageError } from "./usage-error.ts";

/** A file that takes one line at a time. */
export interface LineFile {
  write(line: string): void;
  close(): void;
}

/**
 * Opens the file that an option names; without one, lines go nowhere.
 *
 * @throws {UsageError} for a file that cannot be written.
 */
export function openLines(option: string, path: string | undefined): LineFile {
  if (path === undefined) return { write: () => {}, close: () => {} };
  const file = open(option, path);
  return {
    write: (line) => {
      writeSync(file, `${line}\n`);
    },
    close: () => closeSync(file),
  };
}

function open(option: string, path: string): number {
  try {
    return openSync(path, "w");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "unwritable";
    throw new UsageError(`${option}: cannot write ${path} (${code})`);
  }
}
