import { nameOf } from "../core/error-name.ts";
import type { Lane } from "../core/flow/flow-state.schema.ts";
import { addHours, eventsIn } from "../core/hour.ts";
import { type BadLine, isBad, type ParkedLine } from "../core/parked-line.ts";
import type { ParkedFolder, ParkedRef } from "../core/parked-object.ts";
import { type RequeueMessage, requeue } from "../core/requeue.ts";
import type { IngestQueue, Ledger, Log } from "../ports.ts";
import type { ParkedStore } from "../ports-parked.ts";
import { ledgerEntries } from "./ledger-entries.ts";
import type { Room } from "./rooms.ts";
import { type Place, UserPlaces } from "./user-places.ts";
import type { Way } from "./way.ts";

/** Messages sent between two looks at the time left. */
const SENT_AT_ONCE = 16;

/** Objects remembered, at most, whose lines were sent and could not be removed. */
const MAX_REMEMBERED = 10_000;

export interface PutBackDeps {
  readonly store: Pick<ParkedStore, "lines" | "rewrite" | "delete">;
  /** By lane. */
  readonly queues: Readonly<Record<Lane, Pick<IngestQueue, "send">>>;
  readonly ledger: Ledger;
  readonly log: Log;
}

export interface PutBackOrder extends Pick<Way, "roomFor" | "oneBatchEach"> {
  readonly ref: ParkedRef;
  /** False: there is no time to send more. What was sent is still taken out of the bucket. */
  readonly mayGoOn: () => boolean;
}

export interface PutBackResult {
  /** Source events that the queue took. */
  readonly events: number;
  /** Lines that remain in the object. */
  readonly left: number;
  /** False: some of them are to be put back and were not, for want of room or time or because of a failure. */
  readonly isDone: boolean;
  /** Something went wrong: with the object, the queue, the ledger, or a line that cannot be put back. It was logged. */
  readonly hasFailed: boolean;
}

/** Lines that the queue took and that could not be taken out of their object, or of which that is not known. */
interface Unremoved {
  /** That the object had. */
  readonly lines: number;
  /** Their positions. */
  readonly sent: ReadonlySet<number>;
}

/**
 * Takes the events of parked objects back to the queue that they came from.
 *
 * An object is read as a whole, sent, and only then deleted or rewritten with what remains: nothing is ever lost. When the
 * process dies between the two, that object's events come twice; so do a message's that SQS took without an answer. While the
 * process lives, it remembers what was sent but could not be removed, and tries only the removal again. Only one process
 * at a time may take events out of a folder.
 */
export class PutBack {
  readonly #deps: PutBackDeps;
  /** By key of the object. */
  readonly #remembered = new Map<string, Unremoved>();

  constructor(deps: PutBackDeps) {
    this.#deps = deps;
  }

  /**
   * Puts back what it may of some objects, all of them at once, but given room in their order. Never throws.
   *
   * @returns what came of each.
   */
  putBack(orders: readonly PutBackOrder[]): Promise<PutBackResult[]> {
    let turn: Promise<void> = Promise.resolve();
    return Promise.all(
      orders.map((order) => {
        const before = turn;
        const { promise, resolve } = Promise.withResolvers<void>();
        turn = promise;
        return this.#putBackOne(order, before, resolve).finally(resolve);
      }),
    );
  }

  async #putBackOne(
    { ref, ...order }: PutBackOrder,
    turn: Promise<void>,
    endTurn: () => void,
  ): Promise<PutBackResult> {
    const lines = await this.#read(ref);
    await turn;
    if (!lines) return { events: 0, left: 0, isDone: false, hasFailed: true };
    const sentBefore = this.#sentBefore(ref, lines.length);
    const open = lines.flatMap((line, place) => (sentBefore.has(place) ? [] : [{ line, place }]));
    const bad = open.flatMap(({ line, place }) => (isBad(line) ? [{ line, place }] : []));
    const good = open.flatMap(({ line, place }) => (isBad(line) ? [] : [{ line, place }]));
    this.#logBad(ref, bad);

    const sending = this.#send(
      good.map(({ line }) => line),
      ref.folder,
      order,
    );
    // By now all places are taken, and the first messages on their way.
    endTurn();
    const { taken, waiting, hasFailed } = await sending;
    const gone = good.filter((_, i) => taken.has(i));
    const sent = new Set([...sentBefore, ...gone.map(({ place }) => place)]);
    const isRemoved = await this.#remove(ref, lines, sent);
    const sentLines = gone.map(({ line }) => line);
    const unwritten = await this.#deps.ledger.add(ledgerEntries(sentLines, ref.folder));
    return {
      events: eventsIn(addHours(sentLines.map(({ hours }) => hours))),
      left: lines.length - sent.size,
      isDone: waiting === 0 && isRemoved,
      hasFailed: hasFailed || bad.length > 0 || !isRemoved || unwritten.length > 0,
    };
  }

  async #read(ref: ParkedRef): Promise<(ParkedLine | BadLine)[] | undefined> {
    try {
      const lines: (ParkedLine | BadLine)[] = [];
      for await (const line of this.#deps.store.lines(ref)) lines.push(line);
      return lines;
    } catch (error) {
      this.#deps.log.error("A parked object cannot be read", { key: ref.key, error: nameOf(error) });
      return undefined;
    }
  }

  /** An object that has another number of lines than when its removal failed was changed by that very removal. */
  #sentBefore({ key }: ParkedRef, lines: number): ReadonlySet<number> {
    const remembered = this.#remembered.get(key);
    return remembered?.lines === lines ? remembered.sent : new Set();
  }

  #logBad({ key }: ParkedRef, bad: readonly { line: BadLine; place: number }[]): void {
    const [first] = bad;
    if (!first) return;
    this.#deps.log.error("Parked lines cannot be put back: they stay in their object", {
      key,
      lines: bad.length,
      firstLine: first.place + 1,
      ...first.line.problem,
    });
  }

  /** @returns the indexes of the lines that the queue took, and how many it should have taken as well. */
  async #send(
    lines: readonly ParkedLine[],
    folder: ParkedFolder,
    { roomFor, oneBatchEach, mayGoOn }: Omit<PutBackOrder, "ref">,
  ): Promise<{ taken: ReadonlySet<number>; waiting: number; hasFailed: boolean }> {
    const { queues, log } = this.#deps;
    const places: ({ readonly line: number; readonly room: Room } & Place)[] = [];
    const users = new UserPlaces();
    let wanted = 0;
    for (const [line, parked] of lines.entries()) {
      const room = roomFor(parked);
      if (!room) continue;
      wanted++;
      const place = users.take(room, parked);
      if (place) places.push({ line, room, ...place });
    }
    const { messages, tooLarge } = requeue(
      places.flatMap(({ line }) => lines[line] ?? []),
      folder,
      { oneBatchEach },
    );
    if (tooLarge.length > 0)
      log.error("Parked lines are too large for a message: they stay in the bucket", {
        ...folder,
        sqsMessageIds: tooLarge.slice(0, 10).map((i) => lines[places[i]?.line ?? -1]?.sqsMessageId),
        lines: tooLarge.length,
      });

    const taken = new Set<number>();
    let refused = 0;
    for (let start = 0; start < messages.length && mayGoOn(); start += SENT_AT_ONCE) {
      const some = messages.slice(start, start + SENT_AT_ONCE);
      const notTaken = new Set(
        await queues[folder.lane].send(
          some.map(({ body, groupId, lines: own }) => ({
            body,
            groupId,
            delaySeconds: places[own[0] ?? -1]?.delaySeconds ?? 0,
          })),
        ),
      );
      refused += notTaken.size;
      for (const { lines: own } of some.filter((_: RequeueMessage, i) => !notTaken.has(i)))
        for (const i of own) taken.add(i);
    }
    for (const [i, { room, isOwn }] of places.entries()) if (isOwn && !taken.has(i)) room.giveBack(1);
    return {
      taken: new Set(Array.from(taken, (i) => places[i]?.line ?? -1)),
      waiting: wanted - taken.size - tooLarge.length,
      hasFailed: refused > 0 || tooLarge.length > 0,
    };
  }

  /** Takes sent lines out of their object. @returns false: it still has them. */
  async #remove(
    ref: ParkedRef,
    lines: readonly (ParkedLine | BadLine)[],
    sent: ReadonlySet<number>,
  ): Promise<boolean> {
    if (sent.size === 0 && lines.length > 0) return true;
    const left = lines.filter((_, place) => !sent.has(place)).map(({ text }) => text);
    try {
      if (left.length === 0) await this.#deps.store.delete(ref);
      else await this.#deps.store.rewrite(ref, left);
      this.#remembered.delete(ref.key);
      return true;
    } catch (error) {
      this.#deps.log.error("Events that are back on the queue still lie in the bucket", {
        key: ref.key,
        lines: sent.size,
        error: nameOf(error),
      });
      this.#remembered.set(ref.key, { lines: lines.length, sent });
      if (this.#remembered.size > MAX_REMEMBERED)
        this.#remembered.delete(this.#remembered.keys().next().value ?? "");
      return false;
    }
  }
}
