/** What the replay-rejected function is invoked with. */
import * as z from "zod";
import { FeedIdSchema, TenantIdSchema } from "./message.schema.ts";

export const ReplayRequestSchema = z.object({
  /** `list` counts what lies in the bucket, `replay` puts it back on the queue. */
  action: z.enum(["list", "replay"]),
  /** null: bodies that name no tenant. */
  tenantId: TenantIdSchema.nullable(),
  /** Absent: every feed's. null: only those events whose feed could not be told. */
  feedId: FeedIdSchema.nullable().optional(),
  /** Instants of parking, ISO 8601 in UTC; `from` included, `to` not. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Codes of an event's first reason. Absent: any. */
  codes: z.array(z.string()).min(1).optional(),
  /** Milliseconds that it may take. Absent: as long as the function may run. */
  withinMs: z.int().min(1).optional(),
});

export type ReplayRequest = z.output<typeof ReplayRequestSchema>;
