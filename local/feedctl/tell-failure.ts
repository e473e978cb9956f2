import type { Failure } from "./failures.ts";
import { showVerification } from "./show/verification.ts";
import { paperOf } from "./terminal/paper.ts";
import { printableJson } from "./terminal/printable.ts";

export interface TellOptions {
  /** One document, and nothing else. */
  readonly isJson: boolean;
  /** What was to be said beside an answer, and has not been. */
  readonly notes?: readonly string[];
}

/** Tells of a failure on standard error. */
export function tellFailure(
  { line, document }: Failure,
  stderr: NodeJS.WriteStream,
  { isJson, notes = [] }: TellOptions,
): void {
  if (isJson) {
    stderr.write(`${printableJson({ ...document, ...(notes.length > 0 && { notes }) })}\n`);
    return;
  }
  stderr.write(`feedctl: ${line}\n`);
  const { verification } = document;
  if (verification) stderr.write(showVerification(verification, paperOf(stderr)));
}
