import { describe, expect, it } from "vitest";
import { stageOf } from "../../infra/stages.ts";
import { statementsOf } from "./iam-statements.ts";
import { propertiesOf, synthesize } from "./synthesize.ts";

const stage = stageOf("production", { partnerIdentity: "acme_userid" });
const { service } = synthesize(stage);

describe("the deliver-events function", () => {
  it("runs as an ES module on Node 24 and arm64, traced, with source maps", () => {
    service.hasResourceProperties("AWS::Lambda::Function", {
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      TracingConfig: { Mode: "Active" },
      Environment: { Variables: { NODE_OPTIONS: "--enable-source-maps" } },
      MemorySize: stage.deliver.memoryMb,
      Timeout: stage.deliver.timeout.toSeconds(),
    });
  });

  it("is told the stage's settings", () => {
    service.hasResourceProperties("AWS::Lambda::Function", {
      Environment: {
        Variables: {
          STAGE: "production",
          PARTNER_URL: "https://inbound.mparticle.com/s2s/v2",
          PARTNER_IDENTITY: "acme_userid",
          SECRET_PREFIX: "partner-feed-connector/production",
          BACKOFF_MAX_SECONDS: "900",
          HOLD_AFTER_RECEIVES: "300",
        },
      },
    });
  });

  it("writes JSON logs to a group with the stage's retention", () => {
    const [logGroup] = Object.keys(
      service.findResources("AWS::Logs::LogGroup", { Properties: { RetentionInDays: 90 } }),
    );

    service.resourceCountIs("AWS::Logs::LogGroup", 1);
    service.hasResourceProperties("AWS::Lambda::Function", {
      LoggingConfig: { LogFormat: "JSON", LogGroup: { Ref: logGroup } },
    });
  });

  it("is fed from the queue, bounded, with failures reported one by one", () => {
    service.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: stage.deliver.batchSize,
      MaximumBatchingWindowInSeconds: stage.deliver.batchingWindow.toSeconds(),
      ScalingConfig: { MaximumConcurrency: stage.deliver.maxConcurrency },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });

  it("has no custom resource beside it", () => {
    const types = Object.values(service.toJSON()["Resources"] as Record<string, { Type: string }>).map(
      ({ Type }) => Type,
    );

    expect([...new Set(types)].sort()).toEqual([
      "AWS::IAM::Policy",
      "AWS::IAM::Role",
      "AWS::Lambda::EventSourceMapping",
      "AWS::Lambda::Function",
      "AWS::Logs::LogGroup",
    ]);
  });
});

describe("the function's grants", () => {
  it("are these actions and no others", () => {
    const actions = statementsOf(service).flatMap(({ actions }) => actions);

    expect(actions.sort()).toEqual([
      "dynamodb:GetItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "s3:PutObject",
      "secretsmanager:GetSecretValue",
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]);
  });

  it("open the key through the four services that use it", () => {
    const [statement] = statementsOf(service).filter(({ actions }) => actions.includes("kms:Decrypt"));

    const services = statement?.conditions?.["StringEquals"]?.["kms:ViaService"];

    expect(JSON.stringify(services).match(/(sqs|dynamodb|s3|secretsmanager)\./g)).toEqual([
      "sqs.",
      "dynamodb.",
      "s3.",
      "secretsmanager.",
    ]);
  });

  it("come with no managed policy", () => {
    expect(propertiesOf(service, "AWS::IAM::Role")).toEqual([
      expect.not.objectContaining({ ManagedPolicyArns: expect.anything() }),
    ]);
  });
});
