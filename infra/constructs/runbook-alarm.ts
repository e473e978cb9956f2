import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";

/** What one alarm watches, and what it says. */
export interface AlarmText {
  readonly metric: IMetric;
  /** The alarm goes off at this value and above. */
  readonly threshold: number;
  /** The alarm goes off below the threshold instead. @default false */
  readonly isFloor?: boolean;
  /**
   * The alarm goes off where there is no data either. By default it stays calm: SQS publishes nothing for a queue that has
   * been idle for six hours, and most counts are emitted only when there is something to count.
   */
  readonly mustHaveData?: boolean;
  /** Latest periods that are looked at. @default 1 */
  readonly periods?: number;
  /** How many of them must be so. @default all */
  readonly breachingPeriods?: number;
  /** What broke, as a sentence. */
  readonly broke: string;
  /** What it costs a tenant, as a sentence. */
  readonly impact: string;
  /** The README heading that says what to do, as its link anchor. */
  readonly anchor: `alarm-${string}`;
}

/** By construct id. */
export type AlarmTexts = Readonly<Record<string, AlarmText>>;

export interface RunbookAlarmProps extends AlarmText {
  /** Where to look first: a link. */
  readonly dashboardUrl: string;
  readonly action: IAlarmAction;
}

/** An alarm whose text says what broke, what it costs a tenant, where to look and what to do. */
export class RunbookAlarm extends Construct {
  constructor(scope: Construct, id: string, props: RunbookAlarmProps) {
    super(scope, id);
    new Alarm(this, "Alarm", {
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: props.isFloor
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: props.periods ?? 1,
      datapointsToAlarm: props.breachingPeriods,
      treatMissingData: props.mustHaveData ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: `${props.broke} ${props.impact} What to do: README.md#${props.anchor}. Dashboard: ${props.dashboardUrl}`,
    }).addAlarmAction(props.action);
  }
}
