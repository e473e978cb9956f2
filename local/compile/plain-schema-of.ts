import type { z } from "zod";
import type { PlainSchema } from "../../shared/core/plain-schema.ts";

type Definition = z.core.$ZodTypes["_zod"]["def"];
type Check = z.core.$ZodChecks["_zod"]["def"];

/**
 * Describes what a zod schema accepts before it fills in defaults.
 *
 * @throws when the schema uses something that would get lost: then this file has to learn it.
 */
export function plainSchemaOf(schema: z.core.$ZodType): PlainSchema {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if ("coerce" in def && def.coerce) throw new Error(`cannot compile the coercion to ${def.type}`);
  const limits = (def.checks ?? []).map((check) => limitSchema(check._zod.def as Check, def.type));
  const keywords = limits.flatMap(Object.keys);
  if (new Set(keywords).size < keywords.length)
    throw new Error(`cannot compile two limits of one kind to ${def.type}`);
  return {
    ...typeSchema(def),
    ...(isCheck(def) && limitSchema(def, def.type)),
    ...(Object.assign({}, ...limits) as PlainSchema),
  };
}

/** Formats such as `z.guid()` and `z.int()` are types and checks at once. */
function isCheck(def: object): def is Check {
  return "check" in def;
}

function typeSchema(def: Definition): PlainSchema {
  switch (def.type) {
    case "unknown":
      return {};
    case "string":
    case "number":
    case "boolean":
    case "null":
      return { type: [def.type] };
    case "literal":
      return { enum: def.values };
    case "enum":
      return { enum: Object.values(def.entries) };
    case "array":
      return { type: ["array"], items: plainSchemaOf(def.element) };
    case "record":
      return recordSchema(def);
    case "object":
      return objectSchema(def);
    case "union":
      return "discriminator" in def
        ? variantSchema(def as z.core.$ZodDiscriminatedUnionDef)
        : merged(def.options);
    case "nullable":
      return mergedWith(plainSchemaOf(def.innerType), { type: ["null"] });
    case "optional":
      return plainSchemaOf(def.innerType);
    case "default":
    case "prefault":
      return { ...plainSchemaOf(def.innerType), default: def.defaultValue };
    case "lazy":
      // What may hold itself is judged by the code that reads it: `shared/core/mapping`.
      return {};
    default:
      throw new Error(`cannot compile ${def.type}`);
  }
}

function recordSchema({ keyType, valueType }: z.core.$ZodRecordDef): PlainSchema {
  if (keyType._zod.def.type !== "string" || keyType._zod.def.checks)
    throw new Error("cannot compile a rule for keys");
  return { type: ["object"], additionalProperties: plainSchemaOf(valueType) };
}

function objectSchema({ shape, catchall }: z.core.$ZodObjectDef): PlainSchema {
  const fields = Object.entries(shape);
  return {
    type: ["object"],
    properties: Object.fromEntries(fields.map(([name, field]) => [name, plainSchemaOf(field)])),
    required: fields.filter(([, field]) => field._zod.optin === undefined).map(([name]) => name),
    ...(catchall && {
      additionalProperties: catchall._zod.def.type === "never" ? false : plainSchemaOf(catchall),
    }),
  };
}

/** The field that tells the variants apart is settled once a variant is chosen. A variant may have variants itself. */
function variantSchema({ options, discriminator: field }: z.core.$ZodDiscriminatedUnionDef): PlainSchema {
  const schemas = options.map(plainSchemaOf).flatMap((schema) => {
    const [values] = variantsOf(schema).map(({ properties }) => properties?.[field]?.enum ?? []);
    return (values ?? []).map((value) => [String(value), without(field, schema)]);
  });
  return { type: ["object"], variants: { field, schemas: Object.fromEntries(schemas) } };
}

function variantsOf(schema: PlainSchema): readonly PlainSchema[] {
  return schema.variants ? Object.values(schema.variants.schemas).flatMap(variantsOf) : [schema];
}

function without(field: string, schema: PlainSchema): PlainSchema {
  const { variants, properties, required = [] } = schema;
  if (!variants)
    return {
      ...schema,
      properties: { ...properties, [field]: {} },
      required: required.filter((name) => name !== field),
    };
  const inner = Object.entries(variants.schemas).map(([value, each]) => [value, without(field, each)]);
  return { ...schema, variants: { ...variants, schemas: Object.fromEntries(inner) } };
}

/** Alternatives of different types are one schema with a list of types. */
function merged(options: readonly z.core.$ZodType[]): PlainSchema {
  return options.map(plainSchemaOf).reduce(mergedWith);
}

function mergedWith(one: PlainSchema, other: PlainSchema): PlainSchema {
  const overlap = !one.type || !other.type || one.type.some((type) => other.type?.includes(type));
  if (overlap) throw new Error("cannot compile a union of overlapping or enumerated types");
  return { ...one, ...other, type: [...one.type, ...other.type] };
}

function limitSchema(check: Check, type: Definition["type"]): PlainSchema {
  switch (check.check) {
    case "min_length":
      return type === "array" ? { minItems: check.minimum } : { minLength: check.minimum };
    case "max_length":
      return type === "array" ? { maxItems: check.maximum } : { maxLength: check.maximum };
    case "string_format":
      if (check.pattern?.flags === "") return { format: check.format, pattern: check.pattern.source };
      break;
    case "number_format":
      if (check.format !== "safeint") break;
      return { type: ["integer"], minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
    case "multiple_of":
      if (check.value === 1) return { type: ["integer"] };
      break;
    case "greater_than":
      if (check.inclusive) return { minimum: Number(check.value) };
      break;
    case "less_than":
      if (check.inclusive) return { maximum: Number(check.value) };
      break;
  }
  throw new Error(`cannot compile the check ${check.check} of ${type}`);
}
