import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { AwsServiceName } from "./service.ts";

/** A refusal that the SDK may try again: too many requests, or an error on the server's side. */
export type Refusal = "throttled" | "error";

interface Shape {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

/**
 * How each service says that it cannot now, as the SDKs know it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 */
const SHAPES: Readonly<Record<AwsServiceName, Readonly<Record<Refusal, Shape>>>> = {
  dynamodb: {
    throttled: {
      status: 400,
      type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
      message: "The level of configured provisioned throughput for the table was exceeded.",
    },
    error: {
      status: 500,
      type: "com.amazonaws.dynamodb.v20120810#InternalServerError",
      message: "The request could not be processed because of an internal server error.",
    },
  },
  secretsmanager: {
    throttled: { status: 400, type: "ThrottlingException", message: "Rate exceeded" },
    error: { status: 500, type: "InternalServiceError", message: "An error occurred on the server side." },
  },
  s3: {
    throttled: { status: 503, type: "SlowDown", message: "Please reduce your request rate." },
    error: {
      status: 500,
      type: "InternalError",
      message: "We encountered an internal error. Please try again.",
    },
  },
  sqs: {
    throttled: {
      status: 400,
      type: "com.amazonaws.sqs#RequestThrottled",
      message: "The request was denied due to request throttling.",
    },
    error: {
      status: 500,
      type: "com.amazonaws.sqs#InternalError",
      message: "We encountered an internal error. Please try again.",
    },
  },
};

/** Answers in the error format of the service's own protocol: XML for S3, JSON for the others. */
export function refuse(response: ServerResponse, service: AwsServiceName, refusal: Refusal): void {
  const { status, type, message } = SHAPES[service][refusal];
  const requestId = randomUUID();
  if (service === "s3") {
    response.writeHead(status, { "content-type": "application/xml", "x-amz-request-id": requestId });
    response.end(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${type}</Code><Message>${message}</Message><RequestId>${requestId}</RequestId></Error>`,
    );
    return;
  }
  response.writeHead(status, {
    "content-type": `application/x-amz-json-${service === "secretsmanager" ? "1.1" : "1.0"}`,
    "x-amzn-requestid": requestId,
    "x-amzn-errortype": type,
  });
  response.end(
    JSON.stringify({ __type: type, message, ...(service === "secretsmanager" && { Message: message }) }),
  );
}
