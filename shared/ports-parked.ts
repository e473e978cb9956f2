/** What releasing and replaying parked events needs from the world, beside the ports in `ports.ts`. */

import type { Lane } from "./core/flow/flow-state.schema.ts";
import type { BadLine, ParkedLine } from "./core/parked-line.ts";
import type { ParkedFolder, ParkedRef } from "./core/parked-object.ts";

/** Instants in epoch milliseconds, `fromMs` included, `toMs` not. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The bucket, as far as parked events are read and taken out again. Everything throws when the bucket does not answer. */
export interface ParkedStore {
  /** Tenants with parked objects, page by page. */
  tenants(ending: ParkedFolder["ending"]): AsyncIterable<string>;
  /** The folders of a tenant that hold objects. Undefined: of those whose body names no tenant. */
  folders(ending: ParkedFolder["ending"], tenantId: string | undefined): AsyncIterable<ParkedFolder>;
  /** The objects of a folder, oldest first, page by page. */
  list(folder: ParkedFolder, range?: TimeRange): AsyncIterable<ParkedRef>;
  /** The lines of an object, in their order; none if it is gone. */
  lines(ref: ParkedRef): AsyncIterable<ParkedLine | BadLine>;
  /** Leaves only these lines in an object, given by their texts. */
  rewrite(ref: ParkedRef, texts: readonly string[]): Promise<void>;
  delete(ref: ParkedRef): Promise<void>;
}

/** The line of one queue's messages for a feed. */
export interface FeedLane {
  readonly tenantId: string;
  readonly feedId: string;
  readonly lane: Lane;
}

/** Room in a feed's line for what is put back now. */
export interface LineRoom {
  readonly batches: number;
  /** Seconds from now until the turn of the first of them, and until that of the last. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** The pace at which parked events may go back to a feed. Everything throws when it cannot be told. */
export interface ReleasePace {
  /** What the feed takes within about two minutes beyond that which waits in its line already. */
  roomInLine(feed: FeedLane, nowMs: number): Promise<LineRoom>;
  /** Notes batches that were put back: there is as much less room for the next ones. */
  reserve(feed: FeedLane, batches: number, nowMs: number): Promise<void>;
  /** Nothing of the feed lies in the bucket any more because its line was too long: first-time events may join the line. */
  backlogReleased(feed: FeedLane, nowMs: number): Promise<void>;
}
