import type { FeedLane, LineRoom, ReleasePace } from "../../shared/ports-parked.ts";
import { OutageError } from "./fake-stores.ts";

/** The feeds' lines in memory. */
export class FakePace implements ReleasePace {
  isDown: (call: "room" | "reserve" | "released") => boolean = () => false;
  /** By `<tenantId>/<feedId>/<lane>`; else there is plenty. */
  readonly rooms = new Map<string, LineRoom>();
  readonly reserved: [string, number][] = [];
  readonly backlogsReleased: string[] = [];

  async roomInLine(feed: FeedLane): Promise<LineRoom> {
    if (this.isDown("room")) throw new OutageError(`no line of ${nameOf(feed)}`);
    return this.rooms.get(nameOf(feed)) ?? { batches: 10_000, fromSeconds: 0, toSeconds: 120 };
  }

  async reserve(feed: FeedLane, batches: number): Promise<void> {
    if (this.isDown("reserve")) throw new OutageError(`no line of ${nameOf(feed)}`);
    this.reserved.push([nameOf(feed), batches]);
  }

  async backlogReleased(feed: FeedLane): Promise<void> {
    if (this.isDown("released")) throw new OutageError(`no line of ${nameOf(feed)}`);
    this.backlogsReleased.push(nameOf(feed));
  }
}

function nameOf({ tenantId, feedId, lane }: FeedLane): string {
  return `${tenantId}/${feedId}/${lane}`;
}
