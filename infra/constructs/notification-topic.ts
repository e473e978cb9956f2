import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";

/**
 * The topic that alarms are published to, encrypted, HTTPS only.
 *
 * It has a key of its own because CloudWatch must be allowed to use it, and nothing that CloudWatch may use should open
 * queued events or credentials.
 */
export class NotificationTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const key = new Key(this, "Key", {
      description: "Partner feed connector: alarm notifications",
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const alarmsOfThisAccount = {
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
    };
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsEncrypt",
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        // In a key's policy the only resource is the key itself.
        resources: ["*"],
        ...alarmsOfThisAccount,
      }),
    );
    this.topic = new Topic(this, "Topic", { masterKey: key, enforceSSL: true });
    // The policy that enforces TLS replaces the one that a topic has by default, and with it the right of alarms.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsPublish",
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
        ...alarmsOfThisAccount,
      }),
    );
  }
}
