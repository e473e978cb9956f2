import { isKnownType } from "./event-types.ts";
import { type Finding, finding } from "./finding.ts";
import { inWords, type Problem } from "./problem.ts";
import { checkEvent } from "./validators.ts";

/** Of objects that may be left out, and that PHP writes as empty lists. */
const NO_OBJECT = /must (?:be object or array or null|not have more entries than 0)$/;

/** Why an event cannot be converted, whoever its tenant is. */
export function eventProblem(event: unknown): Finding | undefined {
  const type = typeof event === "object" && event !== null && "type" in event ? event.type : undefined;
  if (!isKnownType(type)) return finding("event_type_unknown", "type");
  const problem = checkEvent(event);
  return problem && finding("event_invalid", problem.path, eventSentence(problem));
}

function eventSentence(problem: Problem): string {
  const said = inWords(problem)
    .replace(NO_OBJECT, "must be an object")
    .replace("string or number or null", "a text or a number");
  return `The event is not of the contract: ${said}.`;
}
