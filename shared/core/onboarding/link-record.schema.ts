/** A connect link as it is stored. */
import * as z from "zod";

export const LinkRecordSchema = z.object({
  linkId: z.string(),
  tenantId: z.string(),
  feedIds: z.array(z.string()).min(1),
  /** When each of them was created, as far as that is known: another one under its id was at another time. */
  feedsSince: z.record(z.string(), z.string()).optional(),
  language: z.string().optional(),
  /** SHA-256 of the token, hexadecimal. The token itself is nowhere. */
  tokenHash: z.string(),
  createdAt: z.string(),
  /** ISO 8601; the item's own `expiresAt` is the table's time to live, and later. */
  validUntil: z.string(),
  usedAt: z.string().optional(),
  revokedAt: z.string().optional(),
  /** Submissions so far. */
  attempts: z.int().min(0).default(0),
  /** Epoch milliseconds until which a submission has the link to itself, unless it is done before. */
  leaseUntilMs: z.number().optional(),
  /** Feeds whose keys were stored through the link. */
  storedFeedIds: z.array(z.string()).optional(),
  /** Why the latest submission left others out, by code. */
  problems: z.array(z.object({ feedId: z.string(), problem: z.string() })).optional(),
});

export type LinkRecord = z.output<typeof LinkRecordSchema>;
