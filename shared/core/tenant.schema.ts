/** A tenant (the partner's customer) and its feeds, as stored in the table. */
import * as z from "zod";
import { AudienceSettingsSchema } from "./audiences/audience-settings.schema.ts";
import { DEVICE_PLATFORMS } from "./batch/device.schema.ts";
import { ConsentSchema } from "./consent/consent.schema.ts";
import { MAX_LIVE_AGE_DAYS, MIN_HISTORICAL_AGE_MS } from "./limits.ts";
import { MappingSchema } from "./mapping/mapping.schema.ts";
import { FeedIdSchema, TenantIdSchema } from "./message.schema.ts";
import { RowModelSchema } from "./rows/row-model.schema.ts";

/** The operating platforms that mParticle tells apart; a feed acts as one of them. */
export const PlatformSchema = z.enum(DEVICE_PLATFORMS);

export const PodSchema = z.enum(["us1", "us2", "eu1", "au1"]);

/** Of the workspace that the feed belongs to. */
export const DataPlanSchema = z.strictObject({
  planId: z.string().min(1).max(256),
  /** Absent: the latest. */
  planVersion: z.int().min(1).optional(),
});

export const FeedSchema = z.object({
  feedId: FeedIdSchema,
  /** `partner`: mParticle's partner host, partner identities allowed, no consent state. `custom`: a pod's host, the reverse. */
  kind: z.enum(["partner", "custom"]).default("partner"),
  /** Region of the workspace; used by `custom` feeds only. */
  pod: PodSchema.default("us1"),
  environment: z.enum(["production", "development"]).default("development"),
  /** Act-as platforms whose events this feed takes when a message names no feed. */
  platforms: z.array(PlatformSchema).default([]),
  /** How its events become batches. */
  mapping: MappingSchema.prefault({}),
  /** What becomes of rows, by the model that they name. */
  rows: z.record(z.string(), RowModelSchema).default({}),
  audiences: AudienceSettingsSchema.prefault({}),
  /** Without which consent an event is filtered, and what a custom feed tells mParticle of it. */
  consent: ConsentSchema.prefault({}),
  /** What mParticle holds its batches against. */
  dataPlan: DataPlanSchema.optional(),
  /** Age in days from which an event takes the historical path. */
  historicalAfterDays: z
    .number()
    .min(MIN_HISTORICAL_AGE_MS / 86_400_000)
    .max(MAX_LIVE_AGE_DAYS)
    .default(MAX_LIVE_AGE_DAYS),
  limits: z
    .object({
      /** One old sentence of the documentation reads as 100 events a request; every newer source says batches. Off unless set. */
      eventsPerRequest: z.int().min(1).optional(),
    })
    .prefault({}),
  status: z.enum(["pending", "active", "paused", "credentials_refused"]).default("pending"),
  /** Version of the secret that mParticle refused; a newer one is tried again. */
  refusedSecretVersion: z.string().optional(),
});

export const TenantSchema = z.object({
  tenantId: TenantIdSchema,
  status: z.enum(["active", "paused"]).default("active"),
  /** Tenant rules: names of track events, or call types such as `page`, that are never sent. */
  blockedEvents: z.array(z.string()).default([]),
});

/** One feed's key and secret as they stand in Secrets Manager. */
export const CredentialsSchema = z.object({
  apiKey: z.string().min(1),
  apiSecret: z.string().min(1),
});

export type Platform = z.infer<typeof PlatformSchema>;
export type Pod = z.infer<typeof PodSchema>;
export type Feed = z.infer<typeof FeedSchema>;
export type Tenant = z.infer<typeof TenantSchema>;
export type Credentials = z.infer<typeof CredentialsSchema>;
