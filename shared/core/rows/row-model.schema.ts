/** Row models of a feed: what becomes of the rows of a warehouse, by the name that row messages carry. */
import * as z from "zod";
import { type Value, ValueSchema } from "../mapping/value.schema.ts";

export const ROW_EVENT_TYPES = ["user_attributes", "custom_event", "commerce_event", "screen_view"] as const;

export const ROW_SYNCS = ["insert", "upsert", "update", "mirror"] as const;

const SourceSchema: z.ZodType<Value | null, Value | null> = z
  .lazy(() => z.union([ValueSchema, z.null()]))
  .meta({
    description:
      "Where a field comes from; places begin at the row's columns. null: neither it nor a column of its name, in any case, is ever sent.",
  });

const ColumnSchema = z.string().min(1).max(256);

/** Left out means the default that is told; the code that compiles a model fills it in. */
export const RowModelSchema = z
  .strictObject({
    eventType: z.enum(ROW_EVENT_TYPES).meta({ description: "What a row becomes." }),
    sync: z.enum(ROW_SYNCS).optional().meta({
      description:
        "Of columns that are null. insert, upsert (the default): the attribute is left as it is. update: it is deleted. mirror: that, and mapped ones that the row lacks too. The latter two are for user_attributes.",
    }),
    fields: z
      .record(z.string(), SourceSchema)
      .optional()
      .meta({
        description:
          "Sources by field. A field that is not named here takes the column of its own name. Names that are no field of the event type are attributes.",
        example: { customer_id: "ID", plan: "SUBSCRIPTION_PLAN" },
      }),
    otherColumns: z
      .enum(["send", "drop"])
      .optional()
      .meta({ description: "Columns that no field takes. send (the default): as attributes." }),
    key: z
      .array(ColumnSchema)
      .min(1)
      .max(16)
      .optional()
      .meta({ description: "Columns that tell an event from all others. Absent: all of its columns." }),
    timestamp: SourceSchema.optional().meta({ description: "When it happened. Absent: the message's time." }),
    attributePrefix: z.string().max(64).optional().meta({ description: "Instead of the mapping's." }),
  })
  .meta({ id: "RowModel", description: "What becomes of the rows of a warehouse model." });

export type RowModel = z.output<typeof RowModelSchema>;
export type RowEventType = RowModel["eventType"];
