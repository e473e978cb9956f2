import { queueText } from "../core/queue-text.ts";
import { checkEvent } from "../core/validators.ts";

/** An event as JSON text that SQS takes, or why the connector would reject it. */
export type EventText =
  /** `bytes` of UTF-8. */
  | { readonly text: string; readonly bytes: number }
  /** `path` is dotted, empty for the event as a whole; neither part quotes a value. */
  | { readonly path: string; readonly problem: string };

/**
 * Serialises an event and checks it against the message contract.
 *
 * What is checked is the text read back, so the judgement is about what the connector will see: a `Date` has become a
 * timestamp, an undefined field is gone.
 */
export function eventText(event: unknown): EventText {
  let text: string | undefined;
  try {
    text = JSON.stringify(event);
  } catch {
    // A cycle, a BigInt, a throwing toJSON or too deep a nesting: the error's own message may quote the event.
    return { path: "", problem: "cannot be serialised as JSON" };
  }
  if (text === undefined) return { path: "", problem: "has no JSON form" };
  const problem = checkEvent(JSON.parse(text));
  if (problem) return problem;
  const escaped = queueText(text);
  return { text: escaped, bytes: Buffer.byteLength(escaped, "utf8") };
}
