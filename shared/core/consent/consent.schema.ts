/** What a feed says of its users' consent. */
import * as z from "zod";
import { PathSchema, ValueSchema } from "../mapping/value.schema.ts";

/** Categories that one feed may ask for; filtered events are counted by their names. */
export const MAX_CATEGORIES = 50;

const purpose = {
  consented: ValueSchema.meta({ description: "true or false, also as text." }),
  timestamp: ValueSchema.optional().meta({ description: "When it was said. Absent: the event's time." }),
  document: ValueSchema.optional(),
  location: ValueSchema.optional(),
  hardware_id: ValueSchema.optional(),
};

export const ConsentStateMappingSchema = z
  .strictObject({
    gdpr: z
      .record(z.string(), z.strictObject(purpose))
      .optional()
      .meta({ description: "By purpose, as the customer has defined it in mParticle." }),
    ccpa: z
      .strictObject({
        data_sale_opt_out: z.strictObject({
          ...purpose,
          inverted: z.boolean().default(true).meta({
            description:
              "mParticle's true means that the user opted out of the sale of data. true: `consented` gives the consent to it, and its opposite is sent. false: it gives the opting out.",
          }),
        }),
      })
      .optional(),
  })
  .meta({
    id: "ConsentStateMapping",
    description:
      "Where the consent state of a custom feed's batches comes from. A partner feed cannot set any.",
  });

export const ConsentSchema = z.strictObject({
  required: z.array(z.string().min(1).max(256)).max(MAX_CATEGORIES).default([]).meta({
    description:
      "Categories that an event must carry as true, else it is filtered. A row may say so as rows do, such as t or 1, in columns whose names match in any case. Leaving an audience (`remove`) needs no consent: of who leaves without, only that is sent. Where a feed keeps audiences in one list, leaving is a `mirror`, which needs it.",
  }),
  path: PathSchema.default("context.consent.categoryPreferences").meta({
    description:
      "The place in an event of the object that holds the required categories. Of rows: values, for columns of their names.",
  }),
  state: ConsentStateMappingSchema.optional(),
});

export type Consent = z.infer<typeof ConsentSchema>;
