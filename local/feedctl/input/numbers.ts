import { UsageError } from "../../start/usage-error.ts";

/** `--limit`: how many entries of a list. */
export function limit(text: string): number {
  return wholeNumber("--limit", text);
}

export function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`${name} must be a whole number over 0`);
}
