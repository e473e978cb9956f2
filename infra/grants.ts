import { ArnFormat, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { FEED_CHANGED } from "../shared/core/feed-changed.ts";
import type { StateStack } from "./state-stack.ts";

/**
 * What functions may do with the state: each names the actions that its adapters call, and nothing else is granted.
 */

export function grantQueues(role: Role, queues: readonly IQueue[], actions: readonly string[]): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: actions.map((action) => `sqs:${action}`),
      resources: queues.map(({ queueArn }) => queueArn),
    }),
  );
}

/** What the table's partition keys are, or begin with. What lies under them, the adapters in `shared/aws` tell. */
export type Partition =
  | "tenants"
  | "tenant#*"
  | "link#*"
  | "key#*"
  | "audit#*"
  | "claims#*"
  | "invocation#*"
  | "system"
  | "upkeep"
  | "unreadable";

type ItemAction = "BatchGetItem" | "DeleteItem" | "GetItem" | "PutItem" | "Query" | "UpdateItem";

/** To do each action in the partitions that are named, and in no others. A batch may mix those of its action. */
export function grantItems(
  role: Role,
  { table }: StateStack,
  rights: { readonly [Action in ItemAction]?: readonly Partition[] },
): void {
  for (const [action, partitions] of Object.entries(rights))
    role.addToPolicy(
      new PolicyStatement({
        actions: [`dynamodb:${action}`],
        resources: [table.tableArn],
        conditions: {
          "ForAllValues:StringLike": { "dynamodb:LeadingKeys": partitions },
          // Of a request that names no key, all keys would be like that.
          Null: { "dynamodb:LeadingKeys": "false" },
        },
      }),
    );
}

/** @param prefixes - Of the objects' keys. */
export function grantObjects(
  role: Role,
  { bucketArn, bucketExportName }: StateStack,
  prefixes: readonly string[],
  actions: readonly string[],
): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: actions.map((action) => `s3:${action}`),
      resources: prefixes.map((prefix) => `${bucketArn}/${prefix}*`),
    }),
  );
  Validations.of(role).acknowledge(
    ...prefixes.map((prefix) => ({
      id: `AwsSolutions-IAM5[Resource::${bucketExportName}/${prefix}*]`,
      reason: `Parked objects are named when they are written, each under ${prefix}.`,
    })),
  );
}

/** To find objects: nothing but the keys with this prefix can be listed. */
export function grantListing(role: Role, { bucketArn }: StateStack, prefix: string): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: ["s3:ListBucket"],
      resources: [bucketArn],
      conditions: { StringLike: { "s3:prefix": `${prefix}*` } },
    }),
  );
}

/** To read feeds' keys. */
export function grantCredentials(role: Role, state: StateStack): void {
  grantSecrets(role, state, ["GetSecretValue"]);
}

/** To write feeds' keys, and to know of their versions: none of these actions gives a key out. */
export function grantSecretWriting(
  role: Role,
  state: StateStack,
  actions: readonly Exclude<SecretAction, "GetSecretValue">[],
): void {
  grantSecrets(role, state, actions);
}

type SecretAction =
  | "CreateSecret"
  | "DeleteSecret"
  | "DescribeSecret"
  | "GetSecretValue"
  | "PutSecretValue"
  | "RestoreSecret"
  | "TagResource"
  | "UpdateSecretVersionStage";

function grantSecrets(role: Role, { secretPrefix }: StateStack, actions: readonly SecretAction[]): void {
  const resourceName = `${secretPrefix}/*`;
  role.addToPolicy(
    new PolicyStatement({
      actions: actions.map((action) => `secretsmanager:${action}`),
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

/** To invoke functions and wait for their answers. Their versions are none of it. */
export function grantInvocation(role: Role, functions: readonly IFunction[]): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: ["lambda:InvokeFunction"],
      resources: functions.map(({ functionArn }) => functionArn),
    }),
  );
}

/** To tell of changed feeds on the account's default bus. Of refused keys the table's pipe alone tells (ADR 6). */
export function grantEvents(role: Role): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: ["events:PutEvents"],
      resources: [
        Stack.of(role).formatArn({ service: "events", resource: "event-bus", resourceName: "default" }),
      ],
      conditions: {
        StringEquals: { "events:source": FEED_CHANGED.source, "events:detail-type": FEED_CHANGED.detailType },
      },
    }),
  );
}

/** Services that encrypt with the key on behalf of whoever calls them. */
export type EncryptingService = "sqs" | "dynamodb" | "s3" | "secretsmanager";

/** Decrypt reads messages, items, objects and secrets; GenerateDataKey writes messages and objects. */
export function grantKey(
  role: Role,
  { key, region, urlSuffix }: StateStack,
  through: readonly EncryptingService[],
  actions: readonly ("Decrypt" | "GenerateDataKey")[] = ["Decrypt", "GenerateDataKey"],
): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: actions.map((action) => `kms:${action}`),
      resources: [key.keyArn],
      conditions: {
        StringEquals: { "kms:ViaService": through.map((service) => `${service}.${region}.${urlSuffix}`) },
      },
    }),
  );
}
