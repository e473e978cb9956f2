import { judgeType } from "../../shared/core/event-types.ts";
import { type Finding, finding } from "../../shared/core/finding.ts";
import type { FrozenMessage, Message } from "../../shared/core/message.schema.ts";
import { checkEvent, checkFrozenMessage, checkMessage } from "../../shared/core/validators.ts";
import { type Item, type Pass, type QueueRecord, reject } from "./pass.ts";

/**
 * Reads record bodies into items: one per event of a message, one per batch of a frozen message. What cannot be read
 * ends as rejected here, event by event: one bad event never costs its neighbours.
 */
export function readRecords(records: readonly QueueRecord[]): Pass {
  const items: Item[] = [];
  for (const [index, record] of records.entries()) readRecord(record, index, items);
  return { records, items, failedParkings: [] };
}

function readRecord(record: QueueRecord, index: number, items: Item[]): void {
  const message = parseJson(record.body);
  if (message === undefined) {
    items.push(unreadable(record, index, undefined, finding("body_not_json")));
    return;
  }
  const isFrozen = typeof message === "object" && message !== null && "frozen" in message;
  const problem = isFrozen ? checkFrozenMessage(message) : checkMessage(message);
  if (problem) {
    const reason = finding(
      "message_invalid",
      problem.path,
      `The message is not of the contract: ${problem.problem}.`,
    );
    items.push(unreadable(record, index, tenantIdOf(message), reason));
  } else if (isFrozen) {
    readFrozen(message as FrozenMessage, index, items);
  } else {
    readEvents(message as Message, index, items);
  }
}

function readEvents(
  { tenantId, feedId, mode = "auto", events }: Message,
  record: number,
  items: Item[],
): void {
  for (const [index, event] of events.entries()) {
    const item: Item = {
      kind: "event",
      record,
      index,
      tenantId,
      feedId,
      mode,
      events: 1,
      content: { event },
      findings: [],
    };
    const reason = problemOf(event);
    if (reason) reject(item, [reason]);
    items.push(item);
  }
}

function problemOf(event: unknown): Finding | undefined {
  const type = typeof event === "object" && event !== null && "type" in event ? event.type : undefined;
  switch (judgeType(type)) {
    case "unsupported":
      return finding("event_type_unsupported", "type");
    case "unknown":
      return finding("event_type_unknown", "type");
    case "delivered": {
      const problem = checkEvent(event);
      return (
        problem &&
        finding("event_invalid", problem.path, `The event is not of the contract: ${problem.problem}.`)
      );
    }
  }
}

function readFrozen({ tenantId, feedId, frozen }: FrozenMessage, record: number, items: Item[]): void {
  for (const { body, events } of frozen.batches) {
    items.push({
      kind: "frozen",
      record,
      tenantId,
      feedId,
      events,
      content: { batch: body },
      batch: { route: frozen.route, body },
    });
  }
}

/** A body that cannot be read counts as one event. It is kept under its tenant where it names one. */
function unreadable(
  { body }: QueueRecord,
  record: number,
  tenantId: string | undefined,
  reason: Finding,
): Item {
  const item: Item = {
    kind: "event",
    record,
    index: 0,
    tenantId,
    feedId: undefined,
    mode: "auto",
    events: 1,
    content: { body },
    findings: [],
  };
  reject(item, [reason]);
  return item;
}

function tenantIdOf(message: unknown): string | undefined {
  const tenantId =
    typeof message === "object" && message !== null && "tenantId" in message ? message.tenantId : undefined;
  return typeof tenantId === "string" && /^[A-Za-z0-9_.-]{1,64}$/.test(tenantId) ? tenantId : undefined;
}

/** Undefined: not JSON. JSON itself has no undefined. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
