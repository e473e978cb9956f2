/** The file of `--tenants`: what the API takes of tenants, feeds and keys, in one document. */
import * as z from "zod";
import { FeedIdParam, TenantIdParam } from "../../shared/api/common.schema.ts";
import { CredentialsInputSchema } from "../../shared/api/credentials.schema.ts";
import { FeedSettingsSchema } from "../../shared/api/feed.schema.ts";
import { TenantSettingsSchema } from "../../shared/api/tenant.schema.ts";
import { FeedSchema, TenantSchema } from "../../shared/core/tenant.schema.ts";

const FeedEntrySchema = FeedSettingsSchema.safeExtend({
  feedId: FeedIdParam,
  ...CredentialsInputSchema.shape,
  /** Absent: active. */
  status: FeedSchema.shape.status.unwrap().optional(),
  refusedSecretVersion: FeedSchema.shape.refusedSecretVersion,
});

export const TenantsFileSchema = z.array(
  TenantSettingsSchema.safeExtend({
    tenantId: TenantIdParam,
    status: TenantSchema.shape.status,
    feeds: z.array(FeedEntrySchema),
  }),
);

export type TenantsFile = z.input<typeof TenantsFileSchema>;
