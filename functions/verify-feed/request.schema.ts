/** What the verify-feed function is invoked with. */
import { z } from "zod";
import { FeedIdSchema, TenantIdSchema } from "../../shared/core/message.schema.ts";
import { FeedSchema } from "../../shared/core/tenant.schema.ts";

export const VerifyRequestSchema = z.object({
  tenantId: TenantIdSchema,
  feedId: FeedIdSchema,
  kind: FeedSchema.shape.kind,
  pod: FeedSchema.shape.pod,
});

export type VerifyRequest = z.output<typeof VerifyRequestSchema>;
