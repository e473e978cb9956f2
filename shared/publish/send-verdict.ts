import type { SendMessageBatchCommandOutput } from "@aws-sdk/client-sqs";

/** What one SendMessageBatch call told about one of its messages. */
export type SendVerdict =
  | { readonly kind: "sent"; readonly sqsMessageId: string }
  /** A definite no-write. `reason` is an AWS error code. `isPassing`: the same message may be taken later. */
  | { readonly kind: "refused"; readonly reason: string; readonly isPassing: boolean }
  /** No answer, or one that leaves the message out: it may or may not be on the queue. */
  | { readonly kind: "unknown" };

const THROTTLED = /throttl/i;

/** Reads an answer whose entry ids are the positions of `count` messages. */
export function verdictsOfAnswer(
  { Successful, Failed }: SendMessageBatchCommandOutput,
  count: number,
): SendVerdict[] {
  const verdicts = Array.from({ length: count }, (): SendVerdict => ({ kind: "unknown" }));
  for (const { Id, MessageId } of Successful ?? []) {
    if (MessageId !== undefined) verdicts[Number(Id)] = { kind: "sent", sqsMessageId: MessageId };
  }
  for (const { Id, Code = "Unknown", SenderFault } of Failed ?? []) {
    verdicts[Number(Id)] = { kind: "refused", reason: Code, isPassing: !SenderFault || THROTTLED.test(Code) };
  }
  return verdicts;
}

/**
 * Judges a call that threw, which holds for all its messages alike.
 *
 * Told by shape and not by class: the client comes from the caller, whose copy of the SDK may be another one. Error
 * messages are not used, only codes: a message may name resources.
 */
export function verdictOfError(error: unknown): SendVerdict {
  const { name = "", $metadata } = (error ?? {}) as {
    name?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429 || THROTTLED.test(name)) return { kind: "refused", reason: name, isPassing: true };
  // Without credentials nothing left this machine.
  const isRefusal = (status >= 400 && status < 500) || name === "CredentialsProviderError";
  return isRefusal ? { kind: "refused", reason: name, isPassing: false } : { kind: "unknown" };
}
