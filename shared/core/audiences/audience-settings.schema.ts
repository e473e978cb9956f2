/** How a feed says at mParticle which audiences a user is in. */
import * as z from "zod";

const NameSchema = z.string().min(1).max(256);

export const AudienceSettingsSchema = z
  .strictObject({
    as: z.enum(["attribute_per_audience", "list"]).default("attribute_per_audience").meta({
      description: "A user attribute for each audience, or one that lists the user's audiences.",
    }),
    attribute: NameSchema.default("audiences").meta({ description: "Name of the list attribute." }),
    prefix: z.string().max(64).default("audience_").meta({
      description:
        "Of the attributes of single audiences, after the mapping's attributePrefix. A name that is too long with both is cut and gets a hash.",
    }),
    value: z.string().min(1).max(4096).default("true").meta({ description: "Of these attributes." }),
    known: z
      .array(NameSchema)
      .max(1000)
      .default([])
      .meta({ description: "Audiences that the action mirror takes a user out of, unless it names them." }),
  })
  .meta({ id: "AudienceSettings" });

export type AudienceSettings = z.output<typeof AudienceSettingsSchema>;
