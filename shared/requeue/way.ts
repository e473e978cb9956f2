import type { ParkedLine } from "../core/parked-line.ts";
import type { Room } from "./rooms.ts";

/** How the lines of a folder find back to their feeds. */
export interface Way {
  /** The room that a line takes a place in; undefined: it stays where it is. */
  readonly roomFor: (line: ParkedLine) => Room | undefined;
  /** There is no room for any line. */
  readonly isFull: () => boolean;
  /** Each built batch goes in a message of its own; see `requeue`. */
  readonly oneBatchEach: boolean;
}
