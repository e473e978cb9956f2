import * as z from "zod";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A document of a schema: its examples where it has some, else the least that it allows. */
export function exampleOf(schema: z.ZodType): unknown {
  const root = z.toJSONSchema(schema, { io: "output" });
  return exampleIn(root, root.$defs ?? {});
}

function exampleIn(schema: JsonSchema, defs: Readonly<Record<string, JsonSchema>>): unknown {
  if (schema.$ref !== undefined) return exampleIn(defs[schema.$ref.replace("#/$defs/", "")] ?? {}, defs);
  if (schema["example"] !== undefined) return schema["example"];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [
          name,
          exampleIn((schema.properties?.[name] ?? {}) as JsonSchema, defs),
        ]),
      );
    case "array":
      return [];
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "boolean":
      return true;
    default:
      return "text";
  }
}
