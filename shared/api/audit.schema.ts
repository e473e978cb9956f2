/** Who changed what of a tenant, when, from where. Never a value. */
import * as z from "zod";
import { FeedIdParam, InstantSchema, NextCursorSchema } from "./common.schema.ts";

export const AUDIT_ACTIONS = [
  "tenant_created",
  "tenant_updated",
  "tenant_paused",
  "tenant_resumed",
  "tenant_deletion_begun",
  "tenant_restored",
  "tenant_purged",
  "feed_created",
  "feed_updated",
  "feed_paused",
  "feed_resumed",
  "feed_went_live",
  "feed_deleted",
  "event_names_reset",
  "credentials_stored",
  "credentials_not_accepted",
  "credentials_verified",
  "credentials_rolled_back",
  "previous_credentials_dropped",
  "connect_link_created",
  "connect_link_revoked",
  "connect_link_used",
  "connect_link_exhausted",
  "rejected_replayed",
] as const;

export const AuditEntrySchema = z
  .object({
    at: InstantSchema,
    action: z.enum(AUDIT_ACTIONS),
    by: z.string().meta({
      description: "ARN of the IAM identity, subject of the token, `link:<linkId>`, or `connector`.",
      example: "arn:aws:sts::123456789012:assumed-role/onboarding/service",
    }),
    from: z.string().optional().meta({ description: "IP address of the caller.", example: "192.0.2.7" }),
    requestId: z.string().optional(),
    feedId: FeedIdParam.optional(),
    details: z
      .record(z.string(), z.string())
      .meta({ description: "Names of changed fields, fingerprints, ids.", example: { fields: "mapping" } }),
  })
  .meta({ id: "AuditEntry" });

export const AuditPageSchema = z
  .object({ entries: z.array(AuditEntrySchema), next: NextCursorSchema })
  .meta({ id: "AuditPage", description: "Latest first." });

export type AuditEntry = z.output<typeof AuditEntrySchema>;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
