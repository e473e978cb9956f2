import { ArnFormat, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import { HELD_PREFIX, REJECTED_PREFIX } from "./constructs/parking-bucket.ts";
import type { StateStack } from "./state-stack.ts";

/** Lets the deliver-events function do what it does with the state, action by action, and nothing else. */
export function grantState(role: Role, state: StateStack): void {
  grantQueueAndTable(role, state);
  grantParking(role, state);
  grantCredentials(role, state);
  grantKey(role, state);
}

function grantQueueAndTable(role: Role, { ingest, table }: StateStack): void {
  role.addToPolicy(
    new PolicyStatement({
      sid: "ConsumeAndSendBack",
      actions: [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ChangeMessageVisibility",
        "sqs:SendMessage",
      ],
      resources: [ingest.queue.queueArn],
    }),
  );
  role.addToPolicy(
    new PolicyStatement({
      sid: "ReadAndMarkFeeds",
      actions: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"],
      resources: [table.tableArn],
    }),
  );
}

function grantParking(role: Role, state: StateStack): void {
  // Exported under a name of our own, because cdk-nag's findings below are told apart by it.
  const exportName = `${state.stackName}-BucketArn`;
  const bucketArn = state.exportValue(state.parking.bucket.bucketArn, { name: exportName });
  const prefixes = [REJECTED_PREFIX, HELD_PREFIX];
  role.addToPolicy(
    new PolicyStatement({
      sid: "ParkEvents",
      actions: ["s3:PutObject"],
      resources: prefixes.map((prefix) => `${bucketArn}/${prefix}*`),
    }),
  );
  Validations.of(role).acknowledge(
    ...prefixes.map((prefix) => ({
      id: `AwsSolutions-IAM5[Resource::${exportName}/${prefix}*]`,
      reason: `Parked objects are named when they are written, each under ${prefix}; the function may only add to them.`,
    })),
  );
}

function grantCredentials(role: Role, { secretPrefix }: StateStack): void {
  const resourceName = `${secretPrefix}/*`;
  role.addToPolicy(
    new PolicyStatement({
      sid: "ReadCredentials",
      actions: ["secretsmanager:GetSecretValue"],
      resources: [
        Stack.of(role).formatArn({
          service: "secretsmanager",
          resource: "secret",
          resourceName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    }),
  );
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${resourceName}]`,
    reason:
      "One secret per feed, created when a tenant is onboarded: only the prefix is known when this is deployed.",
  });
}

function grantKey(role: Role, { key, region, urlSuffix }: StateStack): void {
  role.addToPolicy(
    new PolicyStatement({
      sid: "UseKeyThroughServices",
      // Decrypt reads messages, items and secrets; GenerateDataKey writes messages and objects.
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [key.keyArn],
      conditions: {
        StringEquals: {
          "kms:ViaService": ["sqs", "dynamodb", "s3", "secretsmanager"].map(
            (service) => `${service}.${region}.${urlSuffix}`,
          ),
        },
      },
    }),
  );
}
