/** What the verify-feed function is invoked with. */
import * as z from "zod";
import { FeedIdSchema, TenantIdSchema } from "./message.schema.ts";
import { FeedSchema } from "./tenant.schema.ts";

export const VerifyRequestSchema = z.object({
  tenantId: TenantIdSchema,
  feedId: FeedIdSchema,
  kind: FeedSchema.shape.kind,
  pod: FeedSchema.shape.pod,
});

export type VerifyRequest = z.output<typeof VerifyRequestSchema>;
