import type { Lane } from "./flow/flow-state.schema.ts";

/** Whose parked events lie together in the bucket, and why. */
export interface ParkedFolder {
  readonly ending: "rejected" | "held";
  /** Undefined for bodies that name no tenant. */
  readonly tenantId?: string;
  /** Undefined when the feed could not be told. */
  readonly feedId?: string;
  /** The queue that they came from, and go back to. */
  readonly lane: Lane;
  /** Why they are held; absent for rejected ones, of which each has its own reasons. */
  readonly cause?: string;
}

/**
 * Path of a folder, without a slash at its end: `held/tenant=acme/feed=ios/cause=feed_paused`, `rejected/tenant=acme`,
 * `rejected/unreadable`. What came from the backfill queue lies apart, one level deeper: `…/feed=ios/lane=backfill/cause=backlog`.
 */
export function folderPath({ ending, tenantId, feedId, lane, cause }: ParkedFolder): string {
  return [
    ending,
    tenantId === undefined ? "unreadable" : `tenant=${tenantId}`,
    ...(feedId === undefined ? [] : [`feed=${feedId}`]),
    ...(lane === "live" ? [] : [`lane=${lane}`]),
    ...(cause === undefined ? [] : [`cause=${cause}`]),
  ].join("/");
}

const FOLDER =
  /^(rejected|held)\/(?:unreadable|tenant=([^/=]+))(?:\/feed=([^/=]+))?(?:\/lane=(backfill))?(?:\/cause=([^/=]+))?$/;

/** The folder of a path as {@link folderPath} writes it; undefined: it is none. */
export function folderOf(path: string): ParkedFolder | undefined {
  const [, ending, tenantId, feedId, lane, cause] = FOLDER.exec(path) ?? [];
  if (ending === undefined) return undefined;
  return {
    ending: ending === "held" ? "held" : "rejected",
    lane: lane === undefined ? "live" : "backfill",
    ...(tenantId !== undefined && { tenantId }),
    ...(feedId !== undefined && { feedId }),
    ...(cause !== undefined && { cause }),
  };
}

/** Key of an object: `<folder>/2026/11/22/03/2026-11-22T03:04:05.678Z-<id>.ndjson`. In a folder, keys sort by time. */
export function objectKey(folder: ParkedFolder, atMs: number, id: string): string {
  return `${timePath(folderPath(folder), atMs)}-${id}.ndjson`;
}

/** What the keys of all objects begin with, or sort after, that were parked in a folder at an instant or later. */
export function timePath(path: string, atMs: number): string {
  const at = new Date(atMs).toISOString();
  return `${path}/${at.slice(0, 13).replace(/[-T]/g, "/")}/${at}`;
}

const KEY =
  /^(.+?)\/\d{4}\/\d{2}\/\d{2}\/\d{2}\/(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)-[^/]+\.ndjson$/;

/** A parked object by its key. `parkedAtMs` in epoch milliseconds. */
export interface ParkedRef {
  readonly key: string;
  readonly folder: ParkedFolder;
  readonly parkedAtMs: number;
}

/** Undefined: the key is none that {@link objectKey} writes. */
export function refOf(key: string): ParkedRef | undefined {
  const [, path = "", at = ""] = KEY.exec(key) ?? [];
  const folder = folderOf(path);
  const parkedAtMs = Date.parse(at);
  return folder && !Number.isNaN(parkedAtMs) ? { key, folder, parkedAtMs } : undefined;
}

/** The text of an object: one JSON document a line, each with all that is needed to put it back. */
export function objectText(
  { tenantId, feedId, lane }: ParkedFolder,
  atMs: number,
  lines: readonly object[],
): string {
  const at = new Date(atMs).toISOString();
  return lines.map((line) => `${JSON.stringify({ at, tenantId, feedId, lane, ...line })}\n`).join("");
}
