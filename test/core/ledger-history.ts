/** A connector in miniature for the ledger's tests: what is where, and what was written down of it. */
import type { LedgerColumn, LedgerEntry } from "../../shared/core/ledger.ts";

const HOURS = ["2026-03-01T11", "2026-03-01T12"] as const;

/** When an invocation dies, or SQS hands a message out again that was done with. */
export type Trouble = "none" | "before the write" | "after the write";

export type Step =
  | { readonly kind: "publish"; readonly events: number; readonly hour: 0 | 1 }
  /** Outcomes are taken in turn by the events of the messages received. */
  | {
      readonly kind: "receive";
      readonly messages: readonly number[];
      readonly outcomes: readonly Outcome[];
      readonly trouble: Trouble;
    }
  | {
      readonly kind: "put back";
      readonly from: "held" | "rejected";
      readonly pick: number;
      readonly trouble: Trouble;
    }
  /** From now on events are another feed's, or nobody's while their tenant is paused, or it cannot be told. */
  | { readonly kind: "assign"; readonly feed: Feed };

export type Feed = "default" | "ios" | "paused" | "unavailable";
export type Outcome = "delivered" | "filtered" | "rejected" | "held" | "frozen" | "whole back";

interface Message {
  readonly events: number;
  readonly hour: string;
  readonly isCounted: boolean;
  /** Set on frozen batches, which stay with the feed that they were built for. */
  readonly feedId?: string;
  receives: number;
}

interface Parked {
  readonly hour: string;
  readonly feedId: string | undefined;
}

export class History {
  readonly entries: LedgerEntry[] = [];
  readonly bucket: Record<"held" | "rejected", Parked[]> = { held: [], rejected: [] };
  published = 0;
  /** Events handed out for the first time. */
  handedOut = 0;
  /** How often an event ended so, whether or not that was written down. */
  readonly ended = { delivered: 0, filtered: 0 };
  #feed: Feed = "default";
  #queue: Message[] = [];

  /** Events on the queue that were received before, or come from the bucket. */
  get underWay(): number {
    return this.#queue
      .filter(({ receives, isCounted }) => receives > 0 || isCounted)
      .reduce((sum, { events }) => sum + events, 0);
  }

  take(step: Step): void {
    switch (step.kind) {
      case "publish":
        this.published += step.events;
        this.#send(step.events, HOURS[step.hour], false);
        break;
      case "receive":
        this.#receive(step);
        break;
      case "put back":
        this.#putBack(step);
        break;
      case "assign":
        this.#feed = step.feed;
    }
  }

  /** Delivers what is on the queue, however often it goes round. */
  drain(): void {
    this.#feed = "default";
    while (this.#queue.length > 0)
      this.#receive({ messages: this.#queue.map((_, i) => i), outcomes: ["delivered"], trouble: "none" });
  }

  #send(events: number, hour: string, isCounted: boolean, feedId?: string): void {
    this.#queue.push({ events, hour, isCounted, receives: 0, ...(feedId !== undefined && { feedId }) });
  }

  #receive({ messages: picks, outcomes, trouble }: Omit<Extract<Step, { kind: "receive" }>, "kind">): void {
    const messages = new Set(picks.flatMap((pick) => this.#queue[pick % this.#queue.length] ?? []));
    const turns = outcomes.values();
    const nextOutcome = () => turns.next().value ?? "delivered";
    const entries = [...messages].flatMap((message) => this.#settle(message, nextOutcome, trouble));
    if (trouble !== "before the write") this.entries.push(...entries);
  }

  /** Does what becomes of a message. @returns what an invocation that lives writes down of it. */
  #settle(message: Message, nextOutcome: () => Outcome, trouble: Trouble): LedgerEntry[] {
    const { events, hour } = message;
    const isFirst = message.receives++ === 0 && !message.isCounted;
    if (isFirst && message.receives === 1) this.handedOut += events;
    const feedId =
      message.feedId ?? (this.#feed === "ios" || this.#feed === "default" ? this.#feed : undefined);
    const came = isFirst ? "first" : "again";
    const outcomes = Array.from({ length: events }, () => this.#outcomeFor(message, nextOutcome()));

    if (outcomes.includes("whole back")) {
      if (feedId === undefined) return [];
      return [{ feedId, hour, [came]: events, returned: events }];
    }
    if (trouble === "none") this.#queue = this.#queue.filter((other) => other !== message);
    return outcomes.flatMap((outcome): LedgerEntry[] => {
      if (outcome === "frozen") this.#send(1, hour, true, feedId);
      else if (outcome === "held" || outcome === "rejected") this.bucket[outcome].push({ hour, feedId });
      else if (outcome !== "whole back") this.ended[outcome]++;
      const left: LedgerColumn = outcome === "frozen" || outcome === "whole back" ? "returned" : outcome;
      return [{ feedId, hour, [came]: 1, [left]: 1 }];
    });
  }

  #outcomeFor({ feedId }: Message, drawn: Outcome): Outcome {
    if (feedId !== undefined) return drawn;
    if (this.#feed === "unavailable") return "whole back";
    return this.#feed === "paused" ? "held" : drawn;
  }

  /** Release and replay: send, write down, delete the object. What lies under no feed is received under its own later. */
  #putBack({ from, pick, trouble }: Extract<Step, { kind: "put back" }>): void {
    const objects = this.bucket[from];
    const object = objects[pick % objects.length];
    if (!object) return;
    const { hour, feedId } = object;
    const column = from === "held" ? "released" : "replayed";
    const isCounted = feedId !== undefined;
    this.#send(1, hour, isCounted);
    if (trouble !== "before the write")
      this.entries.push({ feedId, hour, [column]: 1, ...(isCounted ? { returned: 1 } : { first: -1 }) });
    if (trouble === "none") objects.splice(objects.indexOf(object), 1);
  }
}
