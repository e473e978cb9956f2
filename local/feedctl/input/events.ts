import type { z } from "zod";
import { ModeSchema } from "../../../shared/core/message.schema.ts";
import { UsageError } from "../../start/usage-error.ts";

export type Mode = z.output<typeof ModeSchema>;

/** Events that belong together: of one queue message, or of the lines that are bare events. */
export interface EventGroup {
  readonly tenantId: string | undefined;
  readonly feedId: string | undefined;
  readonly mode: Mode | undefined;
  readonly events: unknown[];
}

/**
 * Reads one JSON document a line: events, or queue messages, which are told by their list of `events`.
 *
 * @throws {UsageError} Naming the line, never quoting it.
 */
export function eventsIn(text: string): EventGroup[] {
  const groups: EventGroup[] = [];
  const bare: EventGroup = { tenantId: undefined, feedId: undefined, mode: undefined, events: [] };
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const document = parsed(line, index + 1);
    if (
      typeof document === "object" &&
      document !== null &&
      "events" in document &&
      Array.isArray(document.events)
    ) {
      const { tenantId, feedId, mode } = document as Record<string, unknown>;
      groups.push({
        tenantId: id(tenantId),
        feedId: id(feedId),
        mode: modeIn(mode, index + 1),
        events: document.events,
      });
    } else {
      if (bare.events.length === 0) groups.push(bare);
      bare.events.push(document);
    }
  }
  if (groups.every(({ events }) => events.length === 0)) throw new UsageError("there is no event in it");
  return groups;
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UsageError(`line ${number} is not JSON: one event or queue message a line`);
  }
}

function modeIn(mode: unknown, line: number): Mode | undefined {
  const result = ModeSchema.optional().safeParse(mode);
  if (result.success) return result.data;
  throw new UsageError(`line ${line}: mode must be one of ${ModeSchema.options.join(", ")}`);
}

function id(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
