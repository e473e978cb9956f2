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

/** Members are the same when the first of userId, anonymousId, email and phone that they have is. */
export function mirrorAudience(
  former: Iterable<Member>,
  members: Iterable<Member>,
  { audience, maxRemovedShare = 0.2, atMs }: MirrorOptions,
): Mirror {
  const before = byKey(former);
  const after = byKey(members);
  const joined = [...after].filter(([key]) => !before.has(key));
  const left = [...before].filter(([key]) => !after.has(key));
  if (left.length > maxRemovedShare * before.size)
    return { kind: "stopped", removed: left.length, former: before.size };
  const eventsOf = (members: readonly (readonly [string, Member])[], action: "add" | "remove") =>
    members.map(([, member]) => eventOf(member, audience, action, atMs));
  return { kind: "changes", added: eventsOf(joined, "add"), removed: eventsOf(left, "remove") };
}

function byKey(members: Iterable<Member>): Map<string, Member> {
  const found = new Map<string, Member>();
  for (const member of members) {
    const key = keyOf(member);
    if (key !== undefined) found.set(key, member);
  }
  return found;
}

/** Undefined: it names nobody. An address is the same in any case. */
export function keyOf({ userId, anonymousId, email, phone }: Member): string | undefined {
  if (userId !== undefined) return `userId ${userId}`;
  if (anonymousId !== undefined) return `anonymousId ${anonymousId}`;
  if (email !== undefined) return `email ${email.toLowerCase()}`;
  return phone === undefined ? undefined : `phone ${phone}`;
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
