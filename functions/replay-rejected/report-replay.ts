import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { REPLAY_REJECTED_METRICS } from "../../shared/core/metric-names.ts";
import type { ReplayRequest } from "../../shared/core/replay-request.schema.ts";
import type { Log } from "../../shared/ports.ts";
import type { ReplayAnswer } from "../../shared/ports-onboarding.ts";

/** Tells who was replayed, and how much. */
export function reportReplay(
  request: ReplayRequest,
  { counts, ...answer }: ReplayAnswer,
  { log, metrics }: { readonly log: Log; readonly metrics: Pick<Metrics, "addMetric"> },
): void {
  log.info("Rejected events looked at", { ...request, ...answer });
  metrics.addMetric(REPLAY_REJECTED_METRICS.eventsReplayed, MetricUnit.Count, answer.events ?? 0);
}
