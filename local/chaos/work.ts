import { setTimeout as sleep } from "node:timers/promises";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { seededRandom } from "../../bench/sample-events.ts";
import { CLIENT_SETTINGS } from "../../shared/aws/client-settings.ts";
import type { Log } from "../../shared/ports.ts";
import { awsClock } from "../../shared/runtime/clock.ts";
import type { EmbeddedAwsClientConfig } from "../aws/embedded-aws.ts";
import { type Connector, createClients, createConnector, destroyClients } from "../connector.ts";
import { startPoller } from "../poller.ts";
import { type Delivery, disturbDelivery, loseDeletions } from "./delivery.ts";
import { eventIdsIn } from "./event-ids.ts";
import { lineLog } from "./line-log.ts";
import { shortenDelays } from "./virtual-time.ts";
import type { ClockSetting } from "./worker-clock.ts";

export interface WorkerConfig {
  /** As `createConnector` takes them. */
  readonly env: Readonly<Record<string, string>>;
  readonly aws: EmbeddedAwsClientConfig;
  readonly clock: ClockSetting;
  readonly seed: number;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  readonly maxConcurrency: number;
  readonly functionTimeoutSeconds: number;
  readonly delivery: Delivery;
  /** Invocations after which the next one starts cold, with nothing in memory. 0: never. */
  readonly coldStartEvery: number;
  /** Sends the connector's log to the parent. */
  readonly log: boolean;
}

/** What a worker tells its parent. */
export type WorkerReport =
  | { readonly kind: "ready" }
  /** An invocation starts with so many records, which hold these events. */
  | {
      readonly kind: "began";
      readonly invocation: number;
      readonly records: number;
      readonly ids: readonly string[];
    }
  /** Its records are settled on the queue. */
  | { readonly kind: "ended"; readonly invocation: number; readonly failed: boolean }
  /** SQS hands these events' messages to another invocation too, at the same time or later. */
  | { readonly kind: "shared"; readonly ids: readonly string[] }
  | { readonly kind: "log"; readonly line: string };

/** The credentials by which the rig tells the event source mapping's calls from the connector's own. */
const EVENT_SOURCE = { accessKeyId: "event-source", secretAccessKey: "event-source" };

/** Polls and delivers until the parent says stop. */
export async function work(config: WorkerConfig): Promise<void> {
  const { scale } = config.clock;
  const random = seededRandom(config.seed);
  const clients = createClients(config.aws, CLIENT_SETTINGS);
  const clock = { ...awsClock(clients.dynamodb), sleep: (ms: number) => sleep(ms / scale) };
  shortenDelays(clients.sqs, scale);
  const start = () =>
    createConnector(config.env, { clients, clock, random, log: logOf(config) }, { onReports: () => {} });

  // Lambda goes on until the queue has answered, so this client tries more often than the connector's.
  const source = new SQSClient({
    ...config.aws,
    ...CLIENT_SETTINGS,
    credentials: EVENT_SOURCE,
    maxAttempts: 8,
  });
  const queueUrl = config.env["QUEUE_URL"] ?? "";
  const environments: Connector[] = [start()];
  const numbers = new WeakMap<object, number>();
  let invocations = 0;
  const poller = startPoller({
    client: source,
    queueUrl,
    batchSize: config.batchSize,
    batchWindowSeconds: config.batchWindowSeconds,
    maxConcurrency: config.maxConcurrency,
    functionTimeoutSeconds: config.functionTimeoutSeconds,
    async sqsFunction(event, context) {
      const invocation = ++invocations;
      if (config.coldStartEvery > 0 && invocation % config.coldStartEvery === 0)
        environments.unshift(start());
      const ids = event.Records.flatMap(({ body, messageId }) => eventIdsIn(body, messageId));
      numbers.set(event, invocation);
      tell({ kind: "began", invocation, records: event.Records.length, ids });
      const { sqsFunction } = environments[0] ?? start();
      const { records, shared } = await disturbDelivery(event.Records, config.delivery, {
        sqs: source,
        queueUrl,
        random,
      });
      tellShared(shared);
      const answer = (await sqsFunction({ Records: records }, context)) ?? { batchItemFailures: [] };
      const { response, undeleted } = loseDeletions(answer, event.Records, config.delivery.undeleted, random);
      tellShared(undeleted);
      return response;
    },
    onInvoked(event, outcome) {
      tell({ kind: "ended", invocation: numbers.get(event) ?? 0, failed: outcome.kind !== "returned" });
    },
    onError: (error) =>
      logOf(config).error("The poller met an error", {
        error: error instanceof Error ? error.message : String(error),
      }),
  });
  tell({ kind: "ready" });
  await new Promise((resolve) => process.once("message", resolve));
  await poller.stop();
  for (const { close } of environments) close();
  destroyClients(clients);
  source.destroy();
  process.disconnect();
}

function tellShared(records: readonly SQSRecord[]): void {
  if (records.length > 0)
    tell({ kind: "shared", ids: records.flatMap(({ body, messageId }) => eventIdsIn(body, messageId)) });
}

function tell(report: WorkerReport): void {
  // Without a parent the worker is about to end.
  if (process.connected) process.send?.(report);
}

function logOf({ log }: WorkerConfig): Log {
  return lineLog(`worker ${process.pid}`, log ? (line) => tell({ kind: "log", line }) : undefined);
}
