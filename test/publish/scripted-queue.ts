import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SendMessageBatchCommandInput,
  type SendMessageBatchRequestEntry,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";

/** What one call meets: an error that is thrown, or per entry an error, silence (`lost`), or success. */
export type Answer = Error | readonly (Omit<BatchResultErrorEntry, "Id"> | "lost" | "sent")[];

/** A client whose calls meet `answers` in turn, and success from then on. Message ids count up from `sqs-1`. */
export function scriptedQueue(...answers: Answer[]) {
  const sqs = new SQSClient({
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const calls: SendMessageBatchRequestEntry[][] = [];
  let sent = 0;
  mockClient(sqs)
    .on(SendMessageBatchCommand)
    .callsFake(async ({ Entries = [] }: SendMessageBatchCommandInput) => {
      const answer = answers[calls.length] ?? [];
      calls.push(Entries);
      if (answer instanceof Error) throw answer;
      const fates = Entries.map(({ Id }, index) => ({ Id, fate: answer[index] ?? "sent" }));
      return {
        Successful: fates
          .filter(({ fate }) => fate === "sent")
          .map(({ Id }) => ({ Id, MessageId: `sqs-${++sent}`, MD5OfMessageBody: "" })),
        Failed: fates.flatMap(({ Id, fate }) => (typeof fate === "object" ? [{ Id, ...fate }] : [])),
      };
    });
  return {
    sqs,
    /** Entries of each call made. */
    calls,
    /** Bodies of each call made. */
    bodies: () => calls.map((entries) => entries.map(({ MessageBody }) => MessageBody)),
  };
}

/** An error as the SDK throws it when the service answered. */
export function serviceError(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error("details of no interest"), { name, $metadata: { httpStatusCode } });
}

/** An error as the SDK throws it when no answer came. */
export function connectionReset(): Error {
  return Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", $metadata: { attempts: 3 } });
}

/** Waits that take no time, noted in milliseconds. */
export function notedSleep() {
  const waits: number[] = [];
  return { waits, sleep: async (ms: number) => void waits.push(ms) };
}
