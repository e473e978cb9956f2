import { describe, expect, it } from "vitest";
import { stageOf } from "../../infra/stages.ts";
import { CREDENTIALS_REFUSED, FEED_CHANGED } from "../../shared/core/feed-changed.ts";
import { statementsOf } from "./iam-statements.ts";
import { propertiesOf, synthesize } from "./synthesize.ts";

const stage = stageOf("production", { partnerIdentity: "acme_userid" });
const { service } = synthesize(stage);

/** The only resource of a type whose logical id begins so. */
function resource(type: string, within: string): { logicalId: string; properties: Record<string, unknown> } {
  const found = Object.entries(service.findResources(type)).filter(([id]) => id.startsWith(within));
  expect(found).toHaveLength(1);
  const [[logicalId, { Properties }]] = found as [[string, { Properties: Record<string, unknown> }]];
  return { logicalId, properties: Properties };
}

const lanes = [
  { lane: "live", within: "Live", queue: "Ingest" },
  { lane: "backfill", within: "Backfill", queue: "Backfill" },
] as const;

describe("every function", () => {
  it("runs as an ES module on Node 24 and arm64, traced, with source maps", () => {
    service.allResourcesProperties("AWS::Lambda::Function", {
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      TracingConfig: { Mode: "Active" },
      Environment: { Variables: { NODE_OPTIONS: "--enable-source-maps" } },
    });
  });

  it("writes JSON logs to a group of its own with the stage's retention", () => {
    const logGroups = Object.keys(
      service.findResources("AWS::Logs::LogGroup", { Properties: { RetentionInDays: 90 } }),
    ).filter((id) => !id.startsWith("OnboardingGatewayAccessLog"));
    const configs = propertiesOf(service, "AWS::Lambda::Function").map(
      (properties) => properties["LoggingConfig"] as { LogFormat: string; LogGroup: { Ref: string } },
    );

    expect(configs.map(({ LogGroup }) => LogGroup.Ref).sort()).toEqual(logGroups.sort());
    expect(new Set(configs.map(({ LogFormat }) => LogFormat))).toEqual(new Set(["JSON"]));
  });

  it("comes with no custom resource beside it", () => {
    const types = Object.values(service.toJSON()["Resources"] as Record<string, { Type: string }>).map(
      ({ Type }) => Type,
    );

    expect([...new Set(types)].sort()).toEqual([
      "AWS::ApiGatewayV2::Api",
      "AWS::ApiGatewayV2::Integration",
      "AWS::ApiGatewayV2::Route",
      "AWS::ApiGatewayV2::Stage",
      "AWS::Events::Rule",
      "AWS::IAM::Policy",
      "AWS::IAM::Role",
      "AWS::Lambda::EventSourceMapping",
      "AWS::Lambda::Function",
      "AWS::Lambda::Permission",
      "AWS::Logs::LogGroup",
      "AWS::Pipes::Pipe",
    ]);
  });

  it.each([
    "FunctionName",
    "BackfillFunctionName",
    "ReleaseHeldFunctionName",
    "ReplayRejectedFunctionName",
    "CheckLedgerFunctionName",
  ])("is told by an output: %s", (output) => {
    expect(Object.keys(service.findOutputs(output))).toEqual([output]);
  });
});

describe.each(lanes)("the deliver-events function of the $lane lane", ({ lane, within, queue }) => {
  const { logicalId, properties } = resource("AWS::Lambda::Function", within);
  const mapping = resource("AWS::Lambda::EventSourceMapping", within).properties;

  it("is told the stage's settings and its lane", () => {
    expect(properties).toMatchObject({
      MemorySize: stage.deliver.memoryMb,
      Timeout: stage.deliver.timeout.toSeconds(),
      Environment: {
        Variables: {
          STAGE: "production",
          LANE: lane,
          PARTNER_URL: "https://inbound.mparticle.com/s2s/v2",
          PARTNER_IDENTITY: "acme_userid",
          SECRET_PREFIX: "partner-feed-connector/production",
          INITIAL_RATE: "100",
          MAX_LINE_MS: "840000",
          MAX_HIDDEN_MESSAGES: "5000",
          BACKFILL_SHARE: "0.2",
          MAX_INSTANCES: "55",
          BACKOFF_MAX_SECONDS: "900",
          HOLD_AFTER_RECEIVES: "300",
        },
      },
    });
  });

  it("sends back to the queue that feeds it", () => {
    const variables = properties["Environment"] as { Variables: { QUEUE_URL: unknown } };

    expect(JSON.stringify(variables.Variables.QUEUE_URL)).toContain(`Ref${queue}Queue`);
    expect(JSON.stringify(mapping["EventSourceArn"])).toContain(`${queue}Queue`);
  });

  it("is fed from the queue, bounded, with failures reported one by one", () => {
    expect(mapping).toMatchObject({
      FunctionName: { Ref: logicalId },
      BatchSize: stage.deliver.batchSize,
      MaximumBatchingWindowInSeconds: stage.deliver.batchingWindow.toSeconds(),
      ScalingConfig: { MaximumConcurrency: stage.deliver.maxConcurrency[lane] },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });
});

describe("backfill", () => {
  it("is given less of the account's concurrency than live events are", () => {
    const { live, backfill } = stage.deliver.maxConcurrency;

    expect(backfill).toBeLessThan(live / 5);
  });
});

describe("what triggers a function", () => {
  it("is for release-held every minute and word of a changed tenant or feed", () => {
    const { logicalId } = resource("AWS::Lambda::Function", "Release");
    const targets = [expect.objectContaining({ Arn: { "Fn::GetAtt": [logicalId, "Arn"] } })];

    expect(resource("AWS::Events::Rule", "ReleaseEveryMinute").properties).toMatchObject({
      ScheduleExpression: "rate(1 minute)",
      State: "ENABLED",
      Targets: targets,
    });
    expect(resource("AWS::Events::Rule", "ReleaseFeedChanged").properties).toMatchObject({
      EventPattern: { source: [FEED_CHANGED.source], "detail-type": [FEED_CHANGED.detailType] },
      State: "ENABLED",
      Targets: targets,
    });
  });

  it("is for check-ledger every hour", () => {
    const { logicalId } = resource("AWS::Lambda::Function", "Check");

    expect(resource("AWS::Events::Rule", "Check").properties).toMatchObject({
      ScheduleExpression: "rate(1 hour)",
      State: "ENABLED",
      Targets: [expect.objectContaining({ Arn: { "Fn::GetAtt": [logicalId, "Arn"] } })],
    });
  });

  it("is for replay-rejected nothing", () => {
    const { logicalId } = resource("AWS::Lambda::Function", "Replay");
    const rest = ["AWS::Events::Rule", "AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping"].flatMap(
      (type) => propertiesOf(service, type),
    );

    expect(JSON.stringify(rest)).not.toContain(logicalId);
  });

  it("may invoke it: each rule its own function, and nobody else", () => {
    const permissions = propertiesOf(service, "AWS::Lambda::Permission").filter(
      ({ Principal }) => Principal !== "apigateway.amazonaws.com",
    );

    expect(permissions).toHaveLength(5);
    for (const permission of permissions) {
      expect(permission).toMatchObject({
        Action: "lambda:InvokeFunction",
        Principal: "events.amazonaws.com",
        SourceArn: {
          "Fn::GetAtt": [
            expect.stringMatching(/^(Release|Check|Upkeep)Every|^ReleaseFeed|^UpkeepCredentials/),
            "Arn",
          ],
        },
      });
    }
  });
});

describe("what puts events back from the bucket", () => {
  it.each(["Release", "Replay"])("runs once at a time, and for minutes (%s)", (within) => {
    const { properties } = resource("AWS::Lambda::Function", within);

    expect(properties).toMatchObject({ ReservedConcurrentExecutions: 1, Timeout: 300 });
  });

  it.each(["Release", "Replay"])("knows the queue of either lane (%s)", (within) => {
    const { Variables } = resource("AWS::Lambda::Function", within).properties["Environment"] as {
      Variables: Record<string, unknown>;
    };

    expect(JSON.stringify(Variables["QUEUE_URL"])).toContain("RefIngestQueue");
    expect(JSON.stringify(Variables["BACKFILL_QUEUE_URL"])).toContain("RefBackfillQueue");
  });
});

it("reckons with the same rate of a feed wherever one is", () => {
  const rates = ["Live", "Backfill", "Release", "Replay"].map((within) => {
    const { Variables } = resource("AWS::Lambda::Function", within).properties["Environment"] as {
      Variables: Record<string, unknown>;
    };
    return [Variables["INITIAL_RATE"], Variables["BACKFILL_SHARE"]];
  });

  expect(new Set(rates.map(String)).size).toBe(1);
});

describe("check-ledger", () => {
  it("counts the messages of all four queues, those of the live one apart", () => {
    const { Variables } = resource("AWS::Lambda::Function", "Check").properties["Environment"] as {
      Variables: Record<string, unknown>;
    };

    const queuesIn = (name: string) =>
      JSON.stringify(Variables[name]).match(/Ref(Ingest|Backfill)(Queue|DeadLetters)/g);

    expect(queuesIn("QUEUE_URL")).toEqual(["RefIngestQueue"]);
    expect(queuesIn("OTHER_QUEUE_URLS")).toEqual([
      "RefIngestDeadLetters",
      "RefBackfillQueue",
      "RefBackfillDeadLetters",
    ]);
  });
});

const OWN_LOG_AND_TRACES = [
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];
const TABLE = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"];
const REGISTER = [
  "dynamodb:BatchGetItem",
  "dynamodb:DeleteItem",
  "dynamodb:GetItem",
  "dynamodb:PutItem",
  "dynamodb:Query",
  "dynamodb:UpdateItem",
];
const KEY = ["kms:Decrypt", "kms:GenerateDataKey"];
const CONSUME = [
  "sqs:ChangeMessageVisibility",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:ReceiveMessage",
  "sqs:SendMessage",
];
const TAKE_OUT = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"];
const DELIVER = [
  ...TABLE,
  ...KEY,
  "s3:GetObject",
  "s3:PutObject",
  "secretsmanager:GetSecretValue",
  ...CONSUME,
];

describe("the grants", () => {
  it.each([
    ["Live", [...DELIVER, ...OWN_LOG_AND_TRACES]],
    ["Backfill", [...DELIVER, ...OWN_LOG_AND_TRACES]],
    [
      "Release",
      [
        ...TABLE,
        ...KEY,
        ...TAKE_OUT,
        "secretsmanager:GetSecretValue",
        "sqs:SendMessage",
        ...OWN_LOG_AND_TRACES,
      ],
    ],
    ["Replay", [...TABLE, ...KEY, ...TAKE_OUT, "sqs:SendMessage", ...OWN_LOG_AND_TRACES]],
    [
      "Check",
      [
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
        "kms:Decrypt",
        "sqs:GetQueueAttributes",
        ...OWN_LOG_AND_TRACES,
      ],
    ],
    [
      "Onboarding",
      [
        ...REGISTER,
        ...KEY,
        "s3:ListBucket",
        "s3:GetObject",
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
        "secretsmanager:DescribeSecret",
        "secretsmanager:PutSecretValue",
        "secretsmanager:RestoreSecret",
        "secretsmanager:TagResource",
        "secretsmanager:UpdateSecretVersionStage",
        "lambda:InvokeFunction",
        "events:PutEvents",
        ...OWN_LOG_AND_TRACES,
      ],
    ],
    [
      "Connect",
      [
        ...REGISTER.filter((action) => !/:(BatchGetItem|Query)$/.test(action)),
        ...KEY,
        "secretsmanager:CreateSecret",
        "secretsmanager:DescribeSecret",
        "secretsmanager:PutSecretValue",
        "secretsmanager:RestoreSecret",
        "secretsmanager:TagResource",
        "secretsmanager:UpdateSecretVersionStage",
        "events:PutEvents",
        ...OWN_LOG_AND_TRACES,
      ],
    ],
    ["Verify", ["secretsmanager:GetSecretValue", "kms:Decrypt", ...OWN_LOG_AND_TRACES]],
    [
      "Upkeep",
      [
        ...REGISTER,
        "kms:Decrypt",
        "s3:ListBucket",
        "s3:DeleteObject",
        "secretsmanager:DeleteSecret",
        "secretsmanager:DescribeSecret",
        "secretsmanager:UpdateSecretVersionStage",
        "events:PutEvents",
        ...OWN_LOG_AND_TRACES,
      ],
    ],
    [
      "RefusedFeeds",
      [
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
        "events:PutEvents",
        "kms:Decrypt",
      ],
    ],
  ])("of %s are these actions and no others", (within, expected) => {
    const actions = statementsOf(service, within).flatMap((statement) => statement.actions);

    // What is allowed of the table, partition by partition: see table-rights.test.ts.
    expect([...new Set(actions)].sort()).toEqual([...expected].sort());
  });

  it("are all of these functions' and the pipe's", () => {
    const roles = Object.keys(service.findResources("AWS::IAM::Role"));

    expect(roles.map((id) => id.replace(/Role[0-9A-F]{8}$/, "")).sort()).toEqual([
      "BackfillDeliverEvents",
      "CheckCheckLedger",
      "ConnectConnectPage",
      "LiveDeliverEvents",
      "OnboardingOnboardingApi",
      "RefusedFeeds",
      "ReleaseReleaseHeld",
      "ReplayReplayRejected",
      "UpkeepOnboardingUpkeep",
      "VerifyVerifyFeed",
    ]);
  });

  it.each([
    ["Live", ["sqs", "dynamodb", "s3", "secretsmanager"]],
    ["Backfill", ["sqs", "dynamodb", "s3", "secretsmanager"]],
    ["Release", ["sqs", "dynamodb", "s3", "secretsmanager"]],
    ["Replay", ["sqs", "dynamodb", "s3"]],
    ["Check", ["dynamodb"]],
    ["Onboarding", ["dynamodb", "s3", "secretsmanager"]],
    ["Connect", ["dynamodb", "secretsmanager"]],
    ["Verify", ["secretsmanager"]],
    ["Upkeep", ["dynamodb"]],
    ["RefusedFeeds", ["dynamodb"]],
  ])("of %s open the key through the services that it uses", (within, services) => {
    const [statement] = statementsOf(service, within).filter(({ actions }) =>
      actions.includes("kms:Decrypt"),
    );

    const through = JSON.stringify(statement?.conditions?.["StringEquals"]?.["kms:ViaService"]);

    expect(through.match(/(sqs|dynamodb|s3|secretsmanager)(?=\.)/g)).toEqual(services);
  });

  it.each([
    ["Live", "Ingest"],
    ["Backfill", "Backfill"],
  ])("let %s use no queue but its own", (within, queue) => {
    const resources = statementsOf(service, within)
      .filter(({ actions }) => actions.some((action) => action.startsWith("sqs:")))
      .flatMap((statement) => statement.resources);

    expect(resources).toEqual([expect.stringMatching(new RegExp(`GetAtt${queue}Queue`))]);
  });

  it.each([
    ["Release", "held/"],
    ["Replay", "rejected/"],
  ])("let %s list and take out nothing but what lies under %s", (within, prefix) => {
    const statements = statementsOf(service, within);
    const [listing] = statements.filter(({ actions }) => actions.includes("s3:ListBucket"));
    const [objects] = statements.filter(({ actions }) => actions.includes("s3:DeleteObject"));

    expect(listing?.conditions).toEqual({ StringLike: { "s3:prefix": `${prefix}*` } });
    expect(objects?.resources).toEqual([expect.stringMatching(new RegExp(`BucketArn>/${prefix}\\*$`))]);
  });

  it("come with no managed policy", () => {
    for (const role of propertiesOf(service, "AWS::IAM::Role"))
      expect(role).not.toHaveProperty("ManagedPolicyArns");
  });
});

describe("the pipe", () => {
  const { properties } = resource("AWS::Pipes::Pipe", "RefusedFeeds");

  it("passes on nothing but feeds whose credentials were refused, and no step of a change of keys", () => {
    const { FilterCriteria } = properties["SourceParameters"] as {
      FilterCriteria: { Filters: { Pattern: string }[] };
    };

    expect(FilterCriteria.Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      {
        eventName: ["MODIFY"],
        dynamodb: {
          Keys: { sk: { S: [{ prefix: "feed#" }] } },
          NewImage: {
            status: { S: ["credentials_refused"] },
            rotation: { M: { id: { S: [{ exists: false }] } } },
          },
        },
      },
    ]);
  });

  it("names tenant and feed, on the account's default bus", () => {
    expect(properties).toMatchObject({
      Target: { "Fn::Join": ["", expect.arrayContaining([":event-bus/default"])] },
      TargetParameters: {
        EventBridgeEventBusParameters: {
          Source: CREDENTIALS_REFUSED.source,
          DetailType: CREDENTIALS_REFUSED.detailType,
        },
        InputTemplate: JSON.stringify({
          tenant: "<$.dynamodb.Keys.pk.S>",
          feedId: "<$.dynamodb.NewImage.feedId.S>",
          refusedSecretVersion: "<$.dynamodb.NewImage.refusedSecretVersion.S>",
        }),
      },
    });
  });
});
