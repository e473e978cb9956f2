import type { BatchEvent } from "../batch.schema.ts";
import type { Route } from "../route.ts";
import type { Part } from "./assemble.ts";
import { halveProfile, isEmpty, type Profile, saysOfUser } from "./profile.ts";

/** An event with what ordering needs. */
export interface Entry {
  readonly event: BatchEvent;
  readonly occurredAtMs: number;
  readonly part: Part;
}

/** What a batch is going to hold: events of one route, oldest first, and perhaps the user's profile. */
export interface Draft {
  readonly route: Route;
  readonly entries: readonly Entry[];
  readonly profile: Profile | undefined;
  /** Not all that has its source request id: others have the rest. */
  readonly isPiece?: true;
}

/** The live path alone takes batches without events. */
export function profileUpdate(profile: Profile): Draft {
  return { route: "live", entries: [], profile };
}

/**
 * Cuts a draft that is too large in two, its events before its profile; the profile stays with the newer events.
 *
 * @returns undefined when there is nothing left to cut: one event, or one attribute.
 */
export function halve({ route, entries, profile }: Draft): readonly [Draft, Draft] | undefined {
  if (entries.length > 1) {
    const half = Math.ceil(entries.length / 2);
    return [
      { route, entries: entries.slice(0, half), profile: undefined, isPiece: true },
      { route, entries: entries.slice(half), profile, isPiece: true },
    ];
  }
  if (!profile || isEmpty(profile)) return undefined;
  if (entries.length === 1)
    return [{ route, entries, profile: undefined, isPiece: true }, piece(profileUpdate(profile))];
  const [first, second] = halveProfile(profile) ?? [];
  return first && second && [piece(profileUpdate(first)), piece(profileUpdate(second))];
}

/** A draft that is not all of its group. */
export function piece(draft: Draft): Draft {
  return { ...draft, isPiece: true };
}

/**
 * Whose ending a batch decides: those with events in it and, where the profile is, those that said something of it.
 *
 * @param parts - Of the whole group, in the order of their entries.
 */
export function contributorsOf({ entries, profile }: Draft, parts: readonly Part[]): readonly Part[] {
  if (parts.length === 1) return parts;
  const contributors: Part[] = [];
  let next = 0;
  for (const part of parts) {
    const { contribution } = part;
    const first = next;
    while (entries[next]?.part === part) next++;
    const hasEvents = next > first;
    if (hasEvents || (profile && (contribution.events.length === 0 || saysOfUser(contribution))))
      contributors.push(part);
  }
  return contributors;
}
