import { Duration } from "aws-cdk-lib";
import { Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import {
  DELIVER_EVENTS_SERVICE,
  METRICS,
  METRICS_NAMESPACE,
  type MetricName,
} from "../../shared/core/metric-names.ts";

/** Period of every sum on the dashboard and in the alarms. */
export const PERIOD = Duration.minutes(5);

/** The sum of one of the deliver-events function's own counts, over {@link PERIOD}. */
export function deliveryMetric(name: keyof typeof METRICS): Metric {
  const metricName: MetricName = METRICS[name];
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { service: DELIVER_EVENTS_SERVICE },
    statistic: Stats.SUM,
    period: PERIOD,
  });
}
