import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { SQSBatchResponse } from "aws-lambda";
import { startEmbeddedAws } from "../../local/aws/embedded-aws.ts";
import { provision } from "../../local/aws/provision.ts";
import type { AwsCall } from "../../local/aws/service.ts";
import { type AwsClients, connectorEnv, createClients, destroyClients } from "../../local/connector.ts";
import { openSourceQueue } from "../../local/event-source/source-queue.ts";
import { type HttpFunction, startGateway } from "../../local/onboarding/gateway.ts";
import { type StandIn, startStandIn } from "../../local/stand-in/stand-in.ts";
import { SqsQueueDepth } from "../../shared/aws/queue-depth.ts";
import type { TableCall } from "../infra/table-rights.ts";
import { type Functions, startFunctions } from "./functions.ts";
import { readable } from "./secret-forms.ts";
import { tableCallOf } from "./table-call.ts";

const TOKEN = "whole-run-token-0123456789";
/** Access key of the functions, by which their calls are told from the test's own. */
const FUNCTIONS = "functions";

/** Looks at an empty queue before it counts as stuck. */
const MAX_WAITS = 200;

/** Every function of the connector as it is deployed, on the embedded AWS, with all that leaves it kept. */
export interface WholeConnector {
  readonly functions: Functions;
  readonly clients: AwsClients;
  readonly standIn: StandIn;
  readonly queueUrl: string;
  /** Where API and connect page are. */
  readonly url: string;
  readonly token: string;
  /** Calls to the table, by function. */
  readonly tableCalls: ReadonlyMap<string, readonly TableCall[]>;
  /** Sends what is on the queue, and not hidden, through deliver-events. */
  deliver(): Promise<void>;
  /** As {@link deliver}, until nothing is left. */
  settle(): Promise<void>;
  /** Everything that was written or said so far, but to Secrets Manager and mParticle, by where. */
  places(): Promise<Map<string, string>>;
  /** Takes an answer of the API or the page for the search. */
  keepAnswer(response: Response): Promise<void>;
  close(): Promise<void>;
}

export async function startWholeConnector(): Promise<WholeConnector> {
  const sent: string[] = [];
  const tableCalls = new Map<string, TableCall[]>();
  let functions: Functions | undefined;
  const aws = await startEmbeddedAws({ faults: { pass: (call, next) => watch(call, next, onCall) } });
  const onCall = ({ service, operation, caller, request }: AwsCall, body: string) => {
    // What is looked for in the table is not in it.
    const isRead = service === "dynamodb" && /^(Get|BatchGet|Query)/.test(operation);
    if (service !== "secretsmanager" && !isRead) sent.push(`${service} ${operation} ${request.url} ${body}`);
    if (service !== "dynamodb" || caller !== FUNCTIONS) return;
    const name = functions?.running() ?? "nobody";
    tableCalls.set(name, [...(tableCalls.get(name) ?? []), tableCallOf(operation, body)]);
  };
  const state = await provision(aws);
  const standIn = await startStandIn({ feeds: [] });
  const clients = createClients(aws.clientConfig);
  const invocations = await startServer(async (request, body) => {
    sent.push(`lambda ${request.url} ${body}`);
    const name = /^\/2015-03-31\/functions\/([a-z-]+)\/invocations$/.exec(request.url ?? "")?.[1] ?? "";
    const answer = JSON.stringify(await functions?.invoke(name, JSON.parse(body)));
    sent.push(`lambda answered ${answer}`);
    return answer;
  });
  const bus = await startServer(async (_, body) => {
    sent.push(`events ${body}`);
    return JSON.stringify({ FailedEntryCount: 0, Entries: [{ EventId: "1" }] });
  });
  functions = await startFunctions({
    ...connectorEnv(state, standIn.url),
    BACKFILL_QUEUE_URL: state.queueUrl,
    OTHER_QUEUE_URLS: state.deadLetterQueueUrl,
    AUTHORIZER: "jwt",
    BRAND: JSON.stringify({ name: "Partner", colour: "#1f5fbf" }),
    VERIFY_FEED_FUNCTION: "verify-feed",
    REPLAY_REJECTED_FUNCTION: "replay-rejected",
    RETRY_BASE_MS: "10",
    MAX_ATTEMPTS: "2",
    BACKOFF_BASE_SECONDS: "0",
    BACKOFF_MAX_SECONDS: "1",
    PROOF_TIMEOUT_MS: "500",
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: FUNCTIONS,
    AWS_SECRET_ACCESS_KEY: "none",
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ENDPOINT_URL_LAMBDA: invocations.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
  });
  const run = functions;
  const http =
    (name: string): HttpFunction =>
    async (event) =>
      (await run.invoke(name, event)) as Awaited<ReturnType<HttpFunction>>;
  const gateway = await startGateway({
    api: http("onboarding-api"),
    page: http("connect-page"),
    token: TOKEN,
  });
  const answers: string[] = [];
  const deliver = async () => {
    for (;;) {
      const records = await queue.receive(10);
      if (records.length === 0) return;
      sent.push(`queue ${JSON.stringify(records)}`);
      const answer = (await run.invoke("deliver-events", { Records: records })) as SQSBatchResponse;
      const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      await queue.delete(records.filter(({ messageId }) => !failed.has(messageId)));
    }
  };
  const depth = new SqsQueueDepth({ client: clients.sqs, liveUrl: state.queueUrl, otherUrls: [] });
  const queue = await openSourceQueue(clients.sqs, state.queueUrl, undefined);
  return {
    functions: run,
    clients,
    standIn,
    queueUrl: state.queueUrl,
    url: gateway.url,
    token: TOKEN,
    tableCalls,
    deliver,
    async settle() {
      for (let waits = 0; waits < MAX_WAITS; waits++) {
        await deliver();
        if ((await depth.messages()).live === 0) return;
        // Hidden until their turn.
        await sleep(100);
      }
      throw new Error("Messages stay on the queue");
    },
    async keepAnswer(response) {
      const headers = JSON.stringify([...response.headers]);
      answers.push(`${response.status} ${headers} ${await response.clone().text()}`);
    },
    places: async () =>
      new Map([
        ["logs and metrics", run.output()],
        ["traces", run.traces()],
        ["answers", answers.join("\n")],
        ["calls", sent.join("\n")],
        ["the table", await itemsIn(clients, state.tableName)],
        ["the bucket", await objectsIn(clients, state.bucketName)],
      ]),
    async close() {
      await gateway.close();
      await run.close();
      await Promise.all([invocations.close(), bus.close(), standIn.close()]);
      destroyClients(clients);
      await aws.close();
    },
  };
}

/** Hands a call on, and tells of it once its body is there. */
function watch(call: AwsCall, next: () => void, onCall: (call: AwsCall, body: string) => void): void {
  const chunks: Buffer[] = [];
  call.request.on("data", (chunk: Buffer) => chunks.push(chunk));
  call.request.on("end", () => onCall(call, readable(Buffer.concat(chunks))));
  next();
}

async function startServer(answer: (request: IncomingMessage, body: string) => Promise<string>) {
  const server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString("utf8");
    try {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
      response.end(await answer(request, body));
    } catch {
      response.end(JSON.stringify({ errorMessage: "failed" }));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function itemsIn({ dynamodb }: AwsClients, TableName: string): Promise<string> {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return JSON.stringify(Items, (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
  );
}

async function objectsIn({ s3 }: AwsClients, Bucket: string): Promise<string> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const objects = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return `${Key} ${JSON.stringify(Metadata)} ${readable(bytes)}`;
    }),
  );
  return objects.join("\n");
}
