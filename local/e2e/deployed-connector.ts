import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { invoke } from "../../shared/aws/invoke.ts";
import { SqsQueueDepth } from "../../shared/aws/queue-depth.ts";
import { withSignature } from "../../shared/client/authentication.ts";
import { createOnboardingClient, type OnboardingClient } from "../../shared/client/onboarding-client.ts";
import { parseCredentials, parseFeed, parseTenant } from "../../shared/core/validators.ts";
import type { TenantEntry } from "../examples/examples.ts";
import { onboardTenants } from "../onboarding/onboard-tenants.ts";
import type { DeployedOutputs } from "./deploy.ts";
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
  readonly onboarding: OnboardingClient;
  /** Where the onboarding API and the connect page are. */
  readonly onboardingUrl: string;
  readonly #lambda: LambdaClient;
  readonly #outputs: DeployedOutputs;
  readonly #dynamodb: DynamoDBClient;
  readonly #s3: S3Client;

  constructor({ endpoint }: Pick<MiniStack, "endpoint">, outputs: DeployedOutputs) {
    const config = {
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    };
    this.#lambda = new LambdaClient(config);
    this.#outputs = outputs;
    this.queueUrl = outputs.QueueUrl;
    this.backfillQueueUrl = outputs.BackfillQueueUrl;
    this.sqs = new SQSClient(config);
    this.#dynamodb = new DynamoDBClient(config);
    this.onboardingUrl = gatewayUrl(endpoint, outputs.OnboardingApiUrl);
    this.onboarding = createOnboardingClient({
      url: this.onboardingUrl,
      authenticate: withSignature({ region: config.region, credentials: config.credentials }),
      // The emulator starts functions, and calls them one after another.
      timeoutMs: 90_000,
    });
    this.#s3 = new S3Client({ ...config, forcePathStyle: true });
  }

  close(): void {
    for (const client of [this.sqs, this.#lambda, this.#dynamodb, this.#s3]) client.destroy();
  }

  /** Onboards a tenant through the deployed API, signed as a partner's service signs. */
  async onboard({ tenantId, feeds }: TenantEntry): Promise<void> {
    const tenant = {
      tenant: parseTenant({ tenantId }),
      feeds: feeds.map((feed) => ({
        feed: parseFeed({ status: "active", ...feed }),
        credentials: parseCredentials(feed),
      })),
    };
    await onboardTenants(this.onboarding, [tenant]);
  }

  async checkLedger(): Promise<void> {
    await invoke(this.#lambda, this.#outputs.CheckLedgerFunctionName, {});
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
}

/** The emulator's path to an API: the host that the API's own URL names is nobody's on this machine. */
function gatewayUrl(endpoint: string, apiUrl: string): string {
  const apiId = /^https?:\/\/([a-z0-9]+)\./.exec(apiUrl)?.[1];
  if (apiId === undefined) throw new Error(`The stack's output names no API: ${apiUrl}`);
  return `${endpoint}/_aws/execute-api/${apiId}/$default`;
}
