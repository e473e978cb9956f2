import type { FeedLane, LineRoom, ReleasePace } from "../ports-parked.ts";

/** SQS: longest delay of a new message. */
const MAX_DELAY_SECONDS = 900;

/** Room in one feed's line, used up batch by batch. */
export class Room {
  readonly #line: LineRoom;
  #used = 0;

  constructor(line: LineRoom) {
    this.#line = line;
  }

  /** Batches that it was used for. */
  get used(): number {
    return this.#used;
  }

  get isFull(): boolean {
    return this.#used >= this.#line.batches;
  }

  /**
   * Takes a place for one batch.
   *
   * @returns Seconds until its turn. Undefined: there is no more room.
   */
  take(): number | undefined {
    if (this.isFull) return undefined;
    const { batches, fromSeconds, toSeconds } = this.#line;
    const share = Number.isFinite(batches) ? this.#used / batches : 0;
    this.#used++;
    const seconds = Math.floor(fromSeconds + share * (toSeconds - fromSeconds));
    return Math.min(Math.max(seconds, 0), MAX_DELAY_SECONDS);
  }

  /** Gives places back that were not used after all. */
  giveBack(places: number): void {
    this.#used -= places;
  }
}

/** The rooms of one run, each feed's asked for once. */
export class Rooms {
  readonly #pace: ReleasePace;
  readonly #nowMs: number;
  readonly #rooms = new Map<string, { readonly feed: FeedLane; readonly room: Promise<Room> }>();

  constructor(pace: ReleasePace, nowMs: number) {
    this.#pace = pace;
    this.#nowMs = nowMs;
  }

  /** @throws when the feed's pace cannot be told. */
  of(feed: FeedLane): Promise<Room> {
    const key = `${feed.tenantId} ${feed.feedId} ${feed.lane}`;
    const known = this.#rooms.get(key);
    if (known) return known.room;
    const room = this.#pace.roomInLine(feed, this.#nowMs).then((line) => new Room(line));
    this.#rooms.set(key, { feed, room });
    return room;
  }

  /** Tells each line what was put back. Best effort: what it does not learn comes as a surprise, but it comes. */
  async reserve(onFailure: (feed: FeedLane, error: unknown) => void): Promise<void> {
    await Promise.all(
      Array.from(this.#rooms.values(), async ({ feed, room }) => {
        const used = await room.then(
          (found) => found.used,
          () => 0,
        );
        if (used === 0) return;
        try {
          await this.#pace.reserve(feed, used, this.#nowMs);
        } catch (error) {
          onFailure(feed, error);
        }
      }),
    );
  }
}

/** For what no feed's line is known of. */
export function unpaced(): Room {
  return new Room({ batches: Number.POSITIVE_INFINITY, fromSeconds: 0, toSeconds: 0 });
}
