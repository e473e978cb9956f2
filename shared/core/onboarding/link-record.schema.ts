/** A connect link as it is stored. */
import { z } from "zod";

export const LinkRecordSchema = z.object({
  linkId: z.string(),
  tenantId: z.string(),
  feedIds: z.array(z.string()).min(1),
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
});

export type LinkRecord = z.output<typeof LinkRecordSchema>;
