/** One line of a parked object, as far as it is read again; `ParkedEvent` in `shared/ports.ts` says what is written. */
import * as z from "zod";
import { FeedIdSchema, ModeSchema, TenantIdSchema } from "./message.schema.ts";

export const ParkedLineSchema = z.object({
  tenantId: TenantIdSchema.optional(),
  feedId: FeedIdSchema.optional(),
  sqsMessageId: z.string(),
  sentAtMs: z.int().min(0),
  mode: ModeSchema.optional(),
  reasons: z.array(z.object({ code: z.string() })),
  /** What it is told by the one field that is there. */
  content: z.object({
    event: z.unknown().optional(),
    eventText: z.string().optional(),
    batch: z.string().optional(),
    route: z.enum(["live", "historical"]).optional(),
    body: z.string().optional(),
  }),
  hours: z.record(z.string(), z.int().min(0)),
});

export type StoredLine = z.infer<typeof ParkedLineSchema>;
