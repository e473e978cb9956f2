import type { FlowSettings } from "../core/flow/flow-settings.ts";
import { reserve, roomInLine, spillReleased } from "../core/flow/line.ts";
import type { FlowStore } from "../ports-flow.ts";
import type { FeedLane, LineRoom, ReleasePace } from "../ports-parked.ts";

/** Length of line, in milliseconds, that releases fill up to: enough for the feed to be busy until the run after the next. */
const RELEASE_LINE_MS = 120_000;

/** The pace at which parked events go back: that of the flow to their feed. */
export class FlowReleasePace implements ReleasePace {
  readonly #flow: FlowStore;
  readonly #settings: FlowSettings;

  constructor(flow: FlowStore, settings: FlowSettings) {
    this.#flow = flow;
    this.#settings = settings;
  }

  roomInLine(feed: FeedLane, nowMs: number): Promise<LineRoom> {
    return this.#flow.update(feed, (state) => {
      const ask = { lane: feed.lane, lineMs: RELEASE_LINE_MS };
      const { batches, fromMs } = roomInLine(state, ask, this.#settings, nowMs);
      const fromSeconds = Math.ceil((fromMs - nowMs) / 1000);
      return { state, result: { batches, fromSeconds, toSeconds: RELEASE_LINE_MS / 1000 } };
    });
  }

  reserve(feed: FeedLane, batches: number, nowMs: number): Promise<void> {
    return this.#flow.update(feed, (state) => ({
      state: reserve(state, { lane: feed.lane, batches }, this.#settings, nowMs),
      result: undefined,
    }));
  }

  backlogReleased(feed: FeedLane): Promise<void> {
    return this.#flow.update(feed, (state) => ({
      state: spillReleased(state, feed.lane),
      result: undefined,
    }));
  }
}
