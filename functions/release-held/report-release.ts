import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { RELEASE_HELD_METRICS } from "../../shared/core/metric-names.ts";
import { folderPath } from "../../shared/core/parked-object.ts";
import type { Log } from "../../shared/ports.ts";
import type { ReleaseReport } from "./release-held.ts";

/** Tells what a run did: one line for each folder that events left, and the figures that the alarms watch. */
export function reportRelease(
  { released, failures, oldest }: ReleaseReport,
  { log, metrics }: { readonly log: Log; readonly metrics: Pick<Metrics, "addMetric"> },
): void {
  for (const own of Map.groupBy(released, folderPath).values()) {
    const events = own.reduce((sum, folder) => sum + folder.events, 0);
    log.info("Held events released", { ...own[0], objects: own.length, events });
  }
  const events = released.reduce((sum, folder) => sum + folder.events, 0);
  metrics.addMetric(RELEASE_HELD_METRICS.eventsReleased, MetricUnit.Count, events);
  metrics.addMetric(RELEASE_HELD_METRICS.releaseFailed, MetricUnit.Count, failures);
  if (!oldest) return;
  metrics.addMetric(RELEASE_HELD_METRICS.oldestHeldSeconds, MetricUnit.Seconds, oldest.heldSeconds);
  metrics.addMetric(RELEASE_HELD_METRICS.oldestPausedSeconds, MetricUnit.Seconds, oldest.pausedSeconds);
}
