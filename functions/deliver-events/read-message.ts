import { type Finding, finding } from "../../shared/core/finding.ts";
import { isHour } from "../../shared/core/hour.ts";
import { MAX_BATCH_BYTES } from "../../shared/core/limits.ts";
import type { FrozenMessage, Message } from "../../shared/core/message.schema.ts";
import { inWords } from "../../shared/core/problem.ts";
import {
  checkBatch,
  checkFrozenMessage,
  checkMessage,
  checkRequeued,
  type Problem,
} from "../../shared/core/validators.ts";

export type ReadMessage =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "frozen"; readonly message: FrozenMessage }
  /** `tenantId` where the body names one all the same. */
  | { readonly kind: "unreadable"; readonly tenantId: string | undefined; readonly reason: Finding };

/** Reads the body of a queue message. Its events are not looked into. */
export function readMessage(body: string): ReadMessage {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return { kind: "unreadable", tenantId: undefined, reason: finding("body_not_json") };
  }
  // A sender's own key of that name is an extra key like any other.
  const isFrozen =
    typeof message === "object" && message !== null && "frozen" in message && !("events" in message);
  const problem = isFrozen ? frozenProblem(message) : checkMessage(message);
  if (problem) {
    const reason = finding(
      "message_invalid",
      problem.path,
      `The message is not of the contract: ${inWords(problem)}.`,
    );
    return { kind: "unreadable", tenantId: tenantIdOf(message), reason };
  }
  return isFrozen
    ? { kind: "frozen", message: message as FrozenMessage }
    : { kind: "message", message: withRequeued(message as Message) };
}

/** A sender's own key of that name is left out: it is an extra key like any other. */
function withRequeued(message: Message): Message {
  const { requeued } = message;
  if (requeued === undefined) return message;
  const isOurs = !checkRequeued(requeued) && requeued.sentAtMs.length === message.events.length;
  return isOurs ? message : { ...message, requeued: undefined };
}

/** Frozen batches were checked when they were built; whoever may send to the queue could write another. */
function frozenProblem(message: unknown): Problem | undefined {
  const problem = checkFrozenMessage(message);
  if (problem) return problem;
  for (const [i, { body, hours }] of (message as FrozenMessage).frozen.batches.entries()) {
    if (!Object.keys(hours).every(isHour))
      return { path: `frozen.batches[${i}].hours`, problem: "must be by hour" };
    const path = `frozen.batches[${i}].body`;
    try {
      const inBatch = checkBatch(JSON.parse(body));
      if (inBatch) return { path: inBatch.path ? `${path}.${inBatch.path}` : path, problem: inBatch.problem };
    } catch {
      return { path, problem: "must be JSON" };
    }
    if (Buffer.byteLength(body) > MAX_BATCH_BYTES)
      return { path, problem: `must not be longer than ${MAX_BATCH_BYTES} bytes` };
  }
  return undefined;
}

function tenantIdOf(message: unknown): string | undefined {
  const tenantId =
    typeof message === "object" && message !== null && "tenantId" in message ? message.tenantId : undefined;
  return typeof tenantId === "string" && /^[A-Za-z0-9_.-]{1,64}$/.test(tenantId) ? tenantId : undefined;
}
