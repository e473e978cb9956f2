/**
 * The mapping document of a feed, version 1: how its events become batches, as data. What a document does not say is as
 * in its preset, and as the Segment spec has it.
 */

import * as z from "zod";
import { ApplicationInfoSchema, DeviceInfoSchema } from "../batch/device.schema.ts";
import { CUSTOM_EVENT_TYPES, IDENTITY_TYPES, PRODUCT_ACTIONS } from "../batch/names.ts";
import { optionalFields } from "../batch/values.schema.ts";
import { type Value, type ValueObject, ValueObjectSchema, ValueSchema } from "./value.schema.ts";

/** Most rules of a document: a workspace takes 1,000 names of events. */
export const MAX_RULES = 500;

/** Most names of a list or fields of a section. */
const MAX_NAMES = 500;

export const PRESETS = ["segment", "datafly", "walkeros"] as const;

const NameSchema = z.string().min(1).max(256);

/** Null: the field is never sent. */
const SourceSchema: z.ZodType<Value | null, Value | null> = z
  .lazy(() => z.union([ValueSchema, z.null()]))
  .meta({ id: "MappingSource", description: "Where a field comes from. null: it is never sent." });
const Source = SourceSchema.optional();

const REST =
  "`*` is where what is not named comes from. Absent: from where the Segment spec has it. null: from nowhere.";

/** Of fields that mParticle names itself, which take scalars only: their rest is all or nothing. */
const section = <const Name extends string>(names: readonly Name[]) =>
  z
    .strictObject({ ...optionalFields(names, SourceSchema), "*": z.null().optional() })
    .meta({ description: REST });

/** Of names of the customer's choice. */
const AttributesSchema = z.record(z.string(), SourceSchema).meta({
  description: `${REST} A value: from the fields of the object that it gives.`,
});

const DEVICE_FIELDS = Object.keys(DeviceInfoSchema.shape) as (keyof typeof DeviceInfoSchema.shape)[];
const APPLICATION_FIELDS = (
  Object.keys(ApplicationInfoSchema.shape) as (keyof typeof ApplicationInfoSchema.shape)[]
).filter((name) => name !== "apple_search_ads_attributes");

/** What may stand for all events and, laid over that field by field, for those of a rule. */
const sections = {
  userIdentities: section(IDENTITY_TYPES).optional(),
  userAttributes: AttributesSchema.optional(),
  customAttributes: AttributesSchema.optional(),
  deviceInfo: section(DEVICE_FIELDS).optional(),
  applicationInfo: section(APPLICATION_FIELDS).optional(),
  ip: Source,
  sourceRequestId: Source.meta({
    description:
      "mParticle takes an id once, so each event should have its own. Events of one user with one id share a batch; where several batches of one invocation would have it, each gets more behind it. Absent: made by the connector.",
  }),
};

const ScalarSchema = z.union([z.string(), z.number(), z.boolean()], {
  error: "must be text, a number, true or false",
});

export interface Condition {
  key?: string | undefined;
  equals?: string | number | boolean | undefined;
  oneOf?: (string | number | boolean)[] | undefined;
  exists?: boolean | undefined;
  above?: number | undefined;
  below?: number | undefined;
  startsWith?: string | undefined;
  contains?: string | undefined;
  anyOf?: Condition[] | undefined;
  not?: Condition | undefined;
}

/** All that a condition says must hold. */
export const ConditionSchema: z.ZodType<Condition, Condition> = z
  .lazy(() =>
    z.strictObject({
      key: z.string().min(1).max(512).optional(),
      equals: ScalarSchema.optional(),
      oneOf: z.array(ScalarSchema).min(1).max(MAX_NAMES).optional(),
      exists: z.boolean().optional(),
      above: z.number().optional(),
      below: z.number().optional(),
      startsWith: z.string().min(1).optional(),
      contains: z.string().min(1).optional(),
      anyOf: z.array(ConditionSchema).min(1).max(MAX_NAMES).optional(),
      not: ConditionSchema.optional(),
    }),
  )
  .meta({
    id: "MappingCondition",
    description: "`key` is a place in the event, and the others what stands there.",
  });

export const RULE_TYPES = ["track", "identify", "page", "screen", "group", "alias", "any"] as const;

export const EVENT_TYPES = [
  "custom_event",
  "screen_view",
  "commerce_event",
  "application_state_transition",
  "uninstall",
  "crash_report",
  "push_message",
  "profile",
] as const;

const PatternSchema = z.strictObject({ prefix: NameSchema.optional(), pattern: NameSchema.optional() });

/** A fixed name, or an object that gives one. */
const NameSourceSchema: z.ZodType<string | ValueObject, string | ValueObject> = z.lazy(() =>
  z.union([NameSchema, ValueObjectSchema], { error: "must be text, or an object that gives some" }),
);

export const RuleSchema = z
  .strictObject({
    event: z
      .union([NameSchema, PatternSchema], { error: "must be a name, or an object with prefix or pattern" })
      .optional()
      .meta({
        description:
          "The event's name, whatever its case, or its beginning (`prefix`), or a pattern of which `*` is any text and `?` any character. Absent: every event of the type.",
      }),
    type: z.enum(RULE_TYPES).optional().meta({ description: "Absent: track." }),
    when: z.array(ConditionSchema).max(50).optional().meta({ description: "All must hold." }),
    label: z.string().max(256).optional().meta({ description: "For people: preview names the rule by it." }),
    ignore: z.boolean().optional().meta({ description: "The event is not sent." }),
    as: NameSchema.optional().meta({
      description: "Read as the Segment spec's event of this name.",
      example: "Order Completed",
    }),
    eventType: z.enum(EVENT_TYPES).optional().meta({
      description: "profile: identities and attributes only. Absent: as the Segment spec has the call.",
    }),
    name: NameSourceSchema.optional().meta({
      description: "Of the event or screen. Absent: the event's own.",
    }),
    customEventType: z.enum(CUSTOM_EVENT_TYPES).optional(),
    activityType: Source,
    action: z.enum(PRODUCT_ACTIONS).optional().meta({
      description: "Of a commerce event: its fields and products are read as the Segment spec has them.",
    }),
    promotion: z.enum(["view", "click"]).optional(),
    impression: z.boolean().optional(),
    requires: z.enum(["product", "product_or_order", "nothing"]).optional().meta({
      description: "What `action` cannot do without: lacking it, the event is sent as a custom event.",
    }),
    checkoutStep: z
      .boolean()
      .optional()
      .meta({ description: "Reads `step` and the payment and shipping methods." }),
    commerce: Source.meta({
      description: "Gives an object of a commerce event's fields, laid over what `action` and the like read.",
    }),
    transition: z
      .enum([
        "application_initialized",
        "application_exit",
        "application_background",
        "application_foreground",
      ])
      .optional(),
    firstRun: z.boolean().optional(),
    upgrade: z.boolean().optional(),
    push: z.enum(["received", "action"]).optional(),
    ...sections,
  })
  .meta({ id: "MappingRule" });

const NamesSchema = z.array(NameSchema).max(MAX_NAMES);

export const MappingSchema = z.strictObject({
  $schema: z.string().max(512).optional().meta({ description: "For editors." }),
  version: z.literal(1).default(1),
  preset: z.enum(PRESETS).default("segment").meta({
    description:
      "What this document is laid over. datafly: only the events of that product's table are sent. walkeros: nothing but what the document says.",
  }),
  unmapped: z
    .enum(["custom_event", "drop", "reject"])
    .optional()
    .meta({ description: "A track event that no rule names. Absent: as in the preset." }),
  attributePrefix: z.string().max(64).default("").meta({
    description:
      "Put before the name of every custom user attribute, so that it cannot meet another source's.",
  }),
  nullTraits: z.enum(["ignore", "delete"]).default("ignore").meta({
    description: "A trait that is null. delete: mParticle forgets the attribute.",
  }),
  email: z.enum(["raw", "hashed", "omitted"]).default("raw").meta({
    description:
      "hashed: no identity, but the user attribute email_sha256, of the address in lower case. Holds for batches in mParticle's own format too.",
  }),
  lowerCaseEmail: z.boolean().default(false),
  phoneAsIdentity: z.boolean().default(false).meta({
    description:
      "Sends `traits.phone` as the identity mobile_number too. A shared number would merge people.",
  }),
  productTotals: z
    .boolean()
    .optional()
    .meta({ description: "Adds price times quantity to each product. Absent: true." }),
  allowUserAttributes: NamesSchema.default([]).meta({
    description:
      "Only these attributes of users are set or deleted, if any are named; `*` at the end is any rest. Names are without the prefix. Holds for calls, rows and batches in mParticle's own format; audiences are told all the same.",
  }),
  denyUserAttributes: NamesSchema.default([]).meta({
    description: "Attributes of users that are neither set nor deleted, allowed or not; where, as there.",
  }),
  allowCustomAttributes: NamesSchema.default([]).meta({
    description:
      "Only these attributes of events are sent, if any are named. The events themselves are sent all the same, and so are the attributes of their products.",
  }),
  denyCustomAttributes: NamesSchema.default([]).meta({
    description: "Attributes of events that are not sent, allowed or not.",
  }),
  ...sections,
  rules: z.array(RuleSchema).max(MAX_RULES).default([]).meta({
    description: "The first that names an event counts, before those of the preset.",
  }),
});

/** A document as people write it: what is left out takes its default. */
export type MappingDocument = z.input<typeof MappingSchema>;
export type Mapping = z.output<typeof MappingSchema>;
export type RuleDocument = z.input<typeof RuleSchema>;
export type SectionName = keyof typeof sections;
