import type { ParkedLine } from "../../shared/core/parked-line.ts";
import type { ReplayRequest } from "../../shared/core/replay-request.schema.ts";

/** Whether a request is about a line of an object that it is about. */
export function isWanted(
  { code }: Pick<ParkedLine, "code">,
  { codes }: Pick<ReplayRequest, "codes">,
): boolean {
  return codes === undefined || codes.includes(code);
}
