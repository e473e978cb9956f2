import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { ReplayAnswer } from "../../functions/replay-rejected/replay-rejected.ts";
import type { ReplayRequest } from "../../functions/replay-rejected/request.schema.ts";
import { SqsQueueDepth } from "../../shared/aws/queue-depth.ts";
import type { FeedChanged } from "../../shared/core/feed-changed.schema.ts";
import { FEED_CHANGED } from "../../shared/core/feed-changed.ts";
import type { Credentials } from "../../shared/core/tenant.schema.ts";
import { parseCredentials, parseFeed, parseTenant } from "../../shared/core/validators.ts";
import type { TenantEntry } from "../examples/examples.ts";
import { storeTenants } from "../store-tenants.ts";
import type { DeployedOutputs } from "./deploy.ts";
import { invokeFunction, putEvent } from "./emulator-api.ts";
import type { MiniStack } from "./ministack.ts";

/** One line of a parked object, as far as the test reads it. */
export interface ParkedLine {
  readonly tenantId?: string;
  readonly feedId?: string;
  readonly reasons: readonly { readonly code: string }[];
}

/** What onboarding, a publisher and ops do with the deployed connector, by the AWS APIs alone. */
export class DeployedConnector {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly backfillQueueUrl: string;
  readonly #endpoint: string;
  readonly #outputs: DeployedOutputs;
  readonly #dynamodb: DynamoDBClient;
  readonly #s3: S3Client;
  readonly #secretsManager: SecretsManagerClient;

  constructor({ endpoint }: Pick<MiniStack, "endpoint">, outputs: DeployedOutputs) {
    const config = {
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    };
    this.#endpoint = endpoint;
    this.#outputs = outputs;
    this.queueUrl = outputs.QueueUrl;
    this.backfillQueueUrl = outputs.BackfillQueueUrl;
    this.sqs = new SQSClient(config);
    this.#dynamodb = new DynamoDBClient(config);
    this.#s3 = new S3Client({ ...config, forcePathStyle: true });
    this.#secretsManager = new SecretsManagerClient(config);
  }

  close(): void {
    for (const client of [this.sqs, this.#dynamodb, this.#s3, this.#secretsManager]) client.destroy();
  }

  /** Stores a tenant with its feeds, ready to deliver, and each feed's key and secret. */
  async onboard({ tenantId, feeds }: TenantEntry): Promise<void> {
    const tenant = {
      tenant: parseTenant({ tenantId }),
      feeds: feeds.map((feed) => ({
        feed: parseFeed({ status: "active", ...feed }),
        credentials: parseCredentials(feed),
      })),
    };
    await storeTenants([tenant], {
      dynamodb: this.#dynamodb,
      secretsManager: this.#secretsManager,
      tableName: this.#outputs.TableName,
      secretPrefix: this.#outputs.SecretPrefix,
    });
  }

  /** Replaces a feed's key and secret. @returns the version of the new secret. */
  async replaceCredentials(
    tenantId: string,
    feedId: string,
    credentials: Credentials,
  ): Promise<string | undefined> {
    const { VersionId } = await this.#secretsManager.send(
      new PutSecretValueCommand({
        SecretId: this.#secretName(tenantId, feedId),
        SecretString: JSON.stringify(credentials),
      }),
    );
    return VersionId;
  }

  /** Says, as onboarding does, that held events may go on now. */
  async announceChange(detail: FeedChanged): Promise<void> {
    await putEvent(this.#endpoint, { ...FEED_CHANGED, detail });
  }

  async replayRejected(request: ReplayRequest): Promise<ReplayAnswer> {
    const answer = await invokeFunction(this.#endpoint, this.#outputs.ReplayRejectedFunctionName, request);
    return answer as ReplayAnswer;
  }

  async checkLedger(): Promise<void> {
    await invokeFunction(this.#endpoint, this.#outputs.CheckLedgerFunctionName, {});
  }

  /** A feed as it stands in the table. */
  async feed(tenantId: string, feedId: string): Promise<Record<string, unknown>> {
    const { Item } = await this.#dynamodb.send(
      new GetItemCommand({
        TableName: this.#outputs.TableName,
        Key: marshall({ pk: `tenant#${tenantId}`, sk: `feed#${feedId}` }),
      }),
    );
    return Item ? unmarshall(Item) : {};
  }

  /** Messages on the queues of both lanes, hidden ones included. */
  messagesQueued(): Promise<number> {
    return this.#messagesIn(this.#outputs.QueueUrl, this.#outputs.BackfillQueueUrl);
  }

  deadLetters(): Promise<number> {
    return this.#messagesIn(this.#outputs.DeadLetterQueueUrl, this.#outputs.BackfillDeadLetterQueueUrl);
  }

  /** Every event that was parked with an ending so far. */
  async parked(ending: "rejected" | "held"): Promise<ParkedLine[]> {
    const Bucket = this.#outputs.BucketName;
    const { Contents = [] } = await this.#s3.send(new ListObjectsV2Command({ Bucket, Prefix: `${ending}/` }));
    const bodies = await Promise.all(
      Contents.map(async ({ Key }) => {
        const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket, Key }));
        return (await Body?.transformToString()) ?? "";
      }),
    );
    return bodies.flatMap((body) => body.split("\n").filter(Boolean)).map((line) => JSON.parse(line));
  }

  async #messagesIn(liveUrl: string, ...otherUrls: readonly string[]): Promise<number> {
    const { live, others } = await new SqsQueueDepth({ client: this.sqs, liveUrl, otherUrls }).messages();
    return live + others;
  }

  #secretName(tenantId: string, feedId: string): string {
    return `${this.#outputs.SecretPrefix}/${tenantId}/${feedId}`;
  }
}
