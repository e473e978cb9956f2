import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { addConnector } from "../../infra/connector-app.ts";
import { stageOf } from "../../infra/stages.ts";
import { LEDGER_INDEX } from "../../shared/aws/ledger-table.ts";
import { propertiesOf, synthesize, withApp } from "./synthesize.ts";

const stage = stageOf("production");
const { state } = synthesize(stage);
const FOURTEEN_DAYS_IN_SECONDS = 1_209_600;

const queues = Object.entries(state.findResources("AWS::SQS::Queue"));
const deadLetterQueueOf = (queue: Record<string, unknown>): string =>
  (queue as { RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": [string] } } }).RedrivePolicy
    .deadLetterTargetArn["Fn::GetAtt"][0];

describe.each(["Ingest", "Backfill"])("the %s queue", (name) => {
  const [, resource] = queues.find(([id]) => id.startsWith(`${name}Queue`)) ?? [];
  const queue: Record<string, unknown> = resource?.["Properties"];

  it("hides a message six times longer than its consumer may run", () => {
    expect(queue["VisibilityTimeout"]).toBe(6 * stage.deliver.timeout.toSeconds());
  });

  it("dead-letters a message only after a hundred receives more than the function takes to park it", () => {
    expect(queue["RedrivePolicy"]).toMatchObject({ maxReceiveCount: stage.deliver.holdAfterReceives + 100 });
  });

  it("dead-letters to a queue of its own, which has no redrive policy", () => {
    const deadLetters = state.findResources("AWS::SQS::Queue")[deadLetterQueueOf(queue)];

    expect(deadLetterQueueOf(queue)).toMatch(new RegExp(`^${name}DeadLetters`));
    expect(deadLetters?.["Properties"]).not.toHaveProperty("RedrivePolicy");
  });
});

describe("the queues", () => {
  it("are one for live events and one for backfill, each with one for dead letters", () => {
    expect(queues.map(([id]) => id.replace(/[0-9A-F]{8}$/, "")).sort()).toEqual([
      "BackfillDeadLetters",
      "BackfillQueue",
      "IngestDeadLetters",
      "IngestQueue",
    ]);
  });

  it("all keep messages for 14 days", () => {
    state.allResourcesProperties("AWS::SQS::Queue", { MessageRetentionPeriod: FOURTEEN_DAYS_IN_SECONDS });
  });
});

describe("encryption", () => {
  it.each(["AWS::SQS::Queue", "AWS::DynamoDB::Table", "AWS::S3::Bucket"])(
    "uses the stack's own key for every %s",
    (type) => {
      const [keyId] = Object.keys(state.findResources("AWS::KMS::Key"));
      const resources = propertiesOf(state, type);

      expect(resources.length).toBeGreaterThan(0);
      for (const properties of resources)
        expect(encryptionKeyOf(properties)).toEqual({ "Fn::GetAtt": [keyId, "Arn"] });
    },
  );

  it("rotates the key", () => {
    state.allResourcesProperties("AWS::KMS::Key", { EnableKeyRotation: true });
  });

  it.each(["AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"])(
    "refuses calls without TLS by every %s",
    (type) => {
      const protectedCount = type === "AWS::S3::BucketPolicy" ? 1 : 4;

      state.resourceCountIs(type, protectedCount);
      state.allResourcesProperties(type, {
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: "Deny",
              Principal: { AWS: "*" },
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            }),
          ]),
        }),
      });
    },
  );
});

describe("the bucket", () => {
  it("is open to nobody by policy or list", () => {
    state.hasResourceProperties("AWS::S3::Bucket", {
      AccessControl: Match.absent(),
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  it("deletes rejected and held events at the stage's ages, and nothing else that is current", () => {
    const [bucket] = Object.values(state.findResources("AWS::S3::Bucket"));
    const rules: Record<string, unknown>[] = bucket?.["Properties"].LifecycleConfiguration.Rules;

    const expiring = rules.filter((rule) => "ExpirationInDays" in rule || "ExpirationDate" in rule);

    expect(expiring.map((rule) => [rule["Prefix"], rule["ExpirationInDays"]])).toEqual([
      ["rejected/", stage.rejectedRetention.toDays()],
      ["held/", stage.heldRetention.toDays()],
    ]);
  });

  it("forgets what was deleted, and the markers of it, after a month", () => {
    state.hasResourceProperties("AWS::S3::Bucket", {
      LifecycleConfiguration: Match.objectLike({
        Rules: Match.arrayWith([
          Match.objectLike({
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
            ExpiredObjectDeleteMarker: true,
            Prefix: Match.absent(),
          }),
        ]),
      }),
    });
  });
});

describe("the table", () => {
  it("has the keys and the expiry that items are written with", () => {
    state.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
    });
  });

  it("finds the accounts of the ledger by the hour in which they were written", () => {
    state.hasResourceProperties("AWS::DynamoDB::Table", {
      GlobalSecondaryIndexes: [
        {
          IndexName: LEDGER_INDEX,
          KeySchema: [{ AttributeName: LEDGER_INDEX, KeyType: "HASH" }],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    });
  });

  it("tells in a stream what an item has become", () => {
    state.hasResourceProperties("AWS::DynamoDB::Table", {
      StreamSpecification: { StreamViewType: "NEW_IMAGE" },
    });
  });

  it("can be restored to any second and not be deleted by a slip", () => {
    state.hasResourceProperties("AWS::DynamoDB::Table", {
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    });
  });
});

describe("what outlives the stack", () => {
  it.each(["AWS::KMS::Key", "AWS::SQS::Queue", "AWS::DynamoDB::Table", "AWS::S3::Bucket"])(
    "keeps every %s",
    (type) => {
      state.allResources(type, { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    },
  );

  it("protects the state stack alone from termination", () => {
    const protection = withApp((app) =>
      Object.entries(addConnector(app, stage)).map(([name, stack]) => [name, stack.terminationProtection]),
    );

    expect(Object.fromEntries(protection)).toEqual({ state: true, service: false, ops: false });
  });

  it.each([
    "QueueUrl",
    "DeadLetterQueueUrl",
    "BackfillQueueUrl",
    "BackfillDeadLetterQueueUrl",
    "TableName",
    "BucketName",
    "SecretPrefix",
  ])("tells its %s", (output) => {
    expect(Object.keys(state.findOutputs(output))).toEqual([output]);
  });
});

function encryptionKeyOf(properties: Record<string, unknown>): unknown {
  const { KmsMasterKeyId, SSESpecification, BucketEncryption } = properties as {
    KmsMasterKeyId?: unknown;
    SSESpecification?: { KMSMasterKeyId: unknown };
    BucketEncryption?: {
      ServerSideEncryptionConfiguration: { ServerSideEncryptionByDefault: { KMSMasterKeyID: unknown } }[];
    };
  };
  return (
    KmsMasterKeyId ??
    SSESpecification?.KMSMasterKeyId ??
    BucketEncryption?.ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault.KMSMasterKeyID
  );
}
