import { nameOf } from "../../shared/core/error-name.ts";
import type { FeedChoice } from "../../shared/core/feed-of-event.ts";
import { heldCause } from "../../shared/core/held-cause.ts";
import type { ParkedFolder, ParkedRef } from "../../shared/core/parked-object.ts";
import type { Feed } from "../../shared/core/tenant.schema.ts";
import type { FeedLane } from "../../shared/ports-parked.ts";
import { feedOfLine } from "../../shared/requeue/feed-of-line.ts";
import type { Room } from "../../shared/requeue/rooms.ts";
import type { Way } from "../../shared/requeue/way.ts";
import { fingerprintOf } from "./futile-objects.ts";
import type { ReleaseRun } from "./release-held.ts";

export interface TenantFeeds {
  readonly all: FeedChoice;
  /** Those that can be delivered to. */
  readonly ready: ReadonlyMap<string, Feed>;
}

/** `fingerprint` is set where the feed depends on the line: see `FutileObjects`. */
interface FolderWay extends Way {
  readonly fingerprint?: string;
}

/** Objects taken up at once. */
const OBJECTS_AT_ONCE = 8;

/**
 * Releases a folder's objects as far as there is room and time. An object of which nothing can go is left as it is.
 *
 * @throws when the bucket cannot be listed.
 */
export async function releaseFolder(
  folder: ParkedFolder,
  feeds: TenantFeeds,
  run: ReleaseRun,
): Promise<void> {
  const { tenantId = "", feedId, lane, cause } = folder;
  const way = feedId === undefined ? await wayByEvent(folder, feeds, run) : await wayOf(folder, feeds, run);
  if (!way) return;
  const isBacklog = cause === "backlog" && feedId !== undefined;
  for (;;) {
    const round = await releaseRound(folder, way, run);
    if (isBacklog && round === "empty") await backlogReleased({ tenantId, feedId, lane }, run);
    // While a backlog is released, more of it comes: it has ended only when nothing is found.
    if (!isBacklog || round !== "all gone") return;
  }
}

/** Goes through the objects once. `empty`: there were none. */
async function releaseRound(
  folder: ParkedFolder,
  { isFull, fingerprint, ...order }: FolderWay,
  run: ReleaseRun,
): Promise<"empty" | "all gone" | "some left"> {
  const { mayGoOn } = run;
  const holdMs = heldCause(folder.cause).shortestHoldMs;
  const range = holdMs === 0 ? undefined : { fromMs: 0, toMs: run.nowMs - holdMs };
  let isEmpty = true;
  let isAllGone = true;
  for await (const refs of chunks(run.store.list(folder, range), OBJECTS_AT_ONCE)) {
    isEmpty = false;
    if (isFull() || !mayGoOn()) return "some left";
    const open = refs.filter(({ key }) => fingerprint === undefined || !run.futile.has(key, fingerprint));
    if (open.length < refs.length) isAllGone = false;
    const results = await run.putBack.putBack(open.map((ref) => ({ ref, ...order, mayGoOn })));
    for (const [i, { events, left, isDone, hasFailed }] of results.entries()) {
      if (events > 0) run.released.push({ ...folder, events });
      if (hasFailed) run.failures++;
      if (left > 0 || !isDone) isAllGone = false;
      const isFutile = left > 0 && isDone && !hasFailed;
      if (fingerprint !== undefined && isFutile) run.futile.note(open[i]?.key ?? "", fingerprint);
    }
  }
  if (isEmpty) return "empty";
  return isAllGone ? "all gone" : "some left";
}

/** The way of what is held under a feed: to that feed. */
async function wayOf(
  { tenantId = "", feedId = "", lane }: ParkedFolder,
  { ready }: TenantFeeds,
  run: ReleaseRun,
): Promise<FolderWay | undefined> {
  const feed = ready.get(feedId);
  const room = feed && (await roomOf({ tenantId, feedId, lane }, run));
  if (!room) return undefined;
  const oneBatchEach = feed.limits.eventsPerRequest !== undefined;
  return { roomFor: () => room, oneBatchEach, isFull: () => room.isFull };
}

/** The way of what is held under no feed: each event's to the feed that it would be given to now. */
async function wayByEvent(
  { tenantId = "", lane }: ParkedFolder,
  { all, ready }: TenantFeeds,
  run: ReleaseRun,
): Promise<FolderWay | undefined> {
  const rooms = new Map<string, Room>();
  for (const feedId of ready.keys()) {
    const room = await roomOf({ tenantId, feedId, lane }, run);
    if (room) rooms.set(feedId, room);
  }
  if (rooms.size === 0) return undefined;
  return {
    roomFor: (line) => rooms.get(feedOfLine(line, all)?.feedId ?? ""),
    isFull: () => [...rooms.values()].every(({ isFull }) => isFull),
    oneBatchEach: false,
    fingerprint: fingerprintOf(all, rooms),
  };
}

/** Undefined: it cannot be told. Another run will. */
async function roomOf(feed: FeedLane, run: ReleaseRun): Promise<Room | undefined> {
  try {
    return await run.rooms.of(feed);
  } catch (error) {
    run.failures++;
    run.log.error("A feed's pace cannot be told: its held events wait", { ...feed, error: nameOf(error) });
    return undefined;
  }
}

async function backlogReleased(feed: FeedLane, run: ReleaseRun): Promise<void> {
  try {
    await run.pace.backlogReleased(feed, run.nowMs);
  } catch (error) {
    run.failures++;
    run.log.error("A feed's events still go to the bucket, though its backlog is released", {
      ...feed,
      error: nameOf(error),
    });
  }
}

async function* chunks(refs: AsyncIterable<ParkedRef>, size: number): AsyncIterable<ParkedRef[]> {
  let chunk: ParkedRef[] = [];
  for await (const ref of refs) {
    chunk.push(ref);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
