import type { ParkedLine } from "../core/parked-line.ts";
import { MAX_EVENTS_PER_MESSAGE } from "../core/requeue.ts";
import type { Room } from "./rooms.ts";
import { userOfLine } from "./user-of-line.ts";

export interface Place {
  /** Until its turn. */
  readonly delaySeconds: number;
  /** False: it shares the place of an earlier one. */
  readonly isOwn: boolean;
}

/** Events that go in about one message, by what they have in common: each user's turn. */
interface Window {
  readonly turns: Map<string, number>;
  events: number;
}

/**
 * Places in line for the lines of one object. Room is counted in batches: events of one user that go in the same message
 * become one, and share a place. Those of different messages may be received apart, and take a place each.
 */
export class UserPlaces {
  readonly #windows = new Map<Room, Window>();

  /** Undefined: there is no more room. */
  take(room: Room, line: ParkedLine): Place | undefined {
    const window = this.#windowOf(room);
    const user = userOfLine(line);
    const turn = user === undefined ? undefined : window.turns.get(user);
    const delaySeconds = turn ?? room.take();
    if (delaySeconds === undefined) return undefined;
    if (user !== undefined) window.turns.set(user, delaySeconds);
    window.events++;
    return { delaySeconds, isOwn: turn === undefined };
  }

  #windowOf(room: Room): Window {
    const open = this.#windows.get(room);
    if (open && open.events < MAX_EVENTS_PER_MESSAGE) return open;
    const window = { turns: new Map(), events: 0 };
    this.#windows.set(room, window);
    return window;
  }
}
