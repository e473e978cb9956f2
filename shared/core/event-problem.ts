import { judgeType } from "./event-types.ts";
import { type Finding, finding } from "./finding.ts";
import { checkEvent } from "./validators.ts";

/** Why an event cannot be converted, whoever its tenant is. */
export function eventProblem(event: unknown): Finding | undefined {
  const type = typeof event === "object" && event !== null && "type" in event ? event.type : undefined;
  switch (judgeType(type)) {
    case "unsupported":
      return finding("event_type_unsupported", "type");
    case "unknown":
      return finding("event_type_unknown", "type");
    case "delivered": {
      const problem = checkEvent(event);
      return (
        problem &&
        finding("event_invalid", problem.path, `The event is not of the contract: ${problem.problem}.`)
      );
    }
  }
}
