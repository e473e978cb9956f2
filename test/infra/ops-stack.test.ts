import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { METRICS, METRICS_NAMESPACE } from "../../shared/core/metric-names.ts";
import { propertiesOf, synthesize } from "./synthesize.ts";

const { ops } = synthesize();
const alarms = propertiesOf(ops, "AWS::CloudWatch::Alarm");
const [topicId] = Object.keys(ops.findResources("AWS::SNS::Topic"));

describe("alarms", () => {
  it("are these, each with a README entry of its own", () => {
    const anchors = alarms.map(
      (alarm) => /README\.md#([a-z-]+)\./.exec(JSON.stringify(alarm["AlarmDescription"]))?.[1],
    );

    expect(anchors.sort()).toEqual([
      "alarm-credentials-refused",
      "alarm-dead-letters",
      "alarm-events-held",
      "alarm-events-rejected",
      "alarm-function-errors",
      "alarm-function-throttles",
      "alarm-in-flight",
      "alarm-parking-failed",
      "alarm-queue-age",
    ]);
  });

  it("all speak to the topic, and stay calm while there is no data", () => {
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ AlarmActions: [{ Ref: topicId }], TreatMissingData: "notBreaching" });
    }
  });

  it("fit CloudWatch's limit for a description", () => {
    for (const alarm of alarms) expect(JSON.stringify(alarm["AlarmDescription"]).length).toBeLessThan(1024);
  });

  it("watch dead letters that are visible, from the first one", () => {
    ops.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "ApproximateNumberOfMessagesVisible",
      Statistic: "Maximum",
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    });
  });

  it.each([METRICS.eventsHeld, METRICS.eventsRejected, METRICS.credentialsRefused, METRICS.parkingFailed])(
    "watch %s as the function emits it",
    (metric) => {
      ops.hasResourceProperties("AWS::CloudWatch::Alarm", {
        Namespace: METRICS_NAMESPACE,
        MetricName: metric,
        Dimensions: [{ Name: "service", Value: "deliver-events" }],
        Statistic: "Sum",
      });
    },
  );
});

describe("the notification topic", () => {
  it("is encrypted with a key that alarms of this account alone may use", () => {
    const [keyId] = Object.keys(ops.findResources("AWS::KMS::Key"));

    ops.hasResourceProperties("AWS::SNS::Topic", { KmsMasterKeyId: { "Fn::GetAtt": [keyId, "Arn"] } });
    ops.hasResourceProperties("AWS::KMS::Key", {
      EnableKeyRotation: true,
      KeyPolicy: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
        ]),
      }),
    });
  });

  it("refuses publishing without TLS", () => {
    ops.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        ]),
      }),
    });
  });

  it("lets alarms of this account publish", () => {
    ops.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: "Allow",
            Action: "sns:Publish",
            Principal: { Service: "cloudwatch.amazonaws.com" },
          }),
        ]),
      }),
    });
  });

  it("tells its ARN", () => {
    expect(Object.keys(ops.findOutputs("TopicArn"))).toEqual(["TopicArn"]);
  });
});

describe("the dashboard", () => {
  it("shows every metric that the function emits", () => {
    const [dashboard] = propertiesOf(ops, "AWS::CloudWatch::Dashboard");
    const body = JSON.stringify(dashboard?.["DashboardBody"]);

    const missing = Object.values(METRICS).filter((metric) => !body.includes(metric));

    expect(missing).toEqual([]);
  });
});
