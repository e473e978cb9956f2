import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { EMITTED, METRICS_NAMESPACE } from "../../shared/core/metric-names.ts";

/** Period of every figure on the dashboard and in the alarms, unless they say otherwise. */
export const PERIOD = Duration.minutes(5);

/** Requests within {@link PERIOD} from which on the share of those that were throttled says something. */
const TELLING_REQUESTS = 20;

export type Emitter = keyof typeof EMITTED;

export interface EmittedMetricOptions {
  /** @default the sum */
  readonly statistic?: string;
  readonly period?: Duration;
  readonly label?: string;
}

/** A metric as one of the functions emits it, both lanes of deliver-events together. */
export function emittedMetric<From extends Emitter>(
  emitter: From,
  name: keyof (typeof EMITTED)[From]["metrics"] & string,
  { statistic = Stats.SUM, period = PERIOD, label }: EmittedMetricOptions = {},
): Metric {
  const { service, metrics } = EMITTED[emitter];
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: (metrics as Readonly<Record<string, string>>)[name] ?? "",
    dimensionsMap: { service },
    statistic,
    period,
    label,
  });
}

/** Percentage of the requests to mParticle that were answered 429; 0 where there were too few to tell. */
export function throttledPercent(): IMetric {
  return new MathExpression({
    expression: `IF(sent >= ${TELLING_REQUESTS}, 100 * throttled / sent, 0)`,
    usingMetrics: {
      sent: emittedMetric("deliverEvents", "requestsSent"),
      throttled: emittedMetric("deliverEvents", "requestsThrottled"),
    },
    period: PERIOD,
    label: "answered 429, percent",
  });
}
