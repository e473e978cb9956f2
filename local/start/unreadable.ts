import { UsageError } from "./usage-error.ts";

/** What is said of a file that an option names and that cannot be read. */
export function unreadable(option: string, file: string, error: unknown): UsageError {
  const code = error instanceof Error && "code" in error ? error.code : "unreadable";
  return new UsageError(`${option}: cannot read ${file} (${code})`);
}
