/**
 * Where a field of a batch comes from, as a mapping document says it: the JSON part of walkerOS's mapping values, and
 * conversions. This schema is for types and editors; `compile-value.ts` judges a value and names the very place.
 *
 * @see https://www.walkeros.io/docs/mapping
 */
import * as z from "zod";
import { PLAIN_CONVERSIONS } from "./convert-value.ts";

const PlainConversionSchema = z.enum(PLAIN_CONVERSIONS, {
  error: `must be one of ${PLAIN_CONVERSIONS.join(", ")} or {"join": text}`,
});
const JoinSchema = z.strictObject({ join: z.string().max(16) });
export const ConversionSchema = z.union([PlainConversionSchema, JoinSchema]).meta({
  id: "MappingConversion",
  description:
    "string, number, integer, boolean, lower, trim; epoch_ms: a date or time to epoch milliseconds; sha256: hexadecimal; join: a list to text.",
});

const ConstantSchema = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: "must be text, a number, true, false or null",
});

/** Where alternatives are none. */
const FORMS =
  "must be a place in the event, a list of values, or an object with key, value, map, loop or set";

/** A place in the event, dotted, list positions as `[0]` or `.0`; `$.` begins at the event inside of a loop too. */
export const PathSchema = z.string().min(1).max(512);

export const ValueObjectSchema = z.strictObject({
  key: PathSchema.optional().meta({ description: "The place to read." }),
  value: ConstantSchema.optional().meta({
    description: "A constant; beside `key`, what counts where it gives nothing, or blank text.",
  }),
  get map() {
    return z.record(z.string(), ValueSchema).optional().meta({ description: "An object of these fields." });
  },
  get loop() {
    return z
      .tuple([PathSchema, ValueSchema], {
        error: "must be a list of two: a place, and a value for each of its elements",
      })
      .optional()
      .meta({ description: "A list: the second for each element of the first, which is a place or `this`." });
  },
  get set() {
    return z.array(ValueSchema).optional().meta({ description: "A list of what these give." });
  },
  convert: z
    .union([ConversionSchema, z.array(ConversionSchema).max(8)], {
      error: "must be a conversion or a list of them",
    })
    .optional()
    .meta({ description: "Changes what was found, one after the other." }),
});

export type Conversion = z.infer<typeof ConversionSchema>;
export type Constant = z.infer<typeof ConstantSchema>;

export interface ValueObject {
  key?: string | undefined;
  value?: Constant | undefined;
  map?: Record<string, Value> | undefined;
  loop?: [string, Value] | undefined;
  set?: Value[] | undefined;
  convert?: Conversion | Conversion[] | undefined;
}

/** A place, the first of several values that gives something, or one of the objects above. */
export type Value = string | Value[] | ValueObject;

export const ValueSchema: z.ZodType<Value, Value> = z
  .lazy(() => z.union([PathSchema, z.array(ValueSchema).min(1), ValueObjectSchema], { error: FORMS }))
  .meta({
    id: "MappingValue",
    description:
      "Where a value comes from: a place in the event, a list of which the first that gives something counts, blank text only where no other does, or an object.",
    example: { key: "properties.total", convert: "number" },
  });
