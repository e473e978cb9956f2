/** Feeds as the API takes and gives them. */
import * as z from "zod";
import { ConsentSchema } from "../core/consent/consent.schema.ts";
import { MappingSchema } from "../core/mapping/mapping.schema.ts";
import { RowModelSchema } from "../core/rows/row-model.schema.ts";
import { DataPlanSchema, FeedSchema, PlatformSchema } from "../core/tenant.schema.ts";
import { checkConsent, checkMapping, checkRows, checkSize } from "./checks/feed-checks.ts";
import { refuseMisread } from "./checks/misread-sections.ts";
import { noneTwice } from "./checks/none-twice.ts";
import { FeedIdParam, InstantSchema, TenantIdParam } from "./common.schema.ts";
import { RemarksSchema } from "./remark.schema.ts";
import { VerificationOutcomeSchema } from "./verification.schema.ts";

const { kind, pod, audiences, historicalAfterDays, limits } = FeedSchema.shape;

/** mParticle tells apart as many platforms; a feed acts as some of them. */
const MAX_PLATFORMS = PlatformSchema.options.length;

const PLATFORMS = z
  .array(PlatformSchema)
  .max(MAX_PLATFORMS)
  .meta({
    description: "Act-as platforms whose events the feed takes when a message names no feed.",
    example: ["iOS"],
  });

const settings = {
  kind: kind.meta({
    description:
      "partner: mParticle's partner host. custom: the host of `pod`, to test with a feed of one's own.",
  }),
  pod: pod.meta({ description: "Region of the workspace; used by `custom` feeds only." }),
  platforms: PLATFORMS.refine(...noneTwice("a platform"))
    .default([])
    .meta({ ...PLATFORMS.meta(), uniqueItems: true }),
  mapping: MappingSchema.check(z.core._check(refuseMisread, { when: () => true }))
    .superRefine(checkMapping)
    .prefault({})
    .meta({
      id: "Mapping",
      description: "How events become batches where a tenant may choose.",
    }),
  rows: z
    .record(z.string(), RowModelSchema)
    .superRefine(checkRows)
    .default({})
    .meta({ description: "What becomes of warehouse rows, by the name of the model that they carry." }),
  audiences: audiences.meta({ description: "How a user's audiences are told." }),
  consent: ConsentSchema.superRefine(checkConsent).prefault({}).meta({
    id: "Consent",
    description: "Without which consent an event is filtered, and what a custom feed tells mParticle of it.",
  }),
  dataPlan: DataPlanSchema.optional().meta({
    id: "DataPlan",
    description: "The data plan that batches name, of its latest version where none is given.",
  }),
  historicalAfterDays: historicalAfterDays.meta({
    description: "Age in days from which an event takes the historical path.",
  }),
  limits: z.strictObject(limits.unwrap().shape).prefault({}),
};

/** Names of what can be set of a feed. Its environment is not among them: only go-live leads to production. */
export const FEED_SETTINGS = Object.keys(settings) as readonly (keyof typeof settings)[];

const ENVIRONMENT = z.enum(["production", "development"]);

export const FeedSettingsSchema = z
  .strictObject({
    ...settings,
    environment: ENVIRONMENT.optional().meta({
      description:
        "Left out: as it is; a new feed begins in development. A feed goes to production by go-live, and back by `development` here.",
    }),
  })
  .superRefine(checkSize)
  .meta({
    id: "FeedSettings",
    description: "What can be set of a feed. What is left out takes its default.",
  });

const FINGERPRINT = z.string().meta({
  description: "The first 16 hexadecimal digits of the API key's SHA-256.",
  example: "3f0c6f6e52a54b1c",
});

export const StoredCredentialsSchema = z
  .object({
    fingerprint: FINGERPRINT,
    storedAt: InstantSchema,
    verification: z
      .object({ outcome: VerificationOutcomeSchema, checkedAt: InstantSchema })
      .optional()
      .meta({ description: "The latest test of these keys with the feed's present kind and pod." }),
    previous: z.object({ fingerprint: FINGERPRINT, storedAt: InstantSchema }).optional().meta({
      description:
        "Keys that these replaced, kept until these have delivered: should mParticle refuse these, they come back.",
    }),
  })
  .meta({ id: "StoredCredentials", description: "What is told of keys. Never their value." });

export const FeedAnswerSchema = z
  .object({
    tenantId: TenantIdParam,
    feedId: FeedIdParam,
    status: z.enum(["pending", "active", "paused", "credentials_refused", "deleting"]).meta({
      description:
        "pending: no keys are stored. credentials_refused: mParticle refuses them. deleting: what is left of it will be removed within the hour, or by the same request again. But for active, events are held.",
    }),
    environment: ENVIRONMENT,
    ...settings,
    // What is stored may be of a time when it was not refused to name one twice.
    platforms: PLATFORMS,
    mapping: MappingSchema,
    mappingVersion: z.int().min(1).meta({ description: "Counts the mappings that the feed has had." }),
    rows: z.record(z.string(), RowModelSchema),
    consent: ConsentSchema,
    limits: z.object(limits.unwrap().shape),
    credentials: StoredCredentialsSchema.optional(),
    remarks: RemarksSchema.meta({
      description: "On settings that are valid, but surely not meant so.",
    }),
    createdAt: InstantSchema.optional(),
    updatedAt: InstantSchema.optional(),
  })
  .meta({ id: "Feed" });

const ListedFeedSchema = FeedAnswerSchema.omit({
  mapping: true,
  rows: true,
  audiences: true,
  consent: true,
  remarks: true,
}).meta({
  id: "ListedFeed",
  description: "A feed without what may be large of its settings: its own answer has all.",
});

export const FeedListSchema = z
  .object({
    feeds: z.array(ListedFeedSchema),
    unreadable: z
      .array(z.object({ feedId: FeedIdParam, problem: z.string() }))
      .optional()
      .meta({
        description:
          "Feeds whose stored form is none that this release knows, and what is wrong with them. Set them anew or delete them; until then their events may be held.",
      }),
  })
  .meta({ id: "FeedList" });

export type FeedSettings = z.output<typeof FeedSettingsSchema>;
export type FeedAnswer = z.output<typeof FeedAnswerSchema>;
export type ListedFeed = z.output<typeof ListedFeedSchema>;
export type FeedList = z.output<typeof FeedListSchema>;
export type StoredCredentials = z.output<typeof StoredCredentialsSchema>;
