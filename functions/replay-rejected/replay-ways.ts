import { nameOf } from "../../shared/core/error-name.ts";
import { folderPath, type ParkedFolder } from "../../shared/core/parked-object.ts";
import type { TenantWithFeeds } from "../../shared/ports.ts";
import { feedOfLine } from "../../shared/requeue/feed-of-line.ts";
import { type Room, Rooms, unpaced } from "../../shared/requeue/rooms.ts";
import type { Way } from "../../shared/requeue/way.ts";
import type { ReplayDeps } from "./replay-rejected.ts";

type WaysDeps = Pick<ReplayDeps, "tenants" | "pace" | "clock" | "log">;

/**
 * The ways of rejected events back to their feeds, folder by folder. Whether a feed can be delivered to does not matter: what
 * it cannot take will be held. What would be no feed's goes at once.
 */
export class ReplayWays {
  readonly #deps: WaysDeps;
  readonly #rooms: Rooms;
  readonly #ways = new Map<string, Promise<Way | undefined>>();

  constructor(deps: WaysDeps) {
    this.#deps = deps;
    this.#rooms = new Rooms(deps.pace, deps.clock.nowMs());
  }

  /** Undefined: it cannot be told at what pace the feed takes events. This was logged. */
  of(folder: ParkedFolder): Promise<Way | undefined> {
    const path = folderPath(folder);
    const way = this.#ways.get(path) ?? this.#find(folder);
    this.#ways.set(path, way);
    return way;
  }

  /** Tells the feeds' lines what comes. */
  async reserve(): Promise<void> {
    await this.#rooms.reserve((feed, error) => {
      this.#deps.log.warn("A line was not told what comes back to it", { ...feed, error: nameOf(error) });
    });
  }

  async #find(folder: ParkedFolder): Promise<Way | undefined> {
    const { tenantId, feedId } = folder;
    try {
      if (tenantId === undefined) return wayTo(unpaced());
      const tenant = await this.#deps.tenants.find(tenantId);
      if (feedId === undefined) return await this.#byEvent({ ...folder, tenantId }, tenant);
      const room = await this.#rooms.of({ tenantId, feedId, lane: folder.lane });
      return wayTo(room, tenant?.feeds.get(feedId)?.limits.eventsPerRequest !== undefined);
    } catch (error) {
      this.#deps.log.error("A feed's pace cannot be told: its rejected events stay", {
        tenantId,
        feedId,
        error: nameOf(error),
      });
      return undefined;
    }
  }

  async #byEvent(
    { tenantId, lane }: ParkedFolder & { readonly tenantId: string },
    tenant: TenantWithFeeds | undefined,
  ): Promise<Way> {
    const rooms = new Map<string, Room>();
    for (const feedId of tenant?.feeds.keys() ?? [])
      rooms.set(feedId, await this.#rooms.of({ tenantId, feedId, lane }));
    const unknown = unpaced();
    return {
      roomFor: (line) => (tenant && rooms.get(feedOfLine(line, tenant)?.feedId ?? "")) ?? unknown,
      isFull: () => false,
      oneBatchEach: false,
    };
  }
}

function wayTo(room: Room, oneBatchEach = false): Way {
  return { roomFor: () => room, isFull: () => room.isFull, oneBatchEach };
}
