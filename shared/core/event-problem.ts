import { isKnownType } from "./event-types.ts";
import { type Finding, finding } from "./finding.ts";
import { inWords, type Problem } from "./problem.ts";
import { checkEvent } from "./validators.ts";

/** Of objects that PHP may write as empty lists. A list with entries is none. */
const NO_OBJECT = /must not have more entries than 0$/;

/** Why an event cannot be converted, whoever its tenant is. */
export function eventProblem(event: unknown): Finding | undefined {
  const type = typeof event === "object" && event !== null && "type" in event ? event.type : undefined;
  if (!isKnownType(type)) return finding("event_type_unknown", "type");
  const problem = checkEvent(event);
  return problem && finding("event_invalid", problem.path, eventSentence(problem));
}

function eventSentence(problem: Problem): string {
  return `The event is not of the contract: ${inWords(problem).replace(NO_OBJECT, "must be an object")}.`;
}
