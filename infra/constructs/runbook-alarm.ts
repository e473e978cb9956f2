import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";

export interface RunbookAlarmProps {
  readonly metric: IMetric;
  /** The alarm goes off at this value and above. */
  readonly threshold: number;
  /** Periods in a row that must be at the threshold. @default 1 */
  readonly periods?: number;
  /** What broke, as a sentence. */
  readonly broke: string;
  /** What it costs a tenant, as a sentence. */
  readonly impact: string;
  /** The README heading that says what to do, as its link anchor. */
  readonly anchor: `alarm-${string}`;
  /** Where to look first: a link. */
  readonly dashboardUrl: string;
  readonly action: IAlarmAction;
}

/**
 * An alarm whose text says what broke, what it costs a tenant, where to look and what to do.
 *
 * Missing data is not a breach for any of them: SQS publishes nothing for a queue that has been idle for six hours, and
 * the function emits a count only when there was something to count.
 */
export class RunbookAlarm extends Construct {
  constructor(scope: Construct, id: string, props: RunbookAlarmProps) {
    super(scope, id);
    new Alarm(this, "Alarm", {
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: props.periods ?? 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${props.broke} ${props.impact} What to do: README.md#${props.anchor}. Dashboard: ${props.dashboardUrl}`,
    }).addAlarmAction(props.action);
  }
}
