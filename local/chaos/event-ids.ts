/**
 * By what the rig knows an event: its `messageId`, which mParticle has as `source_message_id`. An event without one, and a body that
 * is no message, goes by the SQS message that first carried it.
 */

/** The events of a queue message, whole or frozen; one for a body that is none. */
export function eventIdsIn(body: string, sqsMessageId: string): string[] {
  const message = parse(body);
  if (Array.isArray(message?.["events"]) && message["events"].length > 0) {
    return message["events"].map((event, index) => idOfEvent(event, sqsMessageId, index));
  }
  const { batches } = (message?.["frozen"] ?? {}) as { batches?: unknown };
  if (Array.isArray(batches)) return batches.flatMap((batch) => idsInBatch(batch?.body));
  return [sqsMessageId];
}

/** An event of a message by its place there. */
export function idOfEvent(event: unknown, sqsMessageId: string, index: number): string {
  const { messageId } = (event ?? {}) as { messageId?: unknown };
  return typeof messageId === "string" ? messageId : `${sqsMessageId}#${index}`;
}

/** The events in a batch's JSON, none where it is not of mParticle's format. */
export function idsInBatch(text: unknown): string[] {
  const { events } = (parse(text) ?? {}) as {
    events?: readonly { data?: { source_message_id?: unknown } }[];
  };
  if (!Array.isArray(events)) return [];
  return events.map(({ data }) => data?.source_message_id).filter((id) => typeof id === "string");
}

/** The `source_request_id` of a batch's JSON. */
export function requestIdOf(text: string): string | undefined {
  const id = parse(text)?.["source_request_id"];
  return typeof id === "string" ? id : undefined;
}

function parse(text: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
