import middy from "@middy/core";
import { type CheckLedgerDeps, checkLedger, type LedgerCheck } from "./check-ledger.ts";

/**
 * The Lambda handler over given dependencies. It takes any event: a schedule's says nothing that it needs.
 *
 * @param report - Takes what a run found.
 */
export function createHandler(deps: CheckLedgerDeps, report: (check: LedgerCheck) => void) {
  return middy<unknown, void>().handler(async () => report(await checkLedger(deps)));
}
