/**
 * The message contract, version 1: what a partner platform puts on the ingest queue.
 *
 * These schemas are the single source of the TypeScript types, of the published JSON Schema (`npm run message-schema`)
 * and of the validators that the Lambda function runs, which are compiled ahead of time (`local/compile.ts`): zod
 * itself is never on the function's import path.
 */
import * as z from "zod";

/** Only what the connector reads is constrained; a sender's extra keys never block delivery. */
const open = <Shape extends z.ZodRawShape>(shape: Shape) => z.looseObject(shape);

export const TenantIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/)
  .meta({ id: "TenantId", description: "The partner's customer. Also the SQS MessageGroupId." });

export const FeedIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/)
  .meta({ id: "FeedId", description: "One of the tenant's mParticle feeds." });

export const ModeSchema = z.enum(["auto", "live", "historical"]).meta({
  id: "Mode",
  description:
    "auto (the default): by age. live: never historical. historical: every event older than 72 hours goes to the " +
    "historical path.",
});

export const MessageSchema = open({
  version: z.literal(1).meta({ description: "Version of this contract." }),
  tenantId: TenantIdSchema,
  feedId: FeedIdSchema.optional().meta({
    description:
      "One of the tenant's mParticle feeds. Absent: the feed of the event's platform, else `default`.",
  }),
  mode: ModeSchema.optional(),
  // Each event is checked by itself, so that one bad event never costs its neighbours.
  events: z.array(z.unknown()).min(1),
}).meta({ id: "Message", title: "Partner feed message, version 1" });

const text = (description: string) => z.string().nullish().meta({ description });
const id = (description: string) => z.union([z.string(), z.number()]).nullish().meta({ description });
/** PHP writes an object without members as an empty list. */
const emptyList = z.array(z.unknown()).max(0);
const bag = (description: string) =>
  z
    .union([z.record(z.string(), z.unknown()), emptyList])
    .nullish()
    .meta({ description });

const messageId = id(
  "Identifies the event: the same one whenever this event is sent again. Absent: a hash of the event's content.",
);
const timestamp = id(
  "When it happened: ISO 8601 or epoch milliseconds; epoch seconds (10 digits) are recognised. Absent: originalTimestamp, " +
    "sentAt, receivedAt, else the time at which the queue took the message.",
);
const otherTimestamp = id("ISO 8601 or epoch milliseconds; epoch seconds (10 digits) are recognised.");
const integrations = bag(
  'Where the event may go. {"mParticle": false}, or {"All": false} without "mParticle": the event is filtered.',
);
const traits = bag(
  "What is known of the user, by name: email, phone, firstName, lastName, address and any other. Scalars, lists of " +
    "scalars, objects.",
);
const properties = bag("What is known of the event, named as in the Segment spec. Scalars, lists, objects.");

const named = {
  messageId,
  timestamp,
  userId: id("The customer's own id of the user; mParticle's customer_id."),
  anonymousId: id("Id of a user or device that is not known yet."),
  partnerUserId: id("This platform's own id of the user."),
  context: bag(
    "As in the Segment spec: app, device, os, ip, userAgent, locale, page, campaign, consent, traits.",
  ),
  integrations,
};

const common = {
  ...named,
  originalTimestamp: otherTimestamp,
  sentAt: otherTimestamp,
  receivedAt: otherTimestamp,
};

export const TrackSchema = open({
  type: z.literal("track"),
  ...common,
  event: z.string().min(1).meta({
    description:
      'What the user did, such as "Order Completed". No ids in it: a workspace takes 1000 different names.',
  }),
  properties,
  traits,
}).meta({ title: "track", description: "Something that a user did." });
export const IdentifySchema = open({ type: z.literal("identify"), ...common, traits }).meta({
  title: "identify",
  description: "Who a user is: identities and attributes.",
});
export const PageSchema = open({
  type: z.literal("page"),
  ...common,
  name: text("The page's name; used where properties has no title."),
  category: text("The page's category, put before its name."),
  properties,
  traits,
}).meta({ title: "page", description: "A web page that a user saw." });
export const ScreenSchema = open({
  type: z.literal("screen"),
  ...common,
  name: text("The screen's name."),
  category: text("The screen's category."),
  properties,
  traits,
}).meta({ title: "screen", description: "A screen of an app that a user saw." });
export const GroupSchema = open({
  type: z.literal("group"),
  ...common,
  groupId: id("The company, household or other group."),
  traits: bag("What is known of the group, by name."),
}).meta({ title: "group", description: "The group that a user belongs to." });
export const AliasSchema = open({
  type: z.literal("alias"),
  ...common,
  previousId: id("The anonymous id that the user had before."),
}).meta({ title: "alias", description: "One user known by two ids." });
export const BatchMessageSchema = open({
  type: z.literal("batch"),
  messageId,
  timestamp,
  integrations,
  batch: z
    .record(z.string(), z.unknown())
    .meta({ description: "Checked against mParticle's schema and limits." }),
}).meta({ title: "batch", description: "A batch in mParticle's own format." });

const audienceName = z.string().min(1).max(256);

export const RowSchema = open({
  type: z.literal("row"),
  ...named,
  model: z.string().min(1).max(64).meta({ description: "Name of a row model of the feed." }),
  values: z
    .record(z.string(), z.unknown())
    .meta({ description: "The row: values by column, as the warehouse gives them." }),
  position: id(
    "Place of the row in its table or file, the same whenever it is sent again. Without messageId, it tells a user's row from an " +
      "equal one of the same time: a value that comes back is no repetition.",
  ),
}).meta({ title: "row", description: "A row of a warehouse, which the feed's row model reads." });

const audienceCommon = { type: z.literal("audience"), ...named, traits };

export const AudienceChangeSchema = open({
  ...audienceCommon,
  action: z.enum(["add", "upsert", "remove"]).meta({ description: "upsert: as add." }),
  audience: audienceName.meta({ description: "Name of the audience." }),
}).meta({ title: "audience", description: "A user comes into an audience, or leaves it." });
export const AudienceMirrorSchema = open({
  ...audienceCommon,
  action: z
    .literal("mirror")
    .meta({ description: "The user is in these audiences, and in no other that the feed knows." }),
  audiences: z.array(audienceName).max(1000).meta({ description: "Names of all audiences of the user." }),
}).meta({ title: "audience mirror", description: "All audiences of a user." });

export const EventSchema = z
  .discriminatedUnion("type", [
    TrackSchema,
    IdentifySchema,
    PageSchema,
    ScreenSchema,
    GroupSchema,
    AliasSchema,
    BatchMessageSchema,
    RowSchema,
    z.discriminatedUnion("action", [AudienceChangeSchema, AudienceMirrorSchema]),
  ])
  .meta({ id: "Event", description: "One thing that happened, told apart by its type." });

/**
 * A built bulk request that the connector puts back on its own queue when it cannot know, or must not change, what
 * mParticle already took: the same batches with the same ids, as text, so that the bytes sent are the same again.
 */
export const FrozenMessageSchema = z
  .looseObject({
    version: z.literal(1),
    tenantId: TenantIdSchema,
    feedId: FeedIdSchema,
    frozen: z.object({
      route: z.enum(["live", "historical"]),
      batches: z
        .array(
          z.object({
            body: z.string().min(2),
            /** Source events whose ending this batch decides, by the hour (`2026-11-24T03`) in which they were sent. */
            hours: z.record(z.string(), z.int().min(0)),
          }),
        )
        .min(1),
    }),
  })
  .meta({ id: "FrozenMessage" });

/** The last millisecond of the year 9999: beyond it a date is not written with four digits. */
const MAX_TIME_MS = 253_402_300_799_999;

/**
 * What the connector itself adds to a message that it puts back on the queue from the bucket. Not part of the published
 * contract: of another shape, it is one of the extra keys that are ignored.
 */
export const RequeuedSchema = z.object({
  /** When the queue took the message that first carried each event, epoch milliseconds; as many as `events`. */
  sentAtMs: z.array(z.int().min(0).max(MAX_TIME_MS)).min(1),
  /** False: no feed's ledger has these events as received yet, since it was unknown whose they are. */
  counted: z.boolean(),
});

/** The contract as published: a message whose events are all of a known kind. */
export const PublishedMessageSchema = MessageSchema.extend({
  events: z.array(EventSchema).min(1),
}).meta({
  id: "PublishedMessage",
  title: "Partner feed message, version 1",
  description:
    "Body of one SQS message: at most 1 MiB (1048576 bytes) of UTF-8 JSON, sent with tenantId as the MessageGroupId. " +
    "Keys beyond those named here are ignored.",
});

/** `requeued` is present only when it is of its shape and belongs to these events. */
export type Message = z.infer<typeof MessageSchema> & { readonly requeued?: Requeued | undefined };
export type Requeued = z.infer<typeof RequeuedSchema>;
export type Mode = z.infer<typeof ModeSchema>;
export type PartnerEvent = z.infer<typeof EventSchema>;
export type SegmentEvent = Exclude<PartnerEvent, { type: "batch" | "row" | "audience" }>;
export type TrackEvent = z.infer<typeof TrackSchema>;
export type IdentifyEvent = z.infer<typeof IdentifySchema>;
export type PageEvent = z.infer<typeof PageSchema>;
export type ScreenEvent = z.infer<typeof ScreenSchema>;
export type GroupEvent = z.infer<typeof GroupSchema>;
export type AliasEvent = z.infer<typeof AliasSchema>;
export type RowEvent = z.infer<typeof RowSchema>;
export type AudienceEvent = z.infer<typeof AudienceChangeSchema> | z.infer<typeof AudienceMirrorSchema>;
export type BatchMessageEvent = z.infer<typeof BatchMessageSchema>;
export type FrozenMessage = z.infer<typeof FrozenMessageSchema>;
