import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createDynamoDb } from "./dynamodb.ts";
import type { AwsFaultGate } from "./fault-gate.ts";
import { createSecretsManager } from "./secrets-manager/secrets-manager.ts";
import { type AwsServiceName, type EmulatedService, readCall } from "./service.ts";
import { createSqsAndS3 } from "./sqs-and-s3.ts";

export interface EmbeddedAwsOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** @default "us-east-1" */
  readonly region?: string;
  /**
   * Milliseconds since 1970: of the answers' `Date`, which SDKs correct a clock by, and of Secrets Manager's recovery windows.
   * Queues and objects go by the real time. @default Date.now
   */
  readonly now?: () => number;
  /** Lets calls fail. @default none does */
  readonly faults?: Pick<AwsFaultGate, "pass">;
}

/** Spread it into the constructor of any SDK v3 client. */
export interface EmbeddedAwsClientConfig {
  /**
   * Given explicitly, so that the SQS client sends here whatever host a queue URL names. A client that is configured
   * by `AWS_ENDPOINT_URL` follows the queue URL instead, unless it sets `useQueueUrlAsEndpoint: false`; both work, since
   * queue URLs name the host they were asked for by.
   */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** S3 only: bucket names in the path, for there is no host name to put them before. */
  readonly forcePathStyle: true;
}

export interface EmbeddedAws {
  /** `http://127.0.0.1:<port>`, for all four services; what `AWS_ENDPOINT_URL` is to be set to. */
  readonly endpoint: string;
  readonly region: string;
  /** Any others are taken as well: signatures are not checked. */
  readonly credentials: EmbeddedAwsClientConfig["credentials"];
  readonly clientConfig: EmbeddedAwsClientConfig;
  /** Ends every connection, waiting long polls included, and forgets all data. */
  close(): Promise<void>;
}

/**
 * SQS, S3, DynamoDB and Secrets Manager in this process, in memory, on one port of 127.0.0.1.
 *
 * @throws {Error} With `code: "EADDRINUSE"` when the port is taken.
 */
export async function startEmbeddedAws(options: EmbeddedAwsOptions = {}): Promise<EmbeddedAws> {
  const { port = 0, region = "us-east-1", now = Date.now, faults } = options;
  const sqsAndS3 = await createSqsAndS3(region);
  const services: Readonly<Record<AwsServiceName, EmulatedService>> = {
    sqs: sqsAndS3,
    s3: sqsAndS3,
    dynamodb: createDynamoDb(),
    secretsmanager: createSecretsManager({ region, now }),
  };

  // Connections stay open until a client ends them: one that the server drops while idle costs the client a retry.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    response.setHeader("date", new Date(now()).toUTCString());
    const call = readCall(request, response);
    const serve = () => services[call.service].handle(request, response);
    if (faults) faults.pass(call, serve);
    else serve();
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");

  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "embedded", secretAccessKey: "embedded" };
  return {
    endpoint,
    region,
    credentials,
    clientConfig: { endpoint, region, credentials, forcePathStyle: true },
    async close() {
      const closed = once(server, "close");
      server.close();
      await Promise.all([...new Set(Object.values(services))].map((service) => service.close()));
      server.closeAllConnections();
      await closed;
    },
  };
}
