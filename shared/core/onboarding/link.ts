import { createHash, randomBytes } from "node:crypto";
import type { ConnectLinkAnswer } from "../../api/connect-link.schema.ts";
import type { LinkRecord } from "./link-record.schema.ts";
import type { FeedRecord } from "./record.schema.ts";
import type { StoredFeed } from "./stored-feed.ts";

/** Bytes of a link's token: 256 bits. */
const TOKEN_BYTES = 32;

/** Submissions of one link. A customer who mistypes keys needs a few; a guesser of keys would need very many. */
export const MAX_ATTEMPTS = 25;

/** What {@link createToken} makes, as text. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** @param random - Cryptographically strong. */
export function createToken(random: (bytes: number) => Buffer = randomBytes): string {
  return random(TOKEN_BYTES).toString("base64url");
}

/** What a token is found by. Undefined: it can be nobody's token. */
export function hashOfToken(token: string): string | undefined {
  return TOKEN.test(token) ? createHash("sha256").update(token).digest("hex") : undefined;
}

export type LinkStatus = ConnectLinkAnswer["status"];

/** Used before revoked before exhausted before expired: what came first cannot be undone by what came later. */
export function linkStatus(link: LinkRecord, nowMs: number): LinkStatus {
  const { usedAt, revokedAt, validUntil, leaseUntilMs = 0 } = link;
  if (usedAt !== undefined) return "used";
  if (revokedAt !== undefined) return "revoked";
  // The last submission is being checked, and may still use the link.
  if (isLastAttempt(link) && leaseUntilMs <= nowMs) return "exhausted";
  return nowMs >= Date.parse(validUntil) ? "expired" : "open";
}

/** Whether a link asks for the keys of the feed of an id that it names: one that was created since is another one. */
export function asksFor(
  { feedsSince = {} }: Pick<LinkRecord, "feedsSince">,
  { feedId, createdAt, isDeleting }: Pick<StoredFeed | FeedRecord, "feedId" | "createdAt" | "isDeleting">,
): boolean {
  // By what was read, and not by what was first: the functions' clocks differ.
  const since = Object.hasOwn(feedsSince, feedId) ? feedsSince[feedId] : undefined;
  return !isDeleting && (since === undefined || createdAt === undefined || createdAt === since);
}

/** Whether no submission can follow the latest one. */
export function isLastAttempt({ attempts }: LinkRecord): boolean {
  return attempts >= MAX_ATTEMPTS;
}
