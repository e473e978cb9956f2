import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Message } from "../../shared/core/message.schema.ts";
import { checkMessage } from "../../shared/core/validators.ts";
import { eventText } from "../../shared/publish/event-text.ts";
import { publishEvents } from "../../shared/publish/publish-events.ts";
import { sendMessages, UNKNOWN_OUTCOME } from "../../shared/publish/send-messages.ts";

export interface Published {
  /** Events put on the queue; a body that cannot be read counts as one. */
  readonly events: number;
  /** Events that no queue message can hold. */
  readonly refused: readonly RefusedEvent[];
}

export interface RefusedEvent {
  readonly tenantId: string | undefined;
  readonly reason: "larger_than_a_queue_message" | "refused_by_the_queue";
}

interface QueueDeps {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
}

/** Bodies that are grouped at once: few enough to start delivering while the rest is still being sent. */
const CHUNK = 2_000;

/**
 * Puts bodies on the queue: what keeps the contract as a partner would, through the publisher, and anything else just
 * as it is, to show what the connector makes of it.
 *
 * @param onProgress - Takes the number of events sent so far.
 */
export async function publishInput(
  bodies: readonly string[],
  deps: QueueDeps,
  onProgress: (events: number) => void,
): Promise<Published> {
  let events = 0;
  const refused: RefusedEvent[] = [];
  for (let start = 0; start < bodies.length; start += CHUNK) {
    const { messages, raw } = group(bodies.slice(start, start + CHUNK));
    for (const send of [...messages.map((group) => () => publish(group, deps)), () => sendRaw(raw, deps)]) {
      const outcome = await send();
      events += outcome.events;
      refused.push(...outcome.refused);
      onProgress(events);
    }
  }
  return { events, refused };
}

/** Messages that one call can publish, by address, and bodies that are none. */
function group(bodies: readonly string[]): { messages: Message[][]; raw: string[] } {
  const byAddress = new Map<string, Message[]>();
  const raw: string[] = [];
  for (const body of bodies) {
    const message = readMessage(body);
    if (!message) {
      raw.push(body);
      continue;
    }
    const address = JSON.stringify([message.tenantId, message.feedId, message.mode]);
    const known = byAddress.get(address);
    if (known) known.push(message);
    else byAddress.set(address, [message]);
  }
  return { messages: [...byAddress.values()], raw };
}

/** The message, when the publisher would take all of it. */
function readMessage(body: string): Message | undefined {
  const message = parse(body);
  if (checkMessage(message)) return undefined;
  const { events } = message as Message;
  return events.some((event) => "problem" in eventText(event)) ? undefined : (message as Message);
}

async function publish(messages: readonly Message[], deps: QueueDeps): Promise<Published> {
  const [first] = messages;
  if (!first) return { events: 0, refused: [] };
  const { tenantId, feedId, mode } = first;
  const events = messages.flatMap((message) => message.events);
  const { results } = await publishEvents(
    { tenantId, ...(feedId && { feedId }), ...(mode && { mode }), events },
    deps,
  );
  const refused = results.filter(({ status }) => status === "too_large").map(() => tooLarge(tenantId));
  const sent = results.filter(({ status }) => status === "sent").length;
  if (sent + refused.length < events.length) throw new Error("The embedded queue did not take every event");
  return { events: sent, refused };
}

async function sendRaw(bodies: readonly string[], deps: QueueDeps): Promise<Published> {
  const results = await sendMessages(
    bodies.map((body) => ({ body })),
    deps,
  );
  let events = 0;
  const refused: RefusedEvent[] = [];
  for (const [i, result] of results.entries()) {
    if (result.status === "sent") events += countEvents(bodies[i] ?? "");
    else if (result.status === "too_large") refused.push(tooLarge(undefined));
    else if (result.reason === UNKNOWN_OUTCOME)
      throw new Error(`The embedded queue did not take body ${i + 1}`);
    else refused.push({ tenantId: undefined, reason: "refused_by_the_queue" });
  }
  return { events, refused };
}

function tooLarge(tenantId: string | undefined): RefusedEvent {
  return { tenantId, reason: "larger_than_a_queue_message" };
}

/** As the connector counts: the events of a message, or one for a body that is none. */
function countEvents(body: string): number {
  const message = parse(body);
  return checkMessage(message) ? 1 : (message as Message).events.length;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
