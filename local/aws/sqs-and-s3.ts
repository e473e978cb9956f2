import { buildApp } from "fauxqs";
import type { EmulatedService } from "./service.ts";

/** Queue URLs as fauxqs makes them. `*.localhost` resolves in some programs only, and not in Node. */
const FAUXQS_QUEUE_ORIGIN = /http:\/\/sqs\.[a-z0-9-]+\.localhost(:\d+)?(?=\/)/g;

const ANSWERS_WITH_QUEUE_URLS = new Set([
  "AmazonSQS.CreateQueue",
  "AmazonSQS.GetQueueUrl",
  "AmazonSQS.ListQueues",
]);

/**
 * SQS and S3 by fauxqs, in memory.
 *
 * Differs from AWS: `MessageGroupId` is dropped on a standard queue, S3 ignores `If-None-Match`, and SQS speaks the JSON
 * protocol of the SDKs since the end of 2023 but not the older query protocol.
 */
export async function createSqsAndS3(region: string): Promise<EmulatedService> {
  await acceptAllOfUnicode();
  const app = buildApp({ logger: false, defaultRegion: region });

  // A client that was given an endpoint by `AWS_ENDPOINT_URL` alone still sends to the queue URL's host
  // (`useQueueUrlAsEndpoint` in SDK v3): so queue URLs carry the very host that the caller reached us by.
  app.addHook("onSend", async (request, _reply, payload) => {
    const host = request.headers.host;
    if (host === undefined || typeof payload !== "string") return payload;
    if (!ANSWERS_WITH_QUEUE_URLS.has(String(request.headers["x-amz-target"]))) return payload;
    return payload.replace(FAUXQS_QUEUE_ORIGIN, `http://${host}`);
  });

  await app.ready();
  return {
    handle: (request, response) => app.routing(request, response),
    close: () => app.close(),
  };
}

/**
 * fauxqs looks for forbidden characters by UTF-16 unit and so refuses every character beyond U+FFFF, emoji among them. SQS
 * takes those.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
async function acceptAllOfUnicode(): Promise<void> {
  const module = new URL("sqs/sqsTypes.js", import.meta.resolve("fauxqs"));
  const { INVALID_MESSAGE_BODY_CHAR } = await import(module.href);
  const taken = "\\t\\n\\r\\u0020-\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}";
  INVALID_MESSAGE_BODY_CHAR.compile(`[^${taken}]`, "u");
}
