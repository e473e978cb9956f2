/**
 * The event by which onboarding tells the connector that held events may go on now: a tenant or feed was added or resumed, or
 * credentials were stored. It goes over EventBridge.
 */
import * as z from "zod";
import { FeedIdSchema, TenantIdSchema } from "./message.schema.ts";

export const FeedChangedSchema = z.object({
  tenantId: TenantIdSchema,
  /** Absent: any of the tenant's feeds. */
  feedId: FeedIdSchema.optional(),
});

export type FeedChanged = z.infer<typeof FeedChangedSchema>;
