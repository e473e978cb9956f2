import { isKnownType } from "./event-types.ts";
import { type Finding, finding } from "./finding.ts";
import { checkEvent } from "./validators.ts";

/** Why an event cannot be converted, whoever its tenant is. */
export function eventProblem(event: unknown): Finding | undefined {
  const type = typeof event === "object" && event !== null && "type" in event ? event.type : undefined;
  if (!isKnownType(type)) return finding("event_type_unknown", "type");
  const problem = checkEvent(event);
  return (
    problem && finding("event_invalid", problem.path, `The event is not of the contract: ${problem.problem}.`)
  );
}
