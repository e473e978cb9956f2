import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createDynamoDb } from "./dynamodb.ts";
import { createSecretsManager } from "./secrets-manager/secrets-manager.ts";
import type { EmulatedService } from "./service.ts";
import { createSqsAndS3 } from "./sqs-and-s3.ts";

export interface EmbeddedAwsOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** @default "us-east-1" */
  readonly region?: string;
  /** Milliseconds since 1970, for Secrets Manager's dates and recovery windows. @default Date.now */
  readonly now?: () => number;
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
  const { port = 0, region = "us-east-1", now = Date.now } = options;
  const sqsAndS3 = await createSqsAndS3(region);
  const dynamoDb = createDynamoDb();
  const secretsManager = createSecretsManager({ region, now });

  function serviceFor(request: IncomingMessage): EmulatedService {
    const target = String(request.headers["x-amz-target"] ?? "");
    if (target.startsWith("DynamoDB_")) return dynamoDb;
    if (target.startsWith("secretsmanager.")) return secretsManager;
    // SQS names itself in the same header and S3 not at all; their emulator tells the two apart.
    return sqsAndS3;
  }

  // Connections stay open until a client ends them: one that the server drops while idle costs the client a retry.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) =>
    serviceFor(request).handle(request, response),
  );
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
      await Promise.all([sqsAndS3.close(), dynamoDb.close(), secretsManager.close()]);
      server.closeAllConnections();
      await closed;
    },
  };
}
