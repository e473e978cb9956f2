/** The whole membership of an audience, as the messages that make it so. */
import type { AudienceEvent } from "../message.schema.ts";

/** Somebody in an audience: at least one of these. */
export interface Member {
  readonly userId?: string | undefined;
  readonly anonymousId?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
}

export interface MirrorOptions {
  readonly audience: string;
  /** Of the former members, how many may leave, 0 to 1. @default 0.2 */
  readonly maxRemovedShare?: number;
  /** When membership was looked at, epoch milliseconds. */
  readonly atMs: number;
}

export type Mirror =
  | {
      readonly kind: "changes";
      readonly added: readonly AudienceEvent[];
      readonly removed: readonly AudienceEvent[];
    }
  /** More would leave than may: nothing is to be sent. An empty or cut list looks just so. */
  | { readonly kind: "stopped"; readonly removed: number; readonly former: number };

/**
 * Nobody leaves who shares any id with a present member: who gains or loses an id stays. A member whose first id of userId,
 * anonymousId, email and phone is new joins, though another of its ids may not be: at mParticle it may be another profile.
 */
export function mirrorAudience(
  former: Iterable<Member>,
  members: Iterable<Member>,
  { audience, maxRemovedShare = 0.2, atMs }: MirrorOptions,
): Mirror {
  const before = membershipOf(former);
  const after = membershipOf(members);
  const joined = [...after.byKey].filter(([key]) => !before.ids.has(key));
  const left = [...before.byKey.values()].filter((member) => !idsOf(member).some((id) => after.ids.has(id)));
  if (left.length > maxRemovedShare * before.byKey.size)
    return { kind: "stopped", removed: left.length, former: before.byKey.size };
  return {
    kind: "changes",
    added: joined.map(([, member]) => eventOf(member, audience, "add", atMs)),
    // Earlier: should both be about one profile, it is in the audience.
    removed: left.map((member) => eventOf(member, audience, "remove", atMs - 1)),
  };
}

interface Membership {
  readonly byKey: ReadonlyMap<string, Member>;
  /** All ids of all members. */
  readonly ids: ReadonlySet<string>;
}

function membershipOf(members: Iterable<Member>): Membership {
  const byKey = new Map<string, Member>();
  const ids = new Set<string>();
  for (const member of members) {
    const own = idsOf(member);
    for (const id of own) ids.add(id);
    if (own[0] !== undefined) byKey.set(own[0], member);
  }
  return { byKey, ids };
}

/** The first id of a member. Undefined: it names nobody. */
export function keyOf(member: Member): string | undefined {
  return idsOf(member)[0];
}

/** An address is the same in any case. */
function idsOf({ userId, anonymousId, email, phone }: Member): string[] {
  return [
    ...(userId === undefined ? [] : [`userId ${userId}`]),
    ...(anonymousId === undefined ? [] : [`anonymousId ${anonymousId}`]),
    ...(email === undefined ? [] : [`email ${email.toLowerCase()}`]),
    ...(phone === undefined ? [] : [`phone ${phone}`]),
  ];
}

function eventOf(
  { userId, anonymousId, email, phone }: Member,
  audience: string,
  action: "add" | "remove",
  atMs: number,
): AudienceEvent {
  const traits = { ...(email !== undefined && { email }), ...(phone !== undefined && { phone }) };
  return {
    type: "audience",
    timestamp: atMs,
    action,
    audience,
    ...(userId !== undefined && { userId }),
    ...(anonymousId !== undefined && { anonymousId }),
    ...(Object.keys(traits).length > 0 && { traits }),
  };
}
