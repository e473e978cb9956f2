/** The mappings that a feed has had, as the API gives them. */
import * as z from "zod";
import { MappingSchema } from "../core/mapping/mapping.schema.ts";
import { InstantSchema, NextCursorSchema } from "./common.schema.ts";
import { RemarksSchema } from "./remark.schema.ts";

/** Digits of a version in a path: a feed does not live to see more. */
export const MappingVersionParam = z
  .string()
  .regex(/^[1-9]\d{0,6}$/)
  .meta({ description: "Counts a feed's mappings from 1.", example: "3" });

const VERSION = z.int().min(1).meta({ description: "Counts a feed's mappings from 1.", example: 3 });
const SINCE = InstantSchema.optional().meta({ description: "When the feed got it." });

export const MappingVersionSchema = z
  .object({ version: VERSION, since: SINCE, isCurrent: z.boolean() })
  .meta({ id: "MappingVersion" });

export const MappingVersionPageSchema = z
  .object({ mappings: z.array(MappingVersionSchema), next: NextCursorSchema })
  .meta({ id: "MappingVersionPage", description: "Latest first." });

export const MappingVersionAnswerSchema = MappingVersionSchema.extend({
  mapping: MappingSchema,
  remarks: RemarksSchema,
}).meta({ id: "MappingVersionDocument" });
