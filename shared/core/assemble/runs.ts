import { type Finding, finding } from "../finding.ts";
import { type Route, routeOf } from "../route.ts";
import type { AssembleContext, Part } from "./assemble.ts";
import { compare } from "./compare.ts";
import { fits } from "./fits.ts";
import type { ProfileChunk } from "./profile.ts";

/** An event as it will stand in a batch. */
export interface Entry {
  readonly text: string;
  readonly occurredAtMs: number;
  readonly id: string;
  readonly part: Part;
}

/** What one batch will hold: events of one route, oldest first, or none for a profile update. */
export interface Run {
  readonly route: Route;
  readonly entries: readonly Entry[];
  readonly profile?: ProfileChunk;
}

type Routes = Record<Route, Entry[]>;

/** UTF-8 bytes of `,"events":[]`. */
const EVENTS_FRAME_BYTES = 12;

/**
 * Serialises events and sorts them by route. A part is sent whole or not at all: one whose events are too large or have no
 * path is refused.
 *
 * @param room - UTF-8 bytes that a batch has for events and attributes.
 */
export function readEntries(
  parts: readonly Part[],
  room: number,
  context: AssembleContext,
  refuse: (part: Part, reason: Finding) => void,
): Routes & { readonly parts: readonly Part[] } {
  const routes: Routes = { live: [], historical: [] };
  const kept = parts.filter((part) => {
    const refusal = room < 0 ? finding("event_too_large") : readPart(part, room, context, routes);
    if (refusal) refuse(part, refusal);
    return !refusal;
  });
  return { ...routes, parts: kept };
}

function readPart(
  part: Part,
  room: number,
  { nowMs, feed }: AssembleContext,
  routes: Routes,
): Finding | undefined {
  const { events, occurredAtMs: occurred } = part.contribution;
  const added: { route: Route; entry: Entry }[] = [];
  for (const event of events) {
    const occurredAtMs = event.data.timestamp_unixtime_ms ?? occurred;
    const route = routeOf(occurredAtMs, part.mode, { nowMs, historicalAfterDays: feed.historicalAfterDays });
    if (route === "too_old_for_live") return finding("too_old_for_live", "timestamp");
    const text = JSON.stringify(event);
    if (!fits(text, room - EVENTS_FRAME_BYTES)) return finding("event_too_large");
    added.push({ route, entry: { text, occurredAtMs, id: event.data.source_message_id ?? "", part } });
  }
  for (const { route, entry } of added) routes[route].push(entry);
  return undefined;
}

/**
 * Cuts events, in time order, where a batch would grow too large, and places the profile.
 *
 * Attributes ride the newest batch of the user. What does not fit there goes out as profile updates, which only the live
 * path takes; parts without any events are one such update even when they set nothing but identities.
 */
export function splitIntoRuns(
  routes: Routes,
  chunks: readonly ProfileChunk[],
  room: number,
  maxEvents = Number.POSITIVE_INFINITY,
): Run[] {
  const runs: Run[] = [];
  for (const route of ["historical", "live"] as const) {
    for (const entries of split(routes[route], room, maxEvents)) runs.push({ route, entries });
  }
  const [first = NOTHING, ...others] = chunks;
  const newest = runs.pop();
  if (newest && fitsBeside(newest.entries, first, room)) runs.push({ ...newest, profile: first });
  else if (newest) runs.push(newest, profileUpdate(first));
  else runs.push(profileUpdate(first));
  for (const chunk of others) runs.push(profileUpdate(chunk));
  return runs;
}

/** A profile that sets nothing: it still carries identities. */
const NOTHING: ProfileChunk = { text: "" };

function profileUpdate(profile: ProfileChunk): Run {
  return { route: "live", entries: [], profile };
}

function split(entries: Entry[], room: number, maxEvents: number): readonly (readonly Entry[])[] {
  if (entries.length === 0) return [];
  if (entries.length > 1) entries.sort((a, b) => a.occurredAtMs - b.occurredAtMs || compare(a.id, b.id));
  if (entries.length <= maxEvents && fitsBeside(entries, NOTHING, room)) return [entries];

  const runs: Entry[][] = [];
  let current: Entry[] = [];
  let bytes = EVENTS_FRAME_BYTES;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.text) + 1;
    if (current.length === maxEvents || (current.length > 0 && bytes + size > room)) {
      runs.push(current);
      current = [];
      bytes = EVENTS_FRAME_BYTES;
    }
    current.push(entry);
    bytes += size;
  }
  runs.push(current);
  return runs;
}

function fitsBeside(entries: readonly Entry[], { text }: ProfileChunk, room: number): boolean {
  let units = text.length;
  for (const entry of entries) units += entry.text.length + 1;
  const rest = room - EVENTS_FRAME_BYTES - 1;
  if (units * 3 <= rest) return true;
  let bytes = Buffer.byteLength(text);
  for (const entry of entries) bytes += Buffer.byteLength(entry.text) + 1;
  return bytes <= rest;
}
