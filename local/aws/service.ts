import type { IncomingMessage, ServerResponse } from "node:http";

/** One emulated AWS service, served by the shared HTTP server in `embedded-aws.ts` rather than by one of its own. */
export interface EmulatedService {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Answers what is still waiting, such as long polls. */
  close(): Promise<void>;
}

export type AwsServiceName = "sqs" | "s3" | "dynamodb" | "secretsmanager";

/** A request to one of the services, before it has reached it. */
export interface AwsCall {
  readonly service: AwsServiceName;
  /** As the API reference names it; for S3 the HTTP method. */
  readonly operation: string;
  /** Access key that the request is signed with. */
  readonly caller: string | undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export function readCall(request: IncomingMessage, response: ServerResponse): AwsCall {
  const target = String(request.headers["x-amz-target"] ?? "");
  const caller = /Credential=([^/]+)\//.exec(request.headers.authorization ?? "")?.[1];
  const service = serviceOf(target);
  const operation = service === "s3" ? (request.method ?? "") : target.slice(target.lastIndexOf(".") + 1);
  return { service, operation, caller, request, response };
}

function serviceOf(target: string): AwsServiceName {
  if (target.startsWith("DynamoDB_")) return "dynamodb";
  if (target.startsWith("secretsmanager.")) return "secretsmanager";
  // S3 is the one that names no operation.
  return target.startsWith("AmazonSQS.") ? "sqs" : "s3";
}
