import { type Hours, isHour } from "./hour.ts";
import { jsonTextAt } from "./json-text.ts";
import type { Mode } from "./message.schema.ts";
import type { StoredLine } from "./parked-line.schema.ts";
import type { ParkedFolder } from "./parked-object.ts";
import { type Problem, problemAt } from "./problem.ts";
import type { Route } from "./route.ts";
import { checkParkedLine } from "./validators.ts";

/** A line of a parked object, ready to be put back on the queue. */
export interface ParkedLine {
  /** As it stands in the object. */
  readonly text: string;
  readonly sqsMessageId: string;
  readonly sentAtMs: number;
  readonly mode: Mode | undefined;
  /** The first of its reasons: the one that it is counted under. */
  readonly code: string;
  readonly hours: Hours;
  readonly content: ParkedContent;
}

export type ParkedContent =
  /** An event as JSON text. */
  | { readonly kind: "event"; readonly text: string }
  | { readonly kind: "batch"; readonly body: string; readonly route: Route }
  /** A body that could not be read when it was parked. */
  | { readonly kind: "body"; readonly body: string };

/** A line that cannot be put back. It is kept as it is; the problem tells nothing of its content. */
export interface BadLine {
  readonly text: string;
  readonly problem: Problem;
}

export function isBad(line: ParkedLine | BadLine): line is BadLine {
  return "problem" in line;
}

/** Reads a line of an object that lies in a folder. */
export function readParkedLine(text: string, { tenantId, feedId }: ParkedFolder): ParkedLine | BadLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { text, problem: problemAt("", "must be JSON") };
  }
  const problem = checkParkedLine(value);
  if (problem) return { text, problem };
  const line = value as StoredLine;
  if (line.tenantId !== tenantId) return { text, problem: problemAt("tenantId", "is not the object's") };
  if (line.feedId !== feedId) return { text, problem: problemAt("feedId", "is not the object's") };
  if (!Object.keys(line.hours).every(isHour)) return { text, problem: problemAt("hours", "must be by hour") };
  const content = contentOf(line, text);
  if (!content) return { text, problem: problemAt("content", "holds nothing that can be put back") };
  return {
    text,
    sqsMessageId: line.sqsMessageId,
    sentAtMs: line.sentAtMs,
    mode: line.mode,
    code: line.reasons[0]?.code ?? "",
    hours: line.hours,
    content,
  };
}

/** The event is cut from the line's text: at the very depth that could just be written, writing it again might fail. */
function contentOf({ tenantId, feedId, content }: StoredLine, text: string): ParkedContent | undefined {
  const { eventText, batch, route, body } = content;
  if (batch !== undefined) {
    const hasAddress = tenantId !== undefined && feedId !== undefined;
    return hasAddress && route ? { kind: "batch", body: batch, route } : undefined;
  }
  if (body !== undefined) return { kind: "body", body };
  const event = eventText ?? jsonTextAt(text, ["content", "event"]);
  if (event === undefined || tenantId === undefined) return undefined;
  // The line itself has been parsed; a text within it has not, and in a message it would spoil its neighbours.
  return eventText === undefined || isJson(eventText) ? { kind: "event", text: event } : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
