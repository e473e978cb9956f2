import { setTimeout as timer } from "node:timers/promises";
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { MAX_MESSAGE_BYTES } from "../core/limits.ts";
import { packMessages } from "./pack-messages.ts";
import { type SendVerdict, verdictOfError, verdictsOfAnswer } from "./send-verdict.ts";

/** A message ready for the queue. */
export interface QueueMessage {
  readonly body: string;
  /** The tenant, for fair queueing. Absent: the message belongs to nobody's share. */
  readonly groupId?: string;
}

export type MessageResult =
  | { readonly status: "sent"; readonly sqsMessageId: string }
  /** Over 1 MiB; not sent. */
  | { readonly status: "too_large" }
  /** `reason` is an AWS error code for a definite no, or {@link UNKNOWN_OUTCOME}. */
  | { readonly status: "failed"; readonly reason: string };

/** The message may be on the queue: a call with it broke off and no later one was answered. Sending it again may double it. */
export const UNKNOWN_OUTCOME = "unknown outcome";

export interface SendDeps {
  readonly sqs: Pick<SQSClient, "send">;
  readonly queueUrl: string;
  /** Calls made for one group of messages, the first included; the client's own retries come on top. @default 5 */
  readonly maxAttempts?: number;
  /** @default a timer */
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** At least 0, below 1. @default Math.random */
  readonly random?: () => number;
}

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;

interface Entry {
  readonly position: number;
  readonly message: QueueMessage;
  /** An earlier call with it broke off. */
  readonly inDoubt: boolean;
}

/**
 * Sends messages in order with as few SendMessageBatch calls as that allows, and repeats what SQS refused for now.
 *
 * @returns One result per message, by position. A send that fails is a value, never a throw.
 */
export async function sendMessages(
  messages: readonly QueueMessage[],
  deps: SendDeps,
): Promise<MessageResult[]> {
  const results = messages.map((): MessageResult => ({ status: "too_large" }));
  const sizes = messages.map(({ body }) => Buffer.byteLength(body, "utf8"));
  const sendable = [...sizes.keys()].filter((position) => (sizes[position] ?? 0) <= MAX_MESSAGE_BYTES);

  // One call after the other: the order of events is the little that a standard queue keeps of it.
  for (const { start, end } of packMessages(sendable.map((position) => sizes[position] ?? 0))) {
    const call = sendable.slice(start, end).flatMap((position) => {
      const message = messages[position];
      return message ? [{ position, message, inDoubt: false }] : [];
    });
    for (const [position, result] of await sendCall(call, deps)) results[position] = result;
  }
  return results;
}

/** Makes one call, and further ones for what is left of it, until nothing is or the attempts are used up. */
async function sendCall(call: readonly Entry[], deps: SendDeps): Promise<Map<number, MessageResult>> {
  const { maxAttempts = 5, sleep = timer, random = Math.random } = deps;
  const results = new Map<number, MessageResult>();
  let waiting = call;
  for (let attempt = 1; ; attempt++) {
    const again: Entry[] = [];
    for (const { entry, verdict } of await attemptSend(waiting, deps)) {
      const inDoubt = entry.inDoubt || verdict.kind === "unknown";
      results.set(entry.position, resultOf(verdict, inDoubt));
      if (verdict.kind === "unknown" || (verdict.kind === "refused" && verdict.isPassing)) {
        again.push({ ...entry, inDoubt });
      }
    }
    if (again.length === 0 || attempt >= maxAttempts) return results;
    waiting = again;
    // Full jitter: publishers that were throttled together do not come back together.
    await sleep(random() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1)));
  }
}

async function attemptSend(
  entries: readonly Entry[],
  { sqs, queueUrl }: SendDeps,
): Promise<{ entry: Entry; verdict: SendVerdict }[]> {
  const command = new SendMessageBatchCommand({
    QueueUrl: queueUrl,
    Entries: entries.map(({ message: { body, groupId } }, index) => ({
      Id: String(index),
      MessageBody: body,
      ...(groupId !== undefined && { MessageGroupId: groupId }),
    })),
  });
  try {
    const verdicts = verdictsOfAnswer(await sqs.send(command), entries.length);
    return entries.map((entry, index) => ({ entry, verdict: verdicts[index] ?? { kind: "unknown" } }));
  } catch (error) {
    const verdict = verdictOfError(error);
    return entries.map((entry) => ({ entry, verdict }));
  }
}

function resultOf(verdict: SendVerdict, inDoubt: boolean): MessageResult {
  if (verdict.kind === "sent") return { status: "sent", sqsMessageId: verdict.sqsMessageId };
  const reason = verdict.kind === "unknown" || inDoubt ? UNKNOWN_OUTCOME : verdict.reason;
  return { status: "failed", reason };
}
