import { readFileSync } from "node:fs";
import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { EMITTED, METRICS_NAMESPACE } from "../../shared/core/metric-names.ts";
import { propertiesOf, synthesize } from "./synthesize.ts";

const { ops } = synthesize();
const alarms = propertiesOf(ops, "AWS::CloudWatch::Alarm");
const [topicId] = Object.keys(ops.findResources("AWS::SNS::Topic"));

const anchorOf = (alarm: Record<string, unknown>) =>
  /README\.md#([a-z-]+)\./.exec(JSON.stringify(alarm["AlarmDescription"]))?.[1] ?? "";

/** The alarm whose logical id begins so. */
function alarm(name: string): Record<string, unknown> {
  const found = Object.entries(ops.findResources("AWS::CloudWatch::Alarm")).filter(([id]) =>
    id.startsWith(`${name}Alarm`),
  );
  expect(found).toHaveLength(1);
  return found[0]?.[1]["Properties"];
}

describe("alarms", () => {
  it("have an entry in the README that says what to do, and each entry an alarm", () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const entries = Array.from(readme.matchAll(/^### (alarm-[a-z-]+)$/gm), ([, anchor]) => anchor);

    expect([...new Set(alarms.map(anchorOf))].sort()).toEqual(entries.sort());
  });

  it("say what broke and what it costs before they say what to do", () => {
    for (const { AlarmDescription } of alarms) {
      expect(JSON.stringify(AlarmDescription)).toMatch(/[^.]+\. [^.]+\. What to do: README/);
    }
  });

  it("all speak to the topic", () => {
    for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual([{ Ref: topicId }]);
  });

  it("stay calm while there is no data, but for those on runs that must come to their end", () => {
    const loud = alarms.filter(({ TreatMissingData }) => TreatMissingData !== "notBreaching");

    expect(loud.map(anchorOf).sort()).toEqual(["alarm-ledger-unchecked", "alarm-release-stopped"]);
    for (const { TreatMissingData } of loud) expect(TreatMissingData).toBe("breaching");
  });

  it("fit CloudWatch's limit for a description", () => {
    for (const { AlarmDescription } of alarms)
      expect(JSON.stringify(AlarmDescription).length).toBeLessThan(1024);
  });

  it.each(["", "Backfill"])("watch dead letters that are visible, from the first one (%s)", (lane) => {
    expect(alarm(`${lane}DeadLetters`)).toMatchObject({
      MetricName: "ApproximateNumberOfMessagesVisible",
      Statistic: "Maximum",
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    });
  });

  it.each(["", "Backfill"])(
    "speak before a queue has as many hidden messages as SQS lets be (%s)",
    (lane) => {
      expect(alarm(`${lane}InFlight`)).toMatchObject({
        MetricName: "ApproximateNumberOfMessagesNotVisible",
        Statistic: "Maximum",
        Threshold: 60_000,
      });
    },
  );

  it("let backfill wait longer than live events", () => {
    const threshold = (name: string) => Number(alarm(name)["Threshold"]);

    expect(threshold("BackfillQueueAge")).toBeGreaterThan(threshold("QueueAge"));
  });

  it.each([
    ["EventsHeld", "deliver-events", "EventsAwaitingPerson"],
    ["EventsRejected", "deliver-events", "EventsRejected"],
    ["CredentialsRefused", "deliver-events", "CredentialsRefused"],
    ["ParkingFailed", "deliver-events", "ParkingFailed"],
    ["RequestsUnanswered", "deliver-events", "RequestsUnanswered"],
    ["LedgerFailed", "deliver-events", "LedgerFailed"],
    ["MessagesUnclaimed", "deliver-events", "MessagesUnclaimed"],
    ["ReleaseFailed", "release-held", "ReleaseFailed"],
    ["ConnectPageFailed", "connect-page", "PagesFailed"],
    ["UpkeepFailed", "onboarding-upkeep", "UpkeepFailed"],
    ["UpkeepCutShort", "onboarding-upkeep", "UpkeepCutShort"],
  ])("%s: the sum that %s emits as %s", (name, service, metric) => {
    expect(alarm(name)).toMatchObject({
      Namespace: METRICS_NAMESPACE,
      MetricName: metric,
      Dimensions: [{ Name: "service", Value: service }],
      Statistic: "Sum",
    });
  });

  it("watch the age of the oldest held event", () => {
    expect(alarm("OldestHeld")).toMatchObject({
      MetricName: "OldestHeldSeconds",
      Dimensions: [{ Name: "service", Value: "release-held" }],
      Statistic: "Maximum",
      Threshold: 86_400,
    });
  });

  it("speak three months before held events are deleted, whether their feed is paused or not", () => {
    const { Metrics, Threshold } = alarm("HeldExpiring") as {
      Metrics: {
        Expression?: string;
        Id: string;
        MetricStat?: { Metric: { MetricName: string }; Stat: string };
      }[];
      Threshold: number;
    };

    expect(Threshold).toBe(273 * 86_400);
    expect(Metrics.flatMap(({ Expression = [] }) => Expression)).toEqual(["MAX([held, paused])"]);
    const stats = Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);
    expect(stats.map(({ Metric, Stat }) => [Metric.MetricName, Stat])).toEqual([
      ["OldestHeldSeconds", "Maximum"],
      ["OldestPausedSeconds", "Maximum"],
    ]);
  });

  it("do not call the ledger well between two of its checks", () => {
    expect(alarm("LedgerImbalance")).toMatchObject({
      MetricName: "LedgerImbalance",
      Dimensions: [{ Name: "service", Value: "check-ledger" }],
      Statistic: "Maximum",
      Period: 3600,
      EvaluationPeriods: 2,
      DatapointsToAlarm: 1,
      Threshold: 1,
    });
  });

  it("speak where upkeep has no time for all tenants again and again, not once", () => {
    expect(alarm("UpkeepCutShort")).toMatchObject({
      Period: 3600,
      EvaluationPeriods: 4,
      DatapointsToAlarm: 3,
      Threshold: 1,
    });
  });

  it("speak where a feed is let have next to nothing for half an hour", () => {
    expect(alarm("FeedRate")).toMatchObject({
      MetricName: "FeedRate",
      Statistic: "Minimum",
      ComparisonOperator: "LessThanThreshold",
      Period: 300,
      EvaluationPeriods: 6,
    });
  });

  it("judge 429s by their share of all requests, once there are enough", () => {
    const { Metrics, Threshold } = alarm("ThrottledShare") as {
      Metrics: { Expression?: string; Id: string; MetricStat?: { Metric: { MetricName: string } } }[];
      Threshold: number;
    };

    expect(Metrics.flatMap(({ Expression = [] }) => Expression)).toEqual([
      "IF(sent >= 20, 100 * throttled / sent, 0)",
    ]);
    expect(
      Object.fromEntries(Metrics.map(({ Id, MetricStat }) => [Id, MetricStat?.Metric.MetricName])),
    ).toMatchObject({
      sent: "RequestsSent",
      throttled: "RequestsThrottled",
    });
    expect(Threshold).toBe(5);
  });

  it.each([
    ["ReleaseStopped", "OldestHeldSeconds", 300],
    ["LedgerUnchecked", "LedgerImbalance", 3600],
  ])("%s: speaks where %s is no longer emitted", (name, metric, period) => {
    expect(alarm(name)).toMatchObject({
      MetricName: metric,
      Statistic: "SampleCount",
      ComparisonOperator: "LessThanThreshold",
      Threshold: 1,
      Period: period,
      EvaluationPeriods: 3,
    });
  });
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
  const [dashboard] = propertiesOf(ops, "AWS::CloudWatch::Dashboard");
  const body = JSON.stringify(dashboard?.["DashboardBody"]);

  it.each(Object.values(EMITTED).map(({ service, metrics }) => [service, Object.values(metrics)] as const))(
    "shows every metric that %s emits",
    (service, metrics) => {
      const missing = metrics.filter(
        (metric) => !body.includes(String.raw`\"${metric}\",\"service\",\"${service}\"`),
      );

      expect(missing).toEqual([]);
    },
  );

  it("shows the share of requests that were answered 429", () => {
    expect(body).toContain("100 * throttled / sent");
  });

  it("shows what either queue hides", () => {
    expect(body.match(/ApproximateNumberOfMessagesNotVisible/g)).toHaveLength(2);
  });
});
