/**
 * Tenants and feeds as onboarding keeps them: what delivery reads (`core/tenant.schema.ts`), and what it does not need to know
 * beside. Records that were not stored through the API have no revision and no dates.
 */
import * as z from "zod";
import { MappingSchema } from "../mapping/mapping.schema.ts";
import { FeedSchema, TenantSchema } from "../tenant.schema.ts";

const record = {
  /** Changes with every change through the API; what an ETag quotes. */
  revision: z.string().optional(),
  /** ISO 8601, as every instant here. */
  createdAt: z.string().optional(),
  updatedAt: z.string().optional(),
};

export const TenantRecordSchema = TenantSchema.extend({
  ...record,
  /** Present: the tenant is deleting. Its `status` is `paused` then, so that delivery holds its events. */
  deletion: z
    .object({
      deleteAfter: z.string(),
      statusBefore: TenantSchema.shape.status.unwrap(),
      /** Its removal has begun: there is no way back. */
      isPurging: z.boolean().optional(),
    })
    .optional(),
});

/** One pair of keys that was stored, without the keys. */
const StoredKeysSchema = z.object({
  /** The first digits of `keyHash`: what people are told. */
  fingerprint: z.string(),
  /** SHA-256 of the API key, hexadecimal. */
  keyHash: z.string(),
  /** Version of the secret that holds them. */
  secretVersion: z.string(),
  storedAt: z.string(),
});

const KeysTestSchema = z.object({
  outcome: z.enum(["accepted", "refused", "throttled", "unavailable", "unexpected"]),
  checkedAt: z.string(),
});

export const CredentialsRecordSchema = StoredKeysSchema.extend({
  /** The latest test of these keys with the feed's present kind and pod. */
  verification: KeysTestSchema.optional(),
  /** Keys that these replaced, until these have delivered. */
  previous: StoredKeysSchema.optional(),
});

/** Keys that are about to be stored: what is needed to say of them that they are, should whoever stores them die on the way. */
const IntendedKeysSchema = StoredKeysSchema.extend({
  verification: KeysTestSchema,
  /** What they were tested for. */
  kind: FeedSchema.shape.kind,
  pod: FeedSchema.shape.pod,
  /** The current version of a secret that waits for its deletion, and is restored to take them. */
  restores: z.string().optional(),
});

export const FeedRecordSchema = FeedSchema.extend({
  ...record,
  credentials: CredentialsRecordSchema.optional(),
  /** A change of keys that is under way, epoch milliseconds until which it may take: a second one has to wait. */
  rotation: z
    .object({ id: z.string(), untilMs: z.number(), intended: IntendedKeysSchema.optional() })
    .optional(),
  /** Counts the mappings that the feed has had; its present one is the last. Absent: the first. */
  mappingVersion: z.int().min(1).optional(),
  /** Since when it has its present mapping. Absent: since it was created. */
  mappingSince: z.string().optional(),
  /** Its deletion has begun, and is not at its end. */
  isDeleting: z.boolean().optional(),
});

/** A mapping that a feed had before its present one. */
export const ArchivedMappingSchema = z.object({
  version: z.int().min(1),
  since: z.string().optional(),
  mapping: MappingSchema,
});

export type ArchivedMapping = z.output<typeof ArchivedMappingSchema>;
export type TenantRecord = z.output<typeof TenantRecordSchema>;
export type FeedRecord = z.output<typeof FeedRecordSchema>;
export type StoredKeys = z.output<typeof StoredKeysSchema>;
export type CredentialsRecord = z.output<typeof CredentialsRecordSchema>;
export type IntendedKeys = z.output<typeof IntendedKeysSchema>;
