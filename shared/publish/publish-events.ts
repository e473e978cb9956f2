import { ConfigError } from "../core/config-error.ts";
import type { Mode } from "../core/message.schema.ts";
import { checkMessage } from "../core/validators.ts";
import { eventText } from "./event-text.ts";
import { maxEventBytes, packEvents } from "./pack-events.ts";
import { type SendDeps, sendMessages } from "./send-messages.ts";

export interface PublishRequest {
  /** The partner's customer whose events these are. */
  readonly tenantId: string;
  /** Absent: the connector chooses by each event's platform. */
  readonly feedId?: string;
  /** @default "auto" */
  readonly mode?: Mode;
  /** Each a {@link PartnerEvent}, or an object that serialises to one. */
  readonly events: readonly unknown[];
}

/** What became of one event. */
export type EventResult =
  /** On the queue, in this SQS message. */
  | { readonly status: "sent"; readonly sqsMessageId: string }
  /** The connector would reject it: correct it. `path` is dotted, empty for the event as a whole. */
  | { readonly status: "invalid"; readonly path: string; readonly problem: string }
  /** Over 1 MiB by itself. */
  | { readonly status: "too_large" }
  /** Not on the queue, or possibly so if the reason is {@link UNKNOWN_OUTCOME}: publish it again. */
  | { readonly status: "failed"; readonly reason: string };

export interface PublishResult {
  /** One result per event, by position. */
  readonly results: readonly EventResult[];
}

/**
 * Puts a tenant's events on the connector's ingest queue: checks each against the message contract, packs them into as
 * few calls as SQS allows in their order, and repeats what SQS refused for now.
 *
 * A bad event costs its neighbours nothing. An event without `messageId` gets none here: the connector derives one from
 * its content.
 *
 * ```ts
 * const deps = { sqs: new SQSClient({}), queueUrl };
 * const { results } = await publishEvents({ tenantId: "acme", events }, deps);
 * const unsent = events.filter((_, position) => results[position]?.status === "failed");
 * ```
 *
 * @throws {ConfigError} `tenantId`, `feedId` or `mode` breaks the contract; nothing was sent.
 */
export async function publishEvents(
  { events, ...address }: PublishRequest,
  deps: SendDeps,
): Promise<PublishResult> {
  const envelope = envelopeOf(address);
  const maxBytes = maxEventBytes(envelope.bytes);

  const results: EventResult[] = [];
  const sendable: { position: number; text: string; bytes: number }[] = [];
  for (const [position, event] of events.entries()) {
    const checked = eventText(event);
    if ("problem" in checked) results[position] = { status: "invalid", ...checked };
    else if (checked.bytes > maxBytes) results[position] = { status: "too_large" };
    else sendable.push({ position, ...checked });
  }

  const runs = packEvents(
    sendable.map(({ bytes }) => bytes),
    envelope.bytes,
  );
  const groups = runs.map(({ start, end }) => sendable.slice(start, end));
  const bodies = groups.map(
    (group) => envelope.head + group.map(({ text }) => text).join(",") + envelope.tail,
  );
  const sent = await sendMessages(
    bodies.map((body) => ({ body, groupId: address.tenantId })),
    deps,
  );
  for (const [index, result] of sent.entries()) {
    for (const { position } of groups[index] ?? []) results[position] = result;
  }
  return { results };
}

/** The text of a message before and after its events. @throws {ConfigError} */
function envelopeOf(address: Omit<PublishRequest, "events">): { head: string; tail: string; bytes: number } {
  const { tenantId, feedId, mode } = address;
  const message = { version: 1, tenantId, feedId, mode, events: [] };
  const head = JSON.stringify(message).slice(0, -"]}".length);
  const tail = "]}";
  // An event that no check looks at stands in for those to come: a message without any is invalid.
  const problem = checkMessage(JSON.parse(`${head}null${tail}`));
  if (problem) throw new ConfigError(problem.path, problem.problem);
  return { head, tail, bytes: Buffer.byteLength(head + tail, "utf8") };
}
