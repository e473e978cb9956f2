import type { EventNamesAnswer } from "../../../shared/api/event-names.schema.ts";
import { formatFields } from "../terminal/field-list.ts";
import type { Paper, Style } from "../terminal/paper.ts";

const STYLES: Readonly<Record<EventNamesAnswer["state"], Style>> = {
  fine: "green",
  many: "yellow",
  past_limit: "red",
};

export function showEventNames(
  { count, isComplete, warningAt, limit, state, meaning }: EventNamesAnswer,
  paper: Paper,
): string {
  return formatFields(
    [
      ["names", isComplete ? count : `${count.toLocaleString("en-US")} or more`, STYLES[state]],
      ["warning at", warningAt],
      ["mParticle's limit", limit],
      ["meaning", meaning],
    ],
    paper,
  );
}
