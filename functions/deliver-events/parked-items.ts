import { jsonTextAt } from "../../shared/core/json-text.ts";
import type { ParkedEvent } from "../../shared/ports.ts";
import { hoursOf, type Pass } from "./pass.ts";
import { readMessage } from "./read-message.ts";

/** Reads items from their records again, to be parked as they came. Each record is parsed once. */
export class ParkedItems {
  readonly #pass: Pass;
  readonly #messages = new Map<number, ReturnType<typeof readMessage>>();

  constructor(pass: Pass) {
    this.#pass = pass;
  }

  /** An item as it came, by its index in the pass. */
  read(itemIndex: number): ParkedEvent {
    const item = this.#pass.items[itemIndex];
    if (!item) throw new RangeError(`No item ${itemIndex} in this pass`);
    const reasons = item.reasons ?? [];
    const common = { ...this.origin(itemIndex), reasons, hours: hoursOf([item]), events: item.events };
    if (item.kind === "frozen") return { ...common, content: { batch: item.body, route: item.route } };
    const { body = "" } = this.#pass.records[item.record] ?? {};
    const { index } = item;
    const read = index === undefined ? undefined : this.#messageOf(item.record, body);
    if (index === undefined || read?.kind !== "message") return { ...common, content: { body } };
    const { mode, events } = read.message;
    const event = events[index];
    // An event nested thousands deep can be read but not written: its text is kept.
    const eventText = isSerialisable(event) ? undefined : jsonTextAt(body, ["events", index]);
    return {
      ...common,
      index,
      ...(mode !== undefined && { mode }),
      content: eventText === undefined ? { event } : { eventText },
    };
  }

  /** The message that an item came in. */
  origin(itemIndex = 0): Pick<ParkedEvent, "sqsMessageId" | "sentAtMs"> {
    const item = this.#pass.items[itemIndex];
    const record = this.#pass.records[item?.record ?? -1];
    const sentAtMs = item?.kind === "event" ? item.sentAtMs : (record?.sentAtMs ?? 0);
    return { sqsMessageId: record?.messageId ?? "", sentAtMs };
  }

  #messageOf(record: number, body: string): ReturnType<typeof readMessage> {
    const known = this.#messages.get(record);
    if (known) return known;
    const read = readMessage(body);
    this.#messages.set(record, read);
    return read;
  }
}

function isSerialisable(event: unknown): boolean {
  try {
    JSON.stringify(event);
    return true;
  } catch {
    return false;
  }
}
