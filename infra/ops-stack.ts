import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { endingAlarms, ledgerAlarms } from "./alarms/ending-alarms.ts";
import { flowAlarms } from "./alarms/flow-alarms.ts";
import { type DeliveryLane, laneAlarms } from "./alarms/lane-alarms.ts";
import { type OnboardingFunctions, onboardingAlarms } from "./alarms/onboarding-alarms.ts";
import { DeliveryDashboard } from "./constructs/delivery-dashboard.ts";
import { NotificationTopic } from "./constructs/notification-topic.ts";
import { RunbookAlarm } from "./constructs/runbook-alarm.ts";
import type { Stage } from "./stages.ts";

export interface OpsStackProps extends StackProps {
  readonly stage: Stage;
  readonly live: DeliveryLane;
  readonly backfill: DeliveryLane;
  readonly releaseHeld: LambdaFunction;
  readonly checkLedger: LambdaFunction;
  readonly onboarding: OnboardingFunctions;
}

/** What people watch: alarms, one dashboard, and the topic that alarms speak to. */
export class OpsStack extends Stack {
  constructor(scope: Construct, id: string, { stage, live, backfill, ...props }: OpsStackProps) {
    const { releaseHeld, checkLedger, onboarding, ...stackProps } = props;
    super(scope, id, stackProps);
    const { topic } = new NotificationTopic(this, "Notifications");
    const dashboardName = `partner-feed-connector-${stage.name}`;
    new DeliveryDashboard(this, "Delivery", {
      name: dashboardName,
      live,
      backfill,
      releaseHeld,
      checkLedger,
    });

    const common = {
      action: new SnsAction(topic),
      dashboardUrl: `https://${this.region}.console.aws.amazon.com/cloudwatch/home?region=${this.region}#dashboards/dashboard/${dashboardName}`,
    };
    const alarms = {
      ...laneAlarms(stage.alarms, live),
      ...laneAlarms(stage.alarms, backfill),
      ...flowAlarms(),
      ...endingAlarms(stage),
      ...ledgerAlarms(),
      ...onboardingAlarms(onboarding),
    };
    for (const [id, alarm] of Object.entries(alarms)) new RunbookAlarm(this, id, { ...alarm, ...common });

    new CfnOutput(this, "TopicArn", {
      value: topic.topicArn,
      description: "Subscribe here to hear of alarms",
    });
    new CfnOutput(this, "DashboardName", { value: dashboardName });
  }
}
