import { Stack } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { CfnPipe } from "aws-cdk-lib/aws-pipes";
import { Construct } from "constructs";
import { CREDENTIALS_REFUSED } from "../../shared/core/feed-changed.ts";

export interface RefusedFeedEventsProps {
  /** With a stream of new images. */
  readonly table: Table;
  /** Of the table. */
  readonly encryptionKey: IKey;
}

/**
 * Says on the account's default event bus which feed's credentials were refused: an event for each time that its item in
 * the table comes to say so, or changes while it does.
 *
 * A pipe from the table's stream, so that no function has to carry EventBridge's client for it. What its filter leaves out,
 * which is nearly everything, costs nothing but the reading.
 *
 * @see docs/adr/006-tell-of-refused-keys-by-a-pipe.md
 */
export class RefusedFeedEvents extends Construct {
  constructor(scope: Construct, id: string, { table, encryptionKey }: RefusedFeedEventsProps) {
    super(scope, id);
    const { tableStreamArn } = table;
    if (tableStreamArn === undefined) throw new Error("The table has no stream");
    const stack = Stack.of(this);
    const busArn = stack.formatArn({ service: "events", resource: "event-bus", resourceName: "default" });
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("pipes.amazonaws.com") });
    const statements = [
      {
        actions: ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map(
          (action) => `dynamodb:${action}`,
        ),
        resources: [tableStreamArn],
      },
      {
        actions: ["kms:Decrypt"],
        resources: [encryptionKey.keyArn],
        conditions: {
          StringEquals: { "kms:ViaService": `dynamodb.${stack.region}.${stack.urlSuffix}` },
        },
      },
      { actions: ["events:PutEvents"], resources: [busArn] },
    ];
    for (const statement of statements) role.addToPolicy(new PolicyStatement(statement));

    const pipe = new CfnPipe(this, "Pipe", {
      description: "Feeds whose credentials mParticle refused",
      roleArn: role.roleArn,
      source: tableStreamArn,
      sourceParameters: {
        dynamoDbStreamParameters: { startingPosition: "LATEST", batchSize: 1 },
        filterCriteria: { filters: [{ pattern: JSON.stringify(REFUSED) }] },
      },
      target: busArn,
      targetParameters: {
        eventBridgeEventBusParameters: {
          source: CREDENTIALS_REFUSED.source,
          detailType: CREDENTIALS_REFUSED.detailType,
        },
        inputTemplate: JSON.stringify({
          tenant: "<$.dynamodb.Keys.pk.S>",
          feedId: "<$.dynamodb.NewImage.feedId.S>",
          refusedSecretVersion: "<$.dynamodb.NewImage.refusedSecretVersion.S>",
        }),
      },
    });
    // Its creation fails where the role may not read the stream yet.
    pipe.node.addDependency(role);
  }
}

const REFUSED = {
  eventName: ["MODIFY"],
  dynamodb: {
    Keys: { sk: { S: [{ prefix: "feed#" }] } },
    NewImage: {
      status: { S: ["credentials_refused"] },
      // A change of keys that is under way writes its steps into the item. Its end is told, if the keys are refused still.
      rotation: { M: { id: { S: [{ exists: false }] } } },
    },
  },
};
