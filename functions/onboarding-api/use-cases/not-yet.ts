import { ProblemError } from "../problem.ts";

/** Of routes that the contract has and the function not yet. */
export async function notYet(): Promise<never> {
  throw new ProblemError("unavailable", "This version does not do this yet.");
}
