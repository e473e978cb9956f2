import type { Message, Mode } from "../../../shared/core/message.schema.ts";
import { checkMessage } from "../../../shared/core/validators.ts";
import { UsageError } from "../../start/usage-error.ts";

export type { Mode } from "../../../shared/core/message.schema.ts";

/** Events that belong together: of one queue message, or of lines that are bare events. */
export interface EventGroup {
  readonly tenantId: string | undefined;
  readonly feedId: string | undefined;
  readonly mode: Mode | undefined;
  readonly events: unknown[];
}

/**
 * Reads one JSON document a line: events, or queue messages, which are told by their `events`. In the order of the file.
 *
 * @param refuse - Is told of lines that are neither, and never quotes them.
 * @throws {UsageError} where nothing is left.
 */
export function eventsIn(text: string, refuse: (line: number, problem: string) => void): EventGroup[] {
  const groups: EventGroup[] = [];
  let bare: EventGroup | undefined;
  let first: string | undefined;
  const leaveOut = (line: number, problem: string) => {
    first ??= `: line ${line} ${problem}`;
    refuse(line, problem);
  };
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .entries()) {
    if (line.trim() === "") continue;
    const document = parsed(line);
    if (document === undefined) {
      leaveOut(index + 1, "is not JSON");
    } else if (isMessage(document.value)) {
      const problem = checkMessage(document.value);
      bare = undefined;
      if (problem) leaveOut(index + 1, `is no queue message (${problem.path} ${problem.problem})`);
      else {
        const { tenantId, feedId, mode, events } = document.value as Message;
        groups.push({ tenantId, feedId, mode, events: [...events] });
      }
    } else {
      if (!bare) {
        bare = { tenantId: undefined, feedId: undefined, mode: undefined, events: [] };
        groups.push(bare);
      }
      bare.events.push(document.value);
    }
  }
  if (groups.length === 0) throw new UsageError(`there is no event in it${first ?? ""}`);
  return groups;
}

function parsed(line: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) };
  } catch {
    return undefined;
  }
}

function isMessage(document: unknown): boolean {
  return typeof document === "object" && document !== null && "events" in document;
}
