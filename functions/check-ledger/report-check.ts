import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { CHECK_LEDGER_METRICS } from "../../shared/core/metric-names.ts";
import type { Log } from "../../shared/ports.ts";
import type { LedgerCheck } from "./check-ledger.ts";

/** Tells what a run found: one line for each account that does not add up, and by how many events in all. */
export function reportCheck(
  { findings, ...counts }: LedgerCheck,
  { log, metrics }: { readonly log: Log; readonly metrics: Pick<Metrics, "addMetric"> },
): void {
  for (const { imbalance, ...account } of findings)
    log.error("An account of the ledger does not add up", { ...account, imbalance });
  const events = findings.reduce((sum, { imbalance }) => sum + Math.abs(imbalance.events), 0);
  log.info("Ledger checked", { ...counts, imbalance: events });
  metrics.addMetric(CHECK_LEDGER_METRICS.ledgerImbalance, MetricUnit.Count, events);
}
