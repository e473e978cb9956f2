import { nameOf } from "../core/error-name.ts";

/** Lambda logs what a function throws, and traces keep it: where it happened may be told, what it says may quote an event. */
export function withoutMessage(error: unknown): Error {
  const told = new Error(`The invocation failed: ${nameOf(error)}`);
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  told.stack = `${told.message}${stack.slice(stack.search(/\n\s+at /))}`;
  return told;
}
